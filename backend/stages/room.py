"""A panorama -> boxes with a mesh and maps each, already in metres, by the room generator."""

from __future__ import annotations

import msgspec
import numpy as np

from ..generators.interface import Control, RoomAsset, RoomGenerator, RoomRequest
from ..mesh.glb import GlbMaps
from ..protocol import artifacts
from ..protocol.assets import Placement
from ..protocol.errors import InvalidScene
from ..protocol.options import GeneratorInfo
from .job import Files, StageJob
from .material import encoded
from .placement import glb


def run(
    job: StageJob, generator: RoomGenerator, info: GeneratorInfo, control: Control
) -> tuple[Files, tuple[str, ...]]:
    picture = job.upload("panorama")
    if picture is None or job.request.scene.panorama is None:
        raise InvalidScene("panorama", None, "missing", "Choose a panorama.")
    request = RoomRequest(job.request.scene.panorama, picture, job.seed, job.options(info))
    files: Files = {}
    for asset in generator.room(request, control):
        files |= {(asset.box.id, name): data for name, data in _files(asset, control).items()}
    return files, ()


def _files(asset: RoomAsset, control: Control) -> dict[str, bytes]:
    vertices = asset.mesh.vertices
    placement = Placement(
        matrix=tuple(tuple(row) for row in np.eye(4).tolist()),
        fit="aligned",
        bounds=(tuple(vertices.min(0).tolist()), tuple(vertices.max(0).tolist())),
        triangles=len(asset.mesh.faces),
    )
    maps = encoded(asset.maps, control)
    names = (artifacts.BASE_COLOR, artifacts.ORM, artifacts.NORMAL)
    pictures = GlbMaps(*(maps[name] for name in names), emission=maps.get(artifacts.EMISSION))
    return {
        artifacts.BOX: msgspec.json.encode(asset.box),
        artifacts.MESH: asset.mesh.to_bytes(),
        artifacts.PLACEMENT: placement.to_bytes(),
        artifacts.GLB: glb(asset.mesh, placement, pictures, asset.box),
        **maps,
    }
