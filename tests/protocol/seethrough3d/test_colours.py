import json

import pytest

from backend.protocol.seethrough3d import colours
from tests.render.layouts import GOLDENS

GOLDEN = json.loads((GOLDENS / "colours.json").read_text())


@pytest.mark.parametrize("point", GOLDEN["points"], ids=lambda p: str(p["xyz_world"]))
def test_places_have_their_colours(point):
    at = point["xyz_world"]
    assert colours.position(*at) == pytest.approx(point["rgb"], abs=1e-9)
    assert colours.edge(*at) == pytest.approx(point["edge_rgba"], abs=1e-9)
    for ours, golden in zip(colours.position_faces(*at), point["faces_segmask"], strict=True):
        assert ours == pytest.approx(golden, abs=1e-9)


def test_the_previews_palette():
    for entry in GOLDEN["cv_palette"]:
        for ours, golden in zip(colours.preview_faces(entry["i"]), entry["faces"], strict=True):
            assert ours == pytest.approx(golden, abs=1e-9)


def test_the_front_is_red_and_the_left_is_blue():
    assert colours.FACES[1].tolist() == [0.5, 0, 0]
    assert colours.FACES[0].tolist() == [0, 0, 0.5]
