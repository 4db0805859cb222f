"""Draft: box and prompt -> a textured asset, in two steps that need nothing but their arguments.

`draw_mesh` builds, packs and shades the shape; `draw_materials` paints it, also in another process and at another time:
the mesh carries the kind, the prompt's words that named it, and the slot and grain of every part in its `meta`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from ...mesh.normals import corner_normals
from ...protocol.assets import MaterialMaps, MeshData
from ...protocol.errors import InvalidMessage
from ..catalogue import DRAFT
from ..interface import Control, MaterialRequest, MeshRequest
from .adoption import adopt
from .asset import Kind, Part, Size, Style, assemble
from .atlas import pack
from .bake import Skin, bake
from .dressing import dress
from .kinds.table import KINDS
from .naming import Match, match
from .projection import with_view
from .wishes import heeded


class Draft:
    """The procedural generator. Needs no weights; paints on the device that it was loaded on."""

    info = DRAFT

    def __init__(self) -> None:
        self._device = "cpu"

    def load(self, device: str, control: Control) -> None:
        self._device = device

    def unload(self) -> None:
        pass

    def mesh(self, request: MeshRequest, control: Control) -> tuple[MeshData, tuple[str, ...]]:
        control.step(0, 1, "Drawing the shape")
        mesh = draw_mesh(request.box.prompt, request.box.size, request.seed, request.box.kind)
        note = mesh.meta["note"]
        return mesh, (note,) if note else ()

    def material(self, request: MaterialRequest, control: Control) -> tuple[MeshData, MaterialMaps]:
        control.step(0, 1, "Painting the material")
        box, size, mesh = request.box, request.texture_size, request.mesh
        if _drew(mesh):
            return mesh, draw_materials(mesh, box.prompt, request.seed, size, control, self._device)
        mesh = adopt(mesh, draw_mesh(box.prompt, box.size, request.seed, box.kind), size)
        control.check()
        maps = draw_materials(mesh, box.prompt, request.seed, size, control, self._device)
        return mesh, maps if request.view is None else with_view(mesh, maps, box, request.view)


def draw_mesh(prompt: str, size: Size, seed: int, kind: str = "", resolution: int = 1024) -> MeshData:
    """The asset that the kind's name asks for, or else the prompt, filling a box of this size, in the box frame.

    resolution: of the maps that its UVs leave gutters for; larger maps are fine. Equal arguments give equal bytes."""
    found = _found(prompt, kind)
    style = heeded(Style.draw(found.kind, seed), found.kind, prompt)
    parts = assemble(found.kind, style, size)
    vertices, faces, part_of_face = _merge(parts)
    smooth = np.array([part.smooth for part in parts])[part_of_face]
    meta = {
        "kind": found.kind.name,
        "note": found.note,
        "named": " ".join(found.words),
        "size": json.dumps([float(length) for length in size]),
        "style": json.dumps(dict(style.values)),
        "parts": json.dumps([{"name": part.name, "slot": part.slot, "grain": part.grain} for part in parts]),
    }
    normals = corner_normals(vertices, faces, smooth).astype(np.float32)
    uvs = pack(parts, resolution).corner_uvs
    return MeshData(vertices.astype(np.float32), faces, uvs, normals, part_of_face.astype(np.int32), meta)


def draw_materials(
    mesh: MeshData, prompt: str, seed: int, resolution: int = 1024, control: Control | None = None, device: str = "cpu"
) -> MaterialMaps:
    """The maps of a mesh that `draw_mesh` made, dressed in the words of the prompt. Equal arguments give equal bytes.

    Raises InvalidMessage for a mesh that Draft did not make, Cancelled when the user stops it."""
    kind, skin = _skin(mesh)
    recipes = dress(kind, prompt, seed, mesh.meta["named"].split())
    return bake(mesh, skin, recipes, seed, resolution, (control or Control()).check, device)


def _drew(mesh: MeshData) -> bool:
    """Whether Draft itself made the mesh: then it says of every face what it is."""
    return mesh.face_parts is not None and "parts" in mesh.meta


def _found(prompt: str, kind: str) -> Match:
    """By the kind's name where Draft knows it, else by the prompt."""
    by_name = match(kind, KINDS)
    return by_name if by_name.exact else match(prompt or kind, KINDS)


def _merge(parts: Sequence[Part]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One mesh of all parts: vertices (V, 3), faces (F, 3) int32, part of each face (F,)."""
    first = np.cumsum([0] + [len(part.vertices) for part in parts])
    faces = [part.faces + start for part, start in zip(parts, first, strict=False)]
    owner = np.repeat(np.arange(len(parts)), [len(part.faces) for part in parts])
    return np.concatenate([part.vertices for part in parts]), np.concatenate(faces).astype(np.int32), owner


def _skin(mesh: MeshData) -> tuple[Kind, Skin]:
    kinds = {kind.name: kind for kind in KINDS}
    if mesh.meta.get("kind") not in kinds or mesh.face_parts is None:
        raise InvalidMessage("Draft can only paint meshes that it has drawn", "Choose Draft for the shape as well.")
    kind = kinds[mesh.meta["kind"]]
    parts = json.loads(mesh.meta["parts"])
    slots = list(kind.slots)
    slot = np.array([slots.index(part["slot"]) for part in parts])
    grain = np.array([part["grain"] for part in parts])
    size = np.array(json.loads(mesh.meta["size"]))
    unit = float((size / np.array(kind.size)).prod() ** (1 / 3))
    return kind, Skin(slots, slot[mesh.face_parts], grain[mesh.face_parts], unit)
