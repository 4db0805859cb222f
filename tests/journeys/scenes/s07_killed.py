"""7. The backend is killed while it works: it is started again and goes on. When it cannot, the window says so and a
button starts it. A worker that runs out of memory, or dies, fails its own box only, and says what to do."""

import os
import signal

from .. import addon, window


def play(record):
    folder = addon.real()
    yield from killed(record, folder)
    yield from addon.leave()
    yield from faults(record)


def killed(record, folder):
    yield from window.new_file()
    for n in range(4):
        addon.add("Stool", (n * 0.8, 0, 0))
    yield from window.click("greybox.generate")
    yield from window.until(lambda: addon.session().book.newest(1)[0].finished_stages, 90, "the first stage")
    read = addon.part("launcher").read_endpoint
    first = read(folder)
    os.kill(first.pid, signal.SIGKILL)
    yield from window.until(lambda: not addon.session().online, 10, "the window notices")
    yield from window.look("s07_killed")
    yield from window.until(lambda: addon.session().online, 30, "it is started again")
    record.check(read(folder).session != first.session, "another backend")
    yield from window.until(lambda: not addon.session().busy, 180, "the job goes on to its end")
    record.check(len(addon.results()) == 4, addon.session().message)


def faults(record):
    yield from addon.faulty()
    yield from window.new_file()
    addon.add("Stool", prompt="a stool")
    addon.add("Sofa", (2, 0, 0), prompt="oom")
    addon.add("Bench", (0, 2, 0), prompt="crash")
    yield from window.click("greybox.generate")
    yield from window.until(lambda: addon.session() and addon.session().book.jobs, 10, "a job")
    job = addon.session().book.newest(1)[0]
    yield from window.until(lambda: job.ended and not addon.session().busy, 90, "the job ends")
    failed = {row.error for row in job.boxes.values() if row.error}
    record.check(job.state == "failed" and len(failed) == 2, f"two boxes failed: {failed}")
    record.check(len(addon.results()) == 1, "the other one is there")
    record.check(all(row.remedy for row in job.boxes.values() if row.error), "each failure says what to do")
    yield from window.find("greybox.retry_job")
    yield from window.hover(window.middle())
    yield from window.look("s07_faults")
    record.compare("s07_faults", window.sidebar_part())
