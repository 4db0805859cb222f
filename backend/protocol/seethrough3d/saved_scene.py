"""SeeThrough3D's own scene files (spec 2.6): Python pickles, read here without ever running one.

    python -m backend.protocol.seethrough3d.saved_scene SCENE.pkl SCENE.json [--metres 0.25]

The opcodes of the file are walked one by one; only those that build builtin containers and scalars are known, and of
all classes only numpy's scalar and dtype, which become plain numbers. No torch, no bpy, no `pickle`.
"""

from __future__ import annotations

import argparse
import math
import pickletools
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InvalidMessage
from ..scene import Box, SceneSpec, to_json
from . import tables
from .frame import (
    CENTRE_X,
    CanonicalBox,
    CanonicalLayout,
    Frame,
    boxes_to_world,
    camera_to_world,
)

MAX_BYTES = 4 << 20
CHECKPOINT = "seethrough3d_release"
INFERENCE = {"height": 512, "width": 512, "seed": 42, "guidance_scale": 3.5, "num_inference_steps": 25}


@dataclass(frozen=True)
class SavedScene:
    """What the file says, with SeeThrough3D's defaults for what it leaves out."""

    subjects: tuple[tables.Subject, ...]
    elevation: float = 30.0  # degrees
    lens: float = 50.0  # mm
    surroundings: str = ""
    inference: dict[str, Any] = field(default_factory=lambda: dict(INFERENCE, checkpoint=CHECKPOINT))

    def layout(self) -> CanonicalLayout:
        boxes = tuple(CanonicalBox(s.position, s.size, s.azimuth) for s in self.subjects)
        return CanonicalLayout(boxes, self.elevation, self.lens)


def read(data: bytes, checkpoints: tuple[str, ...] = (CHECKPOINT,)) -> SavedScene:
    """Raises InvalidMessage for anything but a saved scene. An unknown checkpoint becomes the first known one."""
    return interpret(decode(data), checkpoints)


def interpret(root: Any, checkpoints: tuple[str, ...] = (CHECKPOINT,)) -> SavedScene:
    """What the containers of a saved scene mean. Raises InvalidMessage."""
    if not isinstance(root, dict) or not isinstance(root.get("subjects_data"), list):
        raise InvalidMessage("Saved scene: 'subjects_data' is missing", _REMEDY)
    try:
        return _scene(root, checkpoints)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise InvalidMessage(f"Saved scene: {error}", _REMEDY) from error


def to_spec(saved: SavedScene, metres: float = 1.0) -> SceneSpec:
    """The scene in metres, `metres` to SeeThrough3D's unit. The orbit centre lands in the origin, the camera at -Y."""
    layout = saved.layout()
    frame = Frame(1 / metres, math.pi / 2, (CENTRE_X, 0.0, 0.0))
    used: set[str] = set()
    boxes = tuple(
        Box(id=_identifier(s.description, used), prompt=s.description, location=location, size=size, rotation=rotation)  # type: ignore[arg-type]
        for s, (location, size, rotation) in zip(saved.subjects, boxes_to_world(layout, frame), strict=True)
    )
    side = int(saved.inference["height"])
    camera = camera_to_world(layout, frame, side)
    return SceneSpec(boxes=boxes, camera=camera, surroundings=saved.surroundings, seed=int(saved.inference["seed"]))


def _scene(root: dict, checkpoints: tuple[str, ...]) -> SavedScene:
    camera = root.get("camera_data") or {}
    inference = dict(INFERENCE, **(root.get("inference_params") or {}))
    if inference.get("checkpoint") not in checkpoints:
        inference["checkpoint"] = checkpoints[0]
    return SavedScene(
        tuple(_subject(entry) for entry in root["subjects_data"]),
        math.degrees(_number(camera.get("camera_elevation", math.radians(30.0)))),
        _number(camera.get("lens", 50.0)),
        str(root.get("surrounding_prompt", "")),
        inference,
    )


def _subject(entry: dict) -> tables.Subject:
    kind = entry.get("type") or tables.CUSTOM
    width, depth, height = (_number(side) for side in entry.get("dims", (1, 1, 1)))
    x, y, z, azimuth = (_number(entry[key][0]) for key in ("x", "y", "z", "azimuth"))
    return tables.Subject(
        description=str(entry["name"]),
        type=str(kind),
        position=(x - CENTRE_X, y, z),
        size=(width, depth, height),
        original_size=tables.SIZES.get(kind),
        azimuth=math.degrees(azimuth),
    )


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is not a finite number")
    return float(value)


def _identifier(description: str, used: set[str]) -> str:
    """The description as an id that no other box has."""
    stem = re.sub(r"[^a-z0-9]+", "-", description.lower()).strip("-")[:56] or "box"
    name, count = stem, 2
    while name in used:
        name, count = f"{stem}-{count}", count + 1
    used.add(name)
    return name


# ---- the opcodes

_REMEDY = "Choose a scene that SeeThrough3D itself has saved."
_PLAIN = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_VALUES = {
    "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT",
    "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "SHORT_BINBYTES", "BINBYTES", "BINBYTES8",
}  # fmt: skip
_NEW = {"EMPTY_DICT": dict, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_CLASSES = {
    ("numpy", "dtype"): "dtype",
    ("numpy.core.multiarray", "scalar"): "scalar",
    ("numpy._core.multiarray", "scalar"): "scalar",
}
_DTYPES = {"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"}


@dataclass(frozen=True)
class _Class:
    name: str


@dataclass
class _Dtype:
    code: str
    order: str = "<"


_MARK = object()


def decode(data: bytes) -> Any:
    """The builtin containers and scalars that a pickle (protocol 3 to 5) describes. Raises InvalidMessage."""
    if len(data) > MAX_BYTES:
        raise InvalidMessage(f"Saved scene has {len(data)} bytes, more than {MAX_BYTES}", _REMEDY)
    machine = _Machine()
    try:
        for opcode, argument, _ in pickletools.genops(data):
            if opcode.name == "STOP":
                return machine.stack.pop()
            machine.step(opcode.name, argument)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidMessage(f"Saved scene cannot be read: {error}", _REMEDY) from error
    raise InvalidMessage("Saved scene ends too early", _REMEDY)


class _Machine:
    """The pickle machine without the opcodes that import or call."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memo: list[Any] = []

    def step(self, name: str, argument: Any) -> None:
        stack = self.stack
        if name in ("PROTO", "FRAME"):
            return
        if name in _PLAIN:
            stack.append(_PLAIN[name])
        elif name in _VALUES:
            stack.append(argument)
        elif name in _NEW:
            stack.append(_NEW[name]())
        elif name in _TUPLES:
            stack.append(tuple(self._last(_TUPLES[name])))
        elif name == "MARK":
            stack.append(_MARK)
        elif name == "TUPLE":
            stack.append(tuple(self._since_mark()))
        elif name == "MEMOIZE":
            self.memo.append(stack[-1])
        elif name in ("BINPUT", "LONG_BINPUT"):
            if argument != len(self.memo):
                raise ValueError(f"memo entry {argument} out of order")
            self.memo.append(stack[-1])
        elif name in ("BINGET", "LONG_BINGET"):
            stack.append(self.memo[argument])
        else:
            self._combine(name, argument)

    def _combine(self, name: str, argument: Any) -> None:
        stack = self.stack
        if name == "APPEND":
            (item,) = self._last(1)
            self._target(list).append(item)
        elif name == "APPENDS":
            items = self._since_mark()
            self._target(list).extend(items)
        elif name == "SETITEM":
            key, value = self._last(2)
            self._target(dict)[key] = value
        elif name == "SETITEMS":
            items = self._since_mark()
            self._target(dict).update(zip(items[::2], items[1::2], strict=True))
        elif name == "STACK_GLOBAL":
            stack.append(_allowed(*self._last(2)))
        elif name == "GLOBAL":
            stack.append(_allowed(*argument.split(" ", 1)))
        elif name == "REDUCE":
            made, arguments = self._last(2)
            stack.append(_made(made, arguments))
        elif name == "BUILD":
            (state,) = self._last(1)
            self._target(_Dtype).order = state[1]
        else:
            raise ValueError(f"opcode {name} is not allowed")

    def _last(self, count: int) -> list[Any]:
        if len(self.stack) < count or _MARK in self.stack[-count:]:
            raise ValueError("the stack is too short")
        items = self.stack[-count:]
        del self.stack[-count:]
        return items

    def _since_mark(self) -> list[Any]:
        start = next((i for i in reversed(range(len(self.stack))) if self.stack[i] is _MARK), None)
        if start is None:
            raise ValueError("a mark is missing")
        items = self.stack[start + 1 :]
        del self.stack[start:]
        return items

    def _target(self, kind: type) -> Any:
        if not self.stack or not isinstance(self.stack[-1], kind):
            raise ValueError(f"no {kind.__name__} to fill")
        return self.stack[-1]


def _allowed(module: str, name: str) -> _Class:
    if (module, name) not in _CLASSES:
        raise ValueError(f"{module}.{name} is not allowed in a saved scene")
    return _Class(_CLASSES[module, name])


def _made(made: Any, arguments: Any) -> Any:
    """numpy's two constructors, by value."""
    if made == _Class("dtype"):
        if arguments[0] not in _DTYPES:
            raise ValueError(f"a number of type {arguments[0]!r} is not allowed")
        return _Dtype(arguments[0])
    if made == _Class("scalar"):
        dtype, raw = arguments
        if not isinstance(dtype, _Dtype) or dtype.order not in ("<", ">", "|", "="):
            raise ValueError("a number without a type")
        values = np.frombuffer(raw, np.dtype(dtype.order + dtype.code))
        if len(values) != 1:
            raise ValueError(f"{len(values)} numbers where one belongs")
        return values[0].item()
    raise ValueError("a call is not allowed in a saved scene")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="A scene of SeeThrough3D's own interface as a Greybox layout.")
    parser.add_argument("pickle", type=Path, help="the .pkl that SeeThrough3D saved")
    parser.add_argument("json", type=Path, help="the layout to write")
    parser.add_argument("--metres", type=float, default=1.0, help="how long SeeThrough3D's unit is (default 1)")
    options = parser.parse_args(arguments)
    options.json.write_bytes(to_json(to_spec(read(options.pickle.read_bytes()), options.metres)))


if __name__ == "__main__":
    main()
