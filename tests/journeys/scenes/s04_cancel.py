"""4. Cancel in the middle: the backend says so at once, what is finished is kept and stands in its box."""

import time

from .. import addon, window


def play(record):
    yield from addon.faulty()
    yield from window.new_file()
    addon.add("Stool", prompt="a stool")
    for n in range(8):  # five seconds each: time to find the button
        addon.add("Stool", (n * 0.6, 2, 0), prompt="slow stool")
    button = yield from window.find("greybox.generate")
    yield from window.click_at(button)
    yield from window.until(lambda: addon.results(), 60, "the first asset")
    at = yield from window.find("greybox.cancel_job", edge=True, below=button)
    job = addon.session().book.newest(1)[0]
    yield from window.click_at(at)
    begin = time.monotonic()
    yield from window.until(lambda: job.ended, 5, "the job is cancelled")
    record.figure("cancelled after", f"{time.monotonic() - begin + window.DRAWN:.2f} s")
    record.check(job.state == "cancelled", job.state)
    yield from window.until(lambda: not addon.session().busy, 10, "nothing is under way")
    record.check([r.parent.name for r in addon.results()] == ["Stool"], "the first stool is kept")
    yield from window.look("s04_cancelled")
    record.compare("s04_cancelled", window.sidebar_part(0.0, 0.62))
