"""The rules of comparison, one example each."""

import numpy as np
import pytest

from .compare import compare, compare_outputs, rule_for


def test_the_first_matching_pattern_counts():
    tolerance = {"a.*": {"exact": True}, "*": {"atol": 1.0}}
    assert rule_for("a.b", tolerance) == {"exact": True}
    assert rule_for("b", tolerance) == {"atol": 1.0}


@pytest.mark.parametrize(
    ("ours", "golden", "rule", "passed"),
    [
        ([1.0, 2.0], [1.05, 2.0], {"atol": 0.1}, True),
        ([1.0, 2.0], [1.2, 2.0], {"atol": 0.1}, False),
        ([100.0], [101.0], {"atol": 0.0, "rtol": 0.01}, True),
        ([1, 2], [1, 2], {"exact": True}, True),
        ([1, 2], [1, 3], {"exact": True}, False),
        ([0.0] * 9 + [5.0], [0.0] * 10, {"fraction": 0.9, "atol": 0.1}, True),
        ([0.0] * 8 + [5.0] * 2, [0.0] * 10, {"fraction": 0.9, "atol": 0.1}, False),
        ([np.nan, np.inf], [np.nan, np.inf], {"atol": 0.1}, True),
        ([np.nan], [0.0], {"atol": 9.0}, False),
        ([np.inf], [-np.inf], {"atol": 9.0}, False),
        ([[1.0]], 1.0, {"atol": 0.1}, True),
        ([1.0, 1.0], [1.0], {"atol": 0.1}, False),
        ([], [], {"exact": True}, True),
    ],
)
def test_values(ours, golden, rule, passed):
    assert compare("x", np.asarray(ours), np.asarray(golden), rule).passed is passed


def test_rows_as_a_set_ignore_order_and_duplicates():
    rule = {"atol": 1e-6, "rows": "set"}
    golden = np.array([[0.0, 1.0], [2.0, 3.0]])
    assert compare("x", golden[[1, 0, 0]], golden, rule).passed
    assert not compare("x", golden[[0, 0]], golden, rule).passed


def test_a_mesh_ignores_order_but_not_winding():
    vertices = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    faces = np.array([[0, 1, 2], [0, 1, 3]])
    golden, rule = {"m_v": vertices, "m_f": faces}, {"*": {"atol": 1e-6, "rows": "mesh"}}
    order = np.array([2, 0, 3, 1])
    same = {"m_v": vertices[order], "m_f": np.argsort(order)[faces[::-1][:, [1, 2, 0]]]}
    flipped = {"m_v": vertices, "m_f": faces[:, ::-1]}
    assert all(check.passed for check in compare_outputs(same, golden, rule))
    assert not all(check.passed for check in compare_outputs(flipped, golden, rule))


def test_an_output_that_was_not_produced_fails():
    (check,) = compare_outputs({}, {"y": np.zeros(2)}, {"*": {"atol": 1}})
    assert not check.passed
    assert check.note == "not produced"
