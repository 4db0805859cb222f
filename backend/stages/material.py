"""A mesh -> PBR maps over its UVs, by the generator that made the mesh or by another. May unwrap the mesh first."""

from __future__ import annotations

from ..generators.interface import Control, MaterialGenerator, MaterialRequest
from ..protocol import artifacts
from ..protocol.assets import MaterialMaps, MeshData
from ..protocol.options import GeneratorInfo
from . import pictures
from .job import Files, StageJob
from .mesh import view_of


def run(
    job: StageJob, generator: MaterialGenerator, info: GeneratorInfo, control: Control
) -> tuple[Files, tuple[str, ...]]:
    box = job.task.box
    request = MaterialRequest(
        box=job.box,
        mesh=MeshData.from_bytes(job.read("mesh", artifacts.MESH, box)),
        seed=job.seed,
        view=view_of(job),
        texture_size=job.request.settings.texture_size,
        options=job.options(info),
    )
    mesh, maps = generator.material(request, control)
    control.check()
    notes = _other_size(maps, request.texture_size, info)
    files = {(box, name): data for name, data in encoded(maps, control).items()}
    return {(box, artifacts.MESH): mesh.to_bytes(), **files}, notes


def _other_size(maps: MaterialMaps, wished: int, info: GeneratorInfo) -> tuple[str, ...]:
    """Says when a generator did not make its textures as large as they were asked for."""
    made = max(maps.base_color.shape[:2])
    return () if made == wished else (f"Textures of {made} pixels: {info.label} did not make the {wished} asked for",)


def encoded(maps: MaterialMaps, control: Control) -> dict[str, bytes]:
    """The maps as PNG files by name."""
    files = {}
    for name, pixels in (
        (artifacts.BASE_COLOR, maps.base_color),
        (artifacts.ORM, maps.orm),
        (artifacts.NORMAL, maps.normal),
        (artifacts.EMISSION, maps.emission),
    ):
        control.check()
        if pixels is not None:
            files[name] = pictures.encode_png(pixels)
    return files
