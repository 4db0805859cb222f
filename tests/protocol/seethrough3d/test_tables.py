import json
from dataclasses import replace

import pytest

from backend.protocol.seethrough3d import tables
from tests.render.layouts import GOLDENS

CASES = json.loads((GOLDENS / "harmonise.json").read_text())


def test_the_table_is_the_published_one():
    golden = json.loads((GOLDENS / "asset_tables.json").read_text())
    assert golden["scales"] == tables.SCALES
    sizes = {name: tuple(size) for name, size in golden["asset_dimensions_width_depth_height"].items()}
    assert sizes == tables.SIZES
    assert len(tables.SCALES) == 47 and len(tables.SIZES) == 46


@pytest.mark.parametrize("case", CASES, ids=[case["message"][:40] for case in CASES])
def test_harmonising_as_the_reference_does(case):
    subjects = [tables.subject("a thing", name) for name in case["types"]]
    for index, (x, y, z, azimuth, *size) in (case["edits"] or {}).items():
        i = int(index)
        subjects[i] = replace(subjects[i], position=(x, y, z), azimuth=azimuth, size=tuple(size))
    after, message = tables.harmonise(tuple(subjects))
    assert message == case["message"]
    for ours, golden in zip(after, case["after"], strict=True):
        assert ours.size == pytest.approx(golden["size"], abs=1e-9)
        assert ours.position == pytest.approx(golden["position"])
        assert ours.azimuth == golden["azimuth"]


def test_equal_subjects_are_all_harmonised():
    pair = (tables.subject("dog", "dog"), tables.subject("dog", "dog"), tables.subject("car", "sedan"))
    after, _ = tables.harmonise(pair)
    assert after[0].size == after[1].size == pytest.approx([0.22 * side for side in tables.SIZES["dog"]])
