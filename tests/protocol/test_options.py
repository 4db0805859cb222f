"""backend/protocol/options.py: ranges hold."""

import math

import pytest

from backend.protocol.errors import InvalidScene
from backend.protocol.options import IntOption, resolve
from tests.protocol.samples import GENERATOR

OPTIONS = GENERATOR.options


def test_defaults_are_filled_in():
    assert resolve(OPTIONS, {"steps": 7}, "draft") == {"steps": 7, "scale": 0.5, "fast": False, "mode": "a"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("steps", 0),
        ("steps", 10),
        ("steps", 3.5),
        ("steps", True),
        ("scale", 1.01),
        ("scale", math.nan),
        ("scale", "much"),
        ("fast", 1),
        ("mode", "c"),
        ("colour", "red"),
    ],
)
def test_what_is_out_of_range_is_refused_by_name(name, value):
    with pytest.raises(InvalidScene, match=f"option '{name}' of draft"):
        resolve(OPTIONS, {name: value}, "draft")


def test_a_whole_number_is_a_number():
    assert resolve(OPTIONS, {"scale": 1}, "draft")["scale"] == 1


def test_a_whole_number_between_two_steps_is_refused():
    size = IntOption(name="width", label="", tooltip="", default=256, minimum=256, maximum=2048, step=16)
    assert resolve((size,), {"width": 1040}, "draft") == {"width": 1040}
    with pytest.raises(InvalidScene, match=r"option 'width' of draft.*1000.*multiple of 16"):
        resolve((size,), {"width": 1000}, "draft")
