"""The layouts that "Load Example" opens: SceneSpec as JSON files beside this file."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ..backend.protocol.errors import InvalidScene
from ..backend.protocol.scene import SceneSpec, validate

FOLDER = Path(__file__).parent / "examples"


def names() -> tuple[str, ...]:
    """Names of the stored layouts, our own room first."""
    found = sorted(path.stem for path in FOLDER.glob("*.json"))
    return tuple(sorted(found, key=lambda name: name != "living_room"))


def title(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").title()


def read(name: str) -> SceneSpec:
    """Raises InvalidScene for a layout that cannot be used."""
    try:
        spec = msgspec.json.decode((FOLDER / f"{name}.json").read_bytes(), type=SceneSpec)
    except (OSError, msgspec.MsgspecError) as error:
        raise InvalidScene("example", name, f"not readable: {error}") from error
    validate(spec)
    return spec
