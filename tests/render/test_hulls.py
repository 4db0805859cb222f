import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import ConvexHull, QhullError

from backend.render import hulls

coordinate = st.floats(-10, 30, allow_nan=False).map(lambda v: round(v, 3) + 0.0001)
corners = st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=9)


def test_a_rectangle_covers_the_pixels_whose_centres_it_holds():
    rectangle = np.array([[1.4, 2.6], [4.6, 2.6], [4.6, 5.4], [1.4, 5.4]])
    expected = np.zeros((8, 8), bool)
    expected[3:5, 1:5] = True
    assert (hulls.mask(rectangle, 8, 8) == expected).all()


@given(corners)
def test_the_hull_holds_what_the_half_planes_say(points):
    flat = np.array(points)
    try:
        hull = ConvexHull(flat)
    except QhullError:  # no area, nothing to compare with
        return
    y, x = np.mgrid[0:20, 0:20] + 0.5
    side = hull.equations[:, :2] @ np.stack([x.ravel(), y.ravel()]) + hull.equations[:, 2:]
    inside = (side < 0).all(0).reshape(20, 20)
    on_edge = (np.abs(side.max(0)) < 1e-9).reshape(20, 20)
    assert ((hulls.mask(flat, 20, 20) == inside) | on_edge).all()


def test_nothing_outside_the_picture_is_named():
    rows, columns = hulls.pixels(np.array([[-50.0, -50.0], [90.0, -50.0], [90.0, 90.0], [-50.0, 90.0]]), 7, 9)
    assert len(rows) == 63 and rows.max() == 6 and columns.max() == 8
    assert len(hulls.pixels(np.array([[-5.0, -5.0], [-1.0, -5.0], [-1.0, -1.0]]), 7, 9)[0]) == 0
