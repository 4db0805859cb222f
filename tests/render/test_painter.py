import numpy as np
import pytest

from backend.render.boxes import FACE_CORNERS, NORMALS, SIGNS
from backend.render.painter import Polygon, back_to_front


def faces(centre, size, angle=0.0, first=0):
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    corners = SIGNS * np.array(size) / 2 @ turn.T + centre
    return [Polygon(corners[FACE_CORNERS[f]], turn @ NORMALS[f], first + f) for f in range(6)]


def area(points):
    return sum(
        np.linalg.norm(np.cross(points[i] - points[0], points[i + 1] - points[0])) / 2
        for i in range(1, len(points) - 1)
    )


def depth(polygon, eye, direction):
    """Ray parameter where the ray meets the polygon, or None."""
    slope = direction @ polygon.normal
    if abs(slope) < 1e-9:
        return None
    t = (polygon.points[0] - eye) @ polygon.normal / slope
    point = eye + t * direction
    ahead = np.roll(polygon.points, -1, 0)
    inside = np.cross(ahead - polygon.points, point - polygon.points) @ polygon.normal
    return t if t > 0 and (inside > 1e-6).all() else None


@pytest.fixture
def crowd():
    generator = np.random.default_rng(4)
    return [
        face
        for i in range(8)
        for face in faces(generator.uniform(-1, 1, 3), generator.uniform(0.3, 2, 3), generator.uniform(0, 6), 6 * i)
    ]


def test_along_every_ray_the_farther_piece_comes_first(crowd):
    eye = np.array([6.0, 1.0, 2.0])
    painted = back_to_front(crowd, eye)
    generator = np.random.default_rng(5)
    met = 0
    for _ in range(150):
        direction = generator.uniform(-1.5, 1.5, 3) - eye
        depths = [t for piece in painted if (t := depth(piece, eye, direction)) is not None]
        met += len(depths)
        assert depths == sorted(depths, reverse=True)
    assert met > 500


def test_pieces_make_up_their_faces(crowd):
    painted = back_to_front(crowd, np.array([6.0, 1.0, 2.0]))
    assert len(painted) > len(crowd)
    for whole in crowd:
        pieces = [piece for piece in painted if piece.source == whole.source]
        assert sum(area(p.points) for p in pieces) == pytest.approx(area(whole.points))


def test_separate_boxes_are_not_cut_more_than_their_planes_ask():
    assert len(back_to_front(faces((0, 0, 0), (1, 1, 1)), np.array([5.0, 0, 0]))) == 6
    assert back_to_front([], np.zeros(3)) == []
