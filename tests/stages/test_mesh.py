"""The mesh stage hands on what the generator made."""

import numpy as np

from backend.generators.catalogue import DRAFT
from backend.generators.interface import Control
from backend.protocol.assets import MeshData
from backend.protocol.messages import JobRequest, JobSettings
from backend.protocol.scene import Box, SceneSpec
from backend.protocol.stages import StageTask
from backend.stages import mesh
from backend.stages.job import StageJob


class Fixed:
    """Makes a mesh of ten triangles whatever is asked for."""

    def mesh(self, request, control):
        made = MeshData(np.zeros((3, 3), np.float32), np.tile(np.arange(3, dtype=np.int32), (10, 1)))
        return made, ("as always",)


def test_what_the_generator_says_is_handed_on(tmp_path):
    box = Box(id="a", prompt="stool", location=(0, 0, 0), size=(1, 1, 1))
    request = JobRequest(id="j", scene=SceneSpec(boxes=(box,)), settings=JobSettings(triangles=9))
    files, notes = mesh.run(StageJob(request, StageTask("mesh", "a", "draft"), tmp_path), Fixed(), DRAFT, Control())
    assert notes == ("as always",)
    assert len(MeshData.from_bytes(files["a", "mesh.safetensors"]).faces) == 10  # the placement keeps the budget
