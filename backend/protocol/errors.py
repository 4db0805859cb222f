"""Every error that a person may see, drawn once.

GreyboxError                 message: what and which value; remedy: what to do now
├── InvalidScene             a box, a camera or a setting cannot be used; names box and field
├── InvalidMessage           bytes from the other side break the protocol (they did it)
├── IllegalMove              a state was asked to go where it cannot (we did it)
├── Incompatible             the other side speaks another major version
├── NotFound                 no such job, artifact or generator
├── Unavailable              weights, a package or a device is missing
├── Cancelled                the user asked to stop; not a failure
└── StageFailed              a stage could not be finished
    ├── OutOfMemory
    ├── WorkerLost           the process died
    ├── WorkerStalled        the process no longer answered and was ended
    └── DiskFull

No torch, no bpy, no sockets.
"""

from __future__ import annotations


class GreyboxError(Exception):
    """Base of all. `code` is stable and short; `remedy` is one sentence that says what to do."""

    code = "error"

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class InvalidScene(GreyboxError):
    """A value of the scene cannot be used. `box` is the box's id or "" for the scene itself."""

    code = "invalid-scene"

    def __init__(self, field: str, value: object, why: str, remedy: str = "", box: str = "") -> None:
        where = f"Box '{box}'" if box else "Scene"
        super().__init__(f"{where}: {field} is {value!r}, {why}", remedy)
        self.box = box
        self.field = field


class InvalidMessage(GreyboxError):
    code = "invalid-message"


class IllegalMove(GreyboxError):
    code = "illegal-move"


class Incompatible(GreyboxError):
    code = "incompatible"


class NotFound(GreyboxError):
    code = "not-found"


class Unavailable(GreyboxError):
    code = "unavailable"


class Cancelled(GreyboxError):
    code = "cancelled"

    def __init__(self, message: str = "Cancelled", remedy: str = "") -> None:
        super().__init__(message, remedy)


class StageFailed(GreyboxError):
    code = "stage-failed"


class OutOfMemory(StageFailed):
    code = "out-of-memory"


class WorkerLost(StageFailed):
    code = "worker-lost"


class WorkerStalled(StageFailed):
    code = "worker-stalled"


class DiskFull(StageFailed):
    code = "disk-full"
