"""What every generator offers to the stages. A generator does one or more of: image, mesh, material, room.

Importing this loads neither torch nor bpy. A generator is built cheaply, `load`s its weights once, serves many
requests, and `unload`s when the memory is wanted. It reports through `Control`, which also carries the cancel:
`control.step(...)` raises Cancelled when the user has asked to stop, so a loop that reports can be stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from ..protocol.assets import BoxView, ConditionImages, MaterialMaps, MeshData, SceneImage
from ..protocol.errors import Cancelled
from ..protocol.options import GeneratorInfo, Value
from ..protocol.scene import Box, Panorama, SceneSpec


@dataclass(frozen=True)
class Control:
    """Progress out, cancel in. `report(step, of, text, preview)`; the preview is an encoded picture or None."""

    report: Callable[[int, int, str, bytes | None], None] = lambda step, of, text, preview: None
    cancelled: Callable[[], bool] = lambda: False

    def check(self) -> None:
        """Raises Cancelled when the user has asked to stop."""
        if self.cancelled():
            raise Cancelled()

    def step(self, step: int, of: int, text: str = "", preview: bytes | None = None) -> None:
        """Step `step` of `of` begins. Raises Cancelled when the user has asked to stop."""
        self.check()
        self.report(step, of, text, preview)


@dataclass(frozen=True)
class ImageRequest:
    scene: SceneSpec
    condition: ConditionImages
    seed: int
    options: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class MeshRequest:
    box: Box
    seed: int
    view: BoxView | None = None  # None for generators that take no image
    triangles: int = 40_000  # at most
    options: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class MaterialRequest:
    box: Box
    mesh: MeshData
    seed: int
    view: BoxView | None = None
    texture_size: int = 1024  # pixels a side
    options: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class RoomRequest:
    panorama: Panorama
    picture: bytes  # encoded equirectangular image
    seed: int
    options: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class RoomAsset:
    box: Box
    mesh: MeshData
    maps: MaterialMaps


class Generator(Protocol):
    info: GeneratorInfo

    def load(self, device: str, control: Control) -> None:
        """Makes ready on "cpu" or "cuda:N". Raises Unavailable with the remedy when weights are missing."""
        ...

    def unload(self) -> None:
        """Gives all memory back; `load` may follow again."""
        ...


@runtime_checkable
class ImageGenerator(Protocol):
    def image(self, request: ImageRequest, control: Control) -> SceneImage: ...


@runtime_checkable
class MeshGenerator(Protocol):
    def mesh(self, request: MeshRequest, control: Control) -> tuple[MeshData, tuple[str, ...]]:
        """The mesh in the asset frame, and notes for the user."""
        ...


@runtime_checkable
class MaterialGenerator(Protocol):
    def material(self, request: MaterialRequest, control: Control) -> tuple[MeshData, MaterialMaps]:
        """The maps, and the mesh with the UVs that they belong to (it may have had none)."""
        ...


@runtime_checkable
class RoomGenerator(Protocol):
    def room(self, request: RoomRequest, control: Control) -> tuple[RoomAsset, ...]: ...
