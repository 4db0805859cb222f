"""Named points where tests make things go wrong, in the very process and line that matters.

GREYBOX_FAULT="save.rename:crash@3,mesh.start:hang@1~/tmp/once": at the third pass of `save.rename` this process
dies as if killed; at the first pass of `mesh.start` it hangs, but only if it could create the file /tmp/once (so
that a restarted process does not do it again). Without the variable a point costs one dictionary look-up.
"""

from __future__ import annotations

import errno
import os
import signal
import time

VARIABLE = "GREYBOX_FAULT"
ACTIONS = ("crash", "hang", "stop", "oom", "full", "error")


class _Fault:
    def __init__(self, text: str) -> None:
        rest, _, self.once = text.partition("~")
        self.name, _, what = rest.partition(":")
        self.action, _, count = what.partition("@")
        self.left = int(count or 1)
        if self.action not in ACTIONS:
            raise ValueError(f"{VARIABLE}: '{self.action}' in '{text}' is none of {', '.join(ACTIONS)}")

    def passed(self) -> None:
        self.left -= 1
        if self.left == 0 and self._first():
            self._act()

    def _first(self) -> bool:
        if not self.once:
            return True
        try:
            os.close(os.open(self.once, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            return False
        return True

    def _act(self) -> None:
        match self.action:
            case "crash":
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
            case "stop":
                os.kill(os.getpid(), getattr(signal, "SIGSTOP", signal.SIGTERM))
            case "hang":
                while True:
                    time.sleep(3600)
            case "oom":
                raise MemoryError(f"fault at {self.name}")
            case "full":
                raise OSError(errno.ENOSPC, f"fault at {self.name}")
            case _:
                raise RuntimeError(f"fault at {self.name}")


_faults: dict[str, list[_Fault]] = {}
for _text in filter(None, os.environ.get(VARIABLE, "").split(",")):
    _fault = _Fault(_text)
    _faults.setdefault(_fault.name, []).append(_fault)


def point(name: str) -> None:
    """Something may go wrong here, when a test asked for it."""
    for fault in _faults.get(name, ()):
        fault.passed()
