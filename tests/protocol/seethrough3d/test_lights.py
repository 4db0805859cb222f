import json

import numpy as np
import pytest

from backend.protocol.seethrough3d import lights
from tests.render.layouts import SCENES


@pytest.mark.parametrize("scene", ["example1", "example4"])
def test_a_seed_draws_the_reference_lights(scene):
    meta = json.loads((SCENES / scene / "final_512_meta.json").read_text())
    assert np.allclose(lights.draw(meta["np_seed"]), meta["lights"]["p"], atol=1e-12)


def test_lights_stand_on_the_cameras_side_at_least_thirty_degrees_up():
    for seed in range(50):
        offset = lights.draw(seed) - lights.CENTRE
        assert np.allclose(np.linalg.norm(offset, axis=1), 16)
        assert (offset[:, 0] >= 0).all() and (offset[:, 2] >= 8).all()


def test_ours_never_move():
    assert (lights.fixed() == lights.fixed()).all()
