import pytest

from backend.generators.catalogue import SEETHROUGH3D
from backend.generators.seethrough3d.memory import RESIDENT_GB, modes, peak_gb, plan
from backend.protocol.errors import OutOfMemory, Unavailable

ALL = tuple(RESIDENT_GB)
SMALL, LARGE = 512 * 512, 1024 * 1024


@pytest.mark.parametrize(
    ("free", "mode"), [(80, "bf16"), (24, "bf16"), (16, "fp8"), (12, "fp8"), (8, "nf4"), (5, "stream")]
)
def test_automatic_is_the_fastest_that_fits(free, mode):
    assert plan("auto", free, SMALL, ALL).mode == mode


def test_without_the_optional_packages_small_cards_stream():
    assert modes(lambda package: None) == ("bf16", "stream")
    assert plan("auto", 12, SMALL, ("bf16", "stream")).mode == "stream"


def test_expected_peaks_are_those_that_were_promised():
    for mode, most in (("bf16", 20), ("fp8", 11), ("nf4", 7.5)):
        assert peak_gb(mode, SMALL) <= most and peak_gb(mode, LARGE) <= most + 1.6


def test_a_mode_that_cannot_work_is_unavailable_with_its_remedy():
    with pytest.raises(Unavailable) as raised:
        plan("nf4", 80, SMALL, ("bf16", "stream"))
    assert raised.value.remedy


def test_too_little_memory_is_said_in_numbers():
    with pytest.raises(OutOfMemory, match=r"needs 19.6 GB .* 12.0 GB are free") as raised:
        plan("bf16", 12, SMALL, ALL)
    assert "auto" in raised.value.remedy
    with pytest.raises(OutOfMemory) as raised:
        plan("auto", 2, SMALL, ALL)
    assert "smaller picture" in raised.value.remedy


def test_only_modes_that_work_are_listed():
    (option,) = (o for o in SEETHROUGH3D.options if o.name == "memory")
    assert [choice for choice, _ in option.choices] == ["auto", *modes()]
    assert [mode for mode, _ in SEETHROUGH3D.memory_gb] == list(modes())
