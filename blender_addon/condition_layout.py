"""The layout as the image model will see it, read at every redraw: what has not changed is not read again."""

from __future__ import annotations

from dataclasses import dataclass, field

import bpy

from ..backend.protocol.errors import InvalidScene
from ..backend.protocol.scene import Box, SceneSpec
from ..backend.protocol.seethrough3d.frame import Canonical, to_canonical
from . import boxes, scene_reader

Key = tuple[float, ...]


@dataclass
class ConditionLayout:
    """`canonical` is None where there is nothing to show; `warnings` say what the model will see otherwise."""

    canonical: Canonical | None = None
    warnings: tuple[str, ...] = ()
    error: str = ""
    remedy: str = ""


@dataclass
class Reader:
    """Remembers one scene: the same layout is the same object again."""

    layout: ConditionLayout = field(default_factory=ConditionLayout)
    _boxes: dict[str, tuple[Key, Box | None]] = field(default_factory=dict)
    _spec: SceneSpec | None = None

    def read(self, scene: bpy.types.Scene) -> ConditionLayout:
        """The scene now. Writes nothing, so it can be called while Blender draws."""
        metres = scene_reader.metres_per_unit(scene)
        found: dict[str, tuple[Key, Box | None]] = {}
        for obj in boxes.all_boxes(scene):
            key, known = _key(obj, metres), self._boxes.get(obj.name)
            found[obj.name] = known if known is not None and known[0] == key else (key, _read(obj, metres))
        self._boxes = found
        try:
            camera = scene_reader.read_camera(scene)
        except InvalidScene as error:
            return self._fresh(ConditionLayout(error=error.message, remedy=error.remedy))
        if camera is None:
            return self._fresh(ConditionLayout(error="There is no camera", remedy="Press Frame the Boxes."))
        spec = SceneSpec(boxes=tuple(box for _, box in found.values() if box is not None), camera=camera)
        if spec != self._spec:
            canonical = to_canonical(spec)
            self._spec, self.layout = spec, ConditionLayout(canonical, canonical.warnings)
        return self.layout

    def _fresh(self, layout: ConditionLayout) -> ConditionLayout:
        self._spec = None
        if layout != self.layout:
            self.layout = layout
        return self.layout


def _key(obj: bpy.types.Object, metres: float) -> Key:
    rows = obj.matrix_world
    low, high = scene_reader.local_bounds(obj)
    return (*rows[0], *rows[1], *rows[2], *low, *high, metres)


def _read(obj: bpy.types.Object, metres: float) -> Box | None:
    """The box under its name, so that warnings say it; None for one that is flat, mirrored or sheared."""
    try:
        frame = scene_reader.box_frame(obj)
    except InvalidScene:
        return None
    location, rotation, _ = frame.matrix.decompose()
    return Box(
        id=obj.name,
        prompt="",
        location=tuple(location * metres),
        size=tuple(frame.size * metres),
        rotation=tuple(rotation.normalized()),
    )
