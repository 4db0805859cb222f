"""backend/server/supervisor.py: histories of a worker, told with a clock that is moved by hand."""

import pytest

from backend.protocol.errors import WorkerLost, WorkerStalled
from backend.protocol.stages import StageTask
from backend.protocol.work import Beat, Done, Failed, Ready, Run, Slow, Step, Stop
from backend.server.supervisor import Limits, Supervisor
from tests.fake_backend import FakeClock, FakeProcess

TASK = StageTask("mesh", "chair", "draft")
LIMITS = Limits(start=120, beat=5, stop=0.9, quiet=600, restarts=3, window=60)


class Story:
    def __init__(self):
        self.clock = FakeClock()
        self.processes: list[FakeProcess] = []
        self.worker = Supervisor(0, "generate", "cpu", self._spawn, self.clock, LIMITS)

    def _spawn(self, epoch):
        self.processes.append(FakeProcess(pid=100 + epoch, words="Segmentation fault"))
        return self.processes[-1]

    @property
    def process(self):
        return self.processes[-1]

    def says(self, message, epoch=None):
        return self.worker.received(epoch or self.worker.epoch, message)

    def ready(self):
        self.worker.start()
        self.says(Ready(pid=self.process.pid))
        return self

    def busy(self, ticket=1):
        self.ready().worker.assign(Run(ticket=ticket, task=TASK, folder="/f", output="/o"))
        return self

    def after(self, seconds):
        self.clock.now += seconds
        return self.worker.tick()

    def dies(self, code=-11):
        return self.worker.ended(self.worker.epoch, code)


def done(ticket=1):
    return Done(ticket=ticket, seconds=1.0, outputs=(), notes=(), loaded=("draft",))


def test_a_stage_from_start_to_end():
    story = Story()
    assert story.worker.state == "off"
    story.worker.start()
    assert story.worker.state == "starting"
    story.busy()
    assert story.worker.state == "busy" and isinstance(story.process.sent[-1], Run)
    step = Step(ticket=1, step=1, of=2, text="")
    assert story.says(step) == step and story.says(done()) == done()
    assert story.worker.state == "idle" and story.worker.view().loaded == {"draft"} and len(story.processes) == 1


def test_a_worker_that_dies_is_noticed_and_replaced():
    story = Story().busy()
    lost = story.dies(-11)
    assert isinstance(lost.error, WorkerLost) and lost.run.ticket == 1 and not lost.cancelled
    assert "SIGSEGV" in lost.error.message and "Mesh of 'chair'" in lost.error.message and lost.error.remedy
    assert story.worker.state == "off"
    story.ready()
    assert story.worker.state == "idle" and story.worker.epoch == 2 and story.worker.restarts == 1


def test_a_worker_that_the_system_killed_is_told_apart():
    assert "memory" in Story().busy().dies(-9).error.message


def test_a_server_that_was_held_up_does_not_blame_its_worker():
    story = Story().busy()
    story.clock.now += 30
    story.worker.forgive(30)
    assert story.worker.tick() is None
    assert story.after(4.9) is None and story.after(0.2) is not None


def test_a_worker_that_is_silent_is_ended():
    story = Story().busy()
    assert story.after(4.9) is None
    story.says(Beat(quiet=4.9))
    assert story.after(4.9) is None
    lost = story.after(0.2)
    assert isinstance(lost.error, WorkerStalled) and "no sign of life for 5 s" in lost.error.message
    assert story.process.killed


def test_a_slow_time_that_was_announced_is_waited_for():
    story = Story().busy()
    story.says(Slow(ticket=1, seconds=60))
    story.says(Step(ticket=1, step=0, of=1, text="Loading"))
    assert story.after(59) is None
    assert story.after(1.1) is not None


def test_a_stage_that_beats_and_does_nothing_hangs():
    story = Story().busy()
    story.says(Beat(quiet=599))
    assert story.after(0) is None
    story.says(Beat(quiet=600))
    assert "reported nothing for 600 s during Mesh of 'chair'" in story.after(0).error.message


def test_a_stage_that_said_it_is_slow_does_not_hang_yet():
    story = Story().busy()
    story.says(Slow(ticket=1, seconds=60))
    story.says(Beat(quiet=600))
    assert story.after(59) is None
    story.says(Beat(quiet=659))
    assert story.after(1) is not None


def test_a_worker_may_take_its_time_to_get_ready_but_not_forever():
    story = Story()
    story.worker.start()
    assert story.after(119) is None
    assert "did not get ready for 120 s" in story.after(1).error.message


def test_a_cancel_is_sent_at_once_and_obeyed():
    story = Story().busy()
    story.worker.cancel(1)
    assert story.process.sent[-1] == Stop(ticket=1)
    story.clock.now += 0.5
    assert isinstance(story.says(Failed(ticket=1, code="cancelled", message="Cancelled")), Failed)
    assert story.after(10.0) is not None or story.worker.state == "idle"


def test_a_cancel_that_is_not_obeyed_ends_the_worker_and_is_nobodys_fault():
    story = Story().busy()
    story.worker.cancel(1)
    story.worker.cancel(1)
    assert len(story.process.sent) == 2
    assert story.after(0.8) is None
    lost = story.after(0.2)
    assert lost.cancelled and story.process.killed and story.worker.state == "off"
    for _ in range(5):
        story.busy().worker.cancel(1)
        assert story.after(1).cancelled
    assert story.worker.state == "off"


def test_a_cancel_of_another_ticket_is_ignored():
    story = Story().busy(ticket=2)
    story.worker.cancel(1)
    assert story.after(2) is None and story.worker.state == "busy"


def test_what_an_older_process_or_ticket_says_is_dropped():
    story = Story().busy(ticket=1)
    story.dies()
    story.busy(ticket=2)
    assert story.says(done(1), epoch=1) is None
    assert story.says(done(1)) is None
    assert story.worker.ended(1, -9) is None
    assert story.worker.state == "busy" and story.says(done(2)) == done(2)


def test_an_older_process_neither_readies_nor_keeps_alive_a_newer_one():
    story = Story().busy()
    story.dies()
    story.worker.start()
    story.says(Ready(pid=101), epoch=1)
    assert story.worker.state == "starting"
    story.says(Ready(pid=102))
    story.clock.now += 4.9
    story.says(Beat(quiet=0), epoch=1)
    assert story.after(0.2) is not None


def test_a_worker_that_dies_at_its_start_is_given_up_after_three_restarts():
    story = Story()
    for _ in range(4):
        story.worker.start()
        story.clock.now += 1
        story.dies(1)
    assert len(story.processes) == 4 and story.worker.state == "broken"
    story.worker.start()
    assert len(story.processes) == 4
    why = story.worker.why_broken()
    assert "4 times within 60 s" in why.message and "Segmentation fault" in why.message and "Retry" in why.remedy


def test_a_process_that_the_system_refuses_is_given_up_too():
    def refuse(epoch):
        raise OSError(12, "Cannot allocate memory")

    worker = Supervisor(0, "generate", "cpu", refuse, FakeClock(), LIMITS)
    worker.start()
    assert worker.state == "broken" and worker.tick() is None
    assert "Cannot allocate memory" in worker.why_broken().message


def test_it_may_try_again_when_the_minute_is_over():
    story = Story()
    for _ in range(4):
        story.worker.start()
        story.dies(1)
    assert story.after(59) is None and story.worker.state == "broken"
    assert story.after(2) is None and story.worker.state == "off"


def test_a_gpu_that_failed_is_told_apart():
    lost = Story().busy().dies(70)
    assert "The GPU failed during Mesh of 'chair'" in lost.error.message and "driver" in lost.error.remedy


def test_the_users_retry_wakes_it():
    story = Story()
    for _ in range(4):
        story.worker.start()
        story.dies(1)
    story.worker.wake()
    story.ready()
    assert story.worker.state == "idle"


def test_a_worker_that_got_something_done_rests_instead():
    story = Story()
    for ticket in range(1, 5):
        story.busy(ticket)
        story.says(done(ticket))
        story.worker.assign(Run(ticket=ticket + 10, task=TASK, folder="", output=""))
        story.clock.now += 1
        story.dies()
    assert story.worker.state == "resting"
    story.clock.now += 50
    story.worker.start()
    assert story.worker.state == "resting" and len(story.processes) == 4
    story.clock.now += 10
    story.worker.start()
    assert story.worker.state == "starting" and len(story.processes) == 5


def test_losses_far_apart_are_no_crash_loop():
    story = Story()
    for _ in range(20):
        story.busy()
        story.clock.now += 21
        story.says(Beat(quiet=0))
        story.dies()
    assert story.worker.state == "off"


@pytest.mark.parametrize("code", [0, 1, -11, -9, None])
def test_every_end_has_words_and_a_remedy(code):
    lost = Story().busy().dies(code)
    assert lost.error.message.endswith(".") and lost.error.remedy
