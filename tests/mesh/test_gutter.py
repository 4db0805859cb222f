import numpy as np
import pytest

from backend.mesh.gutter import fill_gutter, nearest_covered


def test_covered_texels_stay_and_others_take_the_nearest():
    covered = np.zeros((5, 7), dtype=bool)
    covered[2, 1] = covered[2, 5] = True
    image = np.zeros((5, 7, 3), dtype=np.uint8)
    image[2, 1], image[2, 5] = (10, 20, 30), (200, 100, 50)
    filled = fill_gutter(image, covered)
    assert (filled[:, :3] == (10, 20, 30)).all()
    assert (filled[:, 4:] == (200, 100, 50)).all()


def test_an_empty_map_is_refused():
    with pytest.raises(ValueError, match="4 x 3"):
        nearest_covered(np.zeros((3, 4), dtype=bool))
