"""The mesh stage hands on what the generator made, and says when it is more than was asked for."""

import numpy as np
import pytest

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


@pytest.mark.parametrize(("budget", "told"), [(100, False), (10, False), (9, True)])
def test_a_budget_that_was_not_kept_is_said(tmp_path, budget, told):
    box = Box(id="a", prompt="stool", location=(0, 0, 0), size=(1, 1, 1))
    request = JobRequest(id="j", scene=SceneSpec(boxes=(box,)), settings=JobSettings(triangles=budget))
    _, notes = mesh.run(StageJob(request, StageTask("mesh", "a", "draft"), tmp_path), Fixed(), DRAFT, Control())
    assert notes[0] == "as always"
    assert any("10 triangles" in note for note in notes) is told
