import numpy as np
import pytest

from backend.render import raster
from backend.render.boxes import Layout

from .layouts import error, nested, picture, stored


@pytest.mark.parametrize("scene", ["example1", "example4"])
def test_the_stored_picture_is_met(scene):
    mean, worst = error(raster.render(stored(scene), 512), picture(scene, "final_512.png"))
    assert mean <= 0.75 and worst <= 6


def test_the_same_layout_gives_the_same_bytes():
    assert (raster.render(nested(), 96) == raster.render(nested(), 96)).all()


def test_tiles_leave_no_seam(monkeypatch):
    whole = raster.render(nested(), 96)
    monkeypatch.setattr(raster, "TILE", 40)
    assert (raster.render(nested(), 96) == whole).all()


def test_more_than_eight_faces_hide_what_lies_behind():
    """Faces towards the camera and bottoms are green: at the picture's middle, blue can only come from the floor."""
    few, many = raster.radiance(nested(1), 64), raster.radiance(nested(5), 64)
    assert few[32, 32, 2] > 0.01
    assert many[32, 32, 2] == 0


def test_an_empty_layout_is_a_floor_under_a_black_sky():
    layout = nested(0)
    shown = raster.radiance(Layout((), layout.view, layout.lights), 64)
    assert shown[0].max() == 0 and shown[-1].min() > 0
    assert np.ptp(shown, axis=-1).max() == 0


def test_faces_say_which_way_a_box_looks():
    """Azimuth 20: the left side (blue) faces away, the right side towards the camera is green, the front red."""
    layout = nested(1)
    shown = raster.radiance(Layout(layout.cuboids, layout.view, np.zeros((0, 3))), 64)
    assert shown[..., 1].max() > 0 and shown[..., 0].max() > 0 and shown[..., 2].max() > 0


def test_a_raise_in_progress_stops_the_picture():
    class StopError(Exception):
        pass

    def stop(step: int, of: int) -> None:
        if step == 1:
            raise StopError

    with pytest.raises(StopError):
        raster.render(nested(), 256, progress=stop)
