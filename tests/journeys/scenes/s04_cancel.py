"""4. Cancel in the middle: the backend says so at once, what is finished is kept and stands in its box."""

import time

from .. import addon, window


def play(record):
    yield from addon.faulty()
    yield from window.new_file()
    addon.add("Stool", prompt="a stool")
    for n in range(8):  # five seconds each: time to find the button
        addon.add("Stool", (n * 0.6, 2, 0), prompt="slow stool")
    button = yield from window.click("greybox.generate")
    yield from window.until(lambda: addon.results(), 60, "the first asset")
    job = addon.session().book.newest(1)[0]
    yield from window.click("greybox.cancel_job", edge=True, below=button)
    begin = time.monotonic()
    yield from window.until(lambda: job.ended, 5, "the job is cancelled")
    record.figure("cancelled after", f"{time.monotonic() - begin + window.DRAWN:.2f} s")
    record.check(job.state == "cancelled", job.state)
    yield from window.until(lambda: not addon.session().busy, 10, "nothing is under way")
    kept = [result.parent.name for result in addon.results()]
    ready = [box.name for box in addon.boxes() if job.ready(box.greybox.uid)]
    record.check("Stool" in kept and sorted(kept) == sorted(ready), f"what was ready is kept: {kept} of {ready}")
    record.check(len(kept) < len(addon.boxes()), "some were not made")
    record.figure("kept", f"{len(kept)} of {len(addon.boxes())}")
    yield from window.look("s04_cancelled")
