"""What a person can press about an error, by its code. No bpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Button:
    operator: str
    text: str
    icon: str
    values: Mapping[str, str] = field(default_factory=dict)


START = Button("greybox.start_backend", "Start Backend", "PLAY")
PREFERENCES = Button("greybox.open_preferences", "Preferences", "PREFERENCES")
SET_UP = Button("greybox.set_up", "Set Up", "IMPORT")
LOG = Button("greybox.open_log", "Open Log", "TEXT")
FOLDER = Button("greybox.open_job_folder", "Open Folder", "FILE_FOLDER")


def buttons(code: str, job: str = "", generator: str = "") -> tuple[Button, ...]:
    """The way on, the most likely one first; what concerns one job needs its id."""
    retry = (Button("greybox.retry_job", "Retry", "FILE_REFRESH", {"job": job}),) if job else ()
    match code:
        case "out-of-memory":
            values = {"generator": generator, "job": job}
            fit = Button("greybox.make_it_fit", "Make It Fit and Retry", "CON_SIZELIMIT", values)
            return (fit,)
        case "weights":
            return (Button("greybox.download_weights", "Download", "IMPORT", {"generator": generator}),)
        case "unavailable" | "not-found":
            return (*retry, PREFERENCES)
        case "not-set-up":
            return (SET_UP, PREFERENCES)
        case "disk-full" | "disk":
            return (FOLDER, *retry)
        case "link-lost" | "backend-ended":
            return (START, LOG)
        case "link-refused" | "incompatible":
            return (PREFERENCES,)
        case "invalid-scene" | "cancelled":
            return ()
    return retry
