import numpy as np

from backend.mesh.weld import distinct_rows


def test_equal_rows_become_one_and_can_be_given_back():
    rows = np.random.default_rng(0).integers(0, 3, (500, 4)).astype(np.float32)
    first, kind = distinct_rows(rows)
    assert len(first) == len(np.unique(rows, axis=0))
    assert np.array_equal(rows[first][kind], rows)


def test_minus_zero_is_zero():
    first, kind = distinct_rows(np.float32([[0.0, 1.0], [-0.0, 1.0]]))
    assert len(first) == 1 and kind.tolist() == [0, 0]
