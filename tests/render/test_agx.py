import numpy as np

from backend.render import agx


def test_black_is_black_and_brighter_is_brighter():
    grey = np.linspace(0, 1.2, 200)[:, None].repeat(3, 1)
    shown = agx.display(grey)
    assert shown[0].max() < 1e-3
    assert (np.diff(shown[:, 1]) > 0).all()
    assert 0.79 < shown[-1].mean() < 0.8


def test_the_tables_own_points_come_back():
    line = 1.2 * (np.arange(33) / 32) ** 3
    grid = np.stack(np.meshgrid(line, line, line, indexing="ij"), -1)
    assert np.abs(agx.display(grid) - agx.table()).max() < 1e-4


def test_values_beyond_the_table_are_clipped():
    assert np.allclose(agx.display(np.array([5.0, -1.0, 1.2])), agx.display(np.array([1.2, 0.0, 1.2])))


def test_bytes_are_rounded():
    assert agx.to_bytes(np.full((1, 1, 3), 0.18)).dtype == np.uint8
