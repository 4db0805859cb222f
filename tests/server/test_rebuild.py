"""backend/server/rebuild.py: a lost journal costs no result."""

import msgspec

from backend.protocol.messages import JobRequest
from backend.server.journal import FILE
from tests.client import box, job
from tests.server.histories import Office


def lose_the_journal(office):
    office.journal.close()
    for name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
        (office.folder / name).unlink(missing_ok=True)
    (office.folder / FILE).write_bytes(b"no database at all" * 1000)
    office.open()


def test_finished_jobs_are_offered_again_and_the_rest_can_be_taken_up(tmp_path):
    office = Office(tmp_path)
    for name in ("whole", "half", "new"):
        office.jobs.submit(job(name, box("a", name)), {"image/a": memoryview(b"picture")})
    for key in ("mesh/a", "material/a", "placement/a"):
        office.work("whole", key)
    office.work("half", "mesh/a")
    before = office.journal.summaries(("whole",), 1)[0].artifacts
    lose_the_journal(office)
    assert "damaged" in office.journal.notice
    assert [office.state(name) for name in ("whole", "half", "new")] == ["done", "cancelled", "cancelled"]
    assert office.journal.summaries(("whole",), 1)[0].artifacts == before and office.store.has(before)
    office.jobs.retry("half")
    assert office.waiting() == ["half:material/a"]
    assert office.jobs.submit(job("whole", box("a", "whole")), {"image/a": memoryview(b"picture")}) == ("done", ())


def test_a_folder_that_cannot_be_read_is_passed_over(tmp_path):
    office = Office(tmp_path)
    for name in ("good", "broken", "empty", "strange"):
        office.jobs.submit(job(name, box("a", name)), {})
    jobs = tmp_path / "jobs"
    (jobs / "broken/request.msgpack").write_bytes(b"\xc1")
    (jobs / "empty/request.msgpack").unlink()
    strange = msgspec.structs.replace(job("strange"), boxes=("ghost",))
    (jobs / "strange/request.msgpack").write_bytes(msgspec.msgpack.encode(strange))
    lose_the_journal(office)
    assert {summary.job for summary in office.journal.summaries((), 9)} == {"good"}
    assert msgspec.msgpack.decode((jobs / "good/request.msgpack").read_bytes(), type=JobRequest).id == "good"
