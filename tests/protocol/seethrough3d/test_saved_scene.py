import contextlib
import json
import os
import pickle  # noqa: TID251 - makes the files that the reader must survive
import pickletools
import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.protocol.errors import InvalidMessage
from backend.protocol.scene import from_json, validate
from backend.protocol.seethrough3d import frame, saved_scene
from tests.render.layouts import GOLDENS, SCENES

FILE = (GOLDENS / "saved_scene.pkl").read_bytes()
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def test_the_references_file_is_read_exactly():
    golden = json.loads((GOLDENS / "saved_scene.json").read_text())["after_load"]
    saved = saved_scene.read(FILE)
    assert saved.elevation == golden["camera_elevation"]
    assert saved.lens == golden["camera_lens"]
    assert saved.surroundings == golden["surrounding_prompt"]
    assert saved.inference == golden["inference_params"]
    for ours, theirs in zip(saved.subjects, golden["objects"], strict=True):
        assert ours.description == theirs["description"]
        assert list(ours.position) == theirs["position"]
        assert list(ours.size) == theirs["size"]
        assert ours.azimuth == theirs["azimuth"]
        assert ours.type == theirs["type"]


@given(plain, st.integers(3, 5))
def test_builtin_values_come_back_as_they_were(value, protocol):
    assert saved_scene.decode(pickle.dumps(value, protocol)) == value


@pytest.mark.parametrize("number", [np.float64(0.1), np.float32(0.5), np.int64(-7), np.uint8(200), np.bool_(True)])
def test_numpy_scalars_become_numbers(number):
    value = saved_scene.decode(pickle.dumps([number], 4))[0]
    assert value == number.item() and type(value) is type(number.item())


class Malicious:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize(
    "function", [os.system, eval, exec, open, __import__, subprocess.Popen, getattr, np.frombuffer, pickle.loads]
)
@pytest.mark.parametrize("protocol", [2, 4])
def test_nothing_else_is_ever_called(function, protocol, tmp_path):
    trap = tmp_path / "sprung"
    with pytest.raises(InvalidMessage, match="not allowed"):
        saved_scene.read(pickle.dumps({"subjects_data": [Malicious(function, f"touch {trap}")]}, protocol))
    assert not trap.exists()


def test_arrays_and_objects_are_refused():
    with pytest.raises(InvalidMessage):
        saved_scene.decode(pickle.dumps(np.zeros(3)))
    with pytest.raises(InvalidMessage):
        saved_scene.decode(pickle.dumps(np.array([object()])))


@given(st.binary(max_size=200))
def test_noise_is_refused_or_plain(data):
    with contextlib.suppress(InvalidMessage):
        saved_scene.decode(data)


@given(st.integers(0, len(FILE) - 1), st.integers(0, 255))
def test_a_flipped_byte_never_does_worse_than_refuse(place, byte):
    try:
        saved_scene.read(FILE[:place] + bytes([byte]) + FILE[place + 1 :])
    except InvalidMessage as error:
        assert error.remedy


def test_a_file_that_is_too_large_or_no_scene_is_named():
    with pytest.raises(InvalidMessage, match="more than"):
        saved_scene.read(b"\x80" * (saved_scene.MAX_BYTES + 1))
    with pytest.raises(InvalidMessage, match="subjects_data"):
        saved_scene.read(pickle.dumps({"hello": 1}))
    nan = {"name": "x", "dims": (1, 1, 1), "x": [float("nan")], "y": [0], "z": [0], "azimuth": [0]}
    with pytest.raises(InvalidMessage, match="finite"):
        saved_scene.read(pickle.dumps({"subjects_data": [nan]}))


def test_what_a_file_leaves_out_has_the_references_defaults():
    thing = {"name": "x", "x": [-6], "y": [0], "z": [0], "azimuth": [0]}
    saved = saved_scene.read(pickle.dumps({"subjects_data": [thing]}))
    assert saved.elevation == pytest.approx(30) and saved.lens == 50
    assert saved.subjects[0].size == (1, 1, 1) and saved.subjects[0].type == "Custom"
    assert saved.inference["height"] == 512 and saved.inference["seed"] == 42
    assert saved.inference["checkpoint"] == "seethrough3d_release"


@pytest.mark.parametrize("metres", [1.0, 0.25, 3.0])
@pytest.mark.parametrize("name", [f"example{i}" for i in range(5)])
def test_an_imported_scene_is_the_same_layout_at_any_size(name, metres):
    saved = saved_scene.interpret(json.loads((SCENES / name / "scene.json").read_text())["saved"])
    spec = saved_scene.to_spec(saved, metres)
    validate(spec)
    made = frame.to_canonical(spec)
    assert made.warnings == () and made.layout.floor == 0
    assert made.frame.scale == pytest.approx(1 / metres)
    for ours, theirs in zip(made.layout.boxes, saved.layout().boxes, strict=True):
        assert ours.position == pytest.approx(theirs.position, abs=1e-9)
        assert ours.size == pytest.approx(theirs.size)
        assert ours.azimuth == pytest.approx(theirs.azimuth)


def test_the_command_writes_a_layout_that_can_be_read(tmp_path):
    saved_scene.main([str(GOLDENS / "saved_scene.pkl"), str(tmp_path / "loft.json"), "--metres", "0.5"])
    spec = from_json((tmp_path / "loft.json").read_bytes())
    assert [box.prompt for box in spec.boxes] == ["red sofa", "sleeping cat"]
    assert spec.boxes[0].size == pytest.approx((0.45, 1.05, 0.4))
    assert spec.surroundings == "in a sunny loft" and spec.seed == 7


def test_two_things_of_one_name_get_ids_of_their_own():
    thing = {"name": "Café Chair!", "x": [-6], "y": [0], "z": [0], "azimuth": [0]}
    spec = saved_scene.to_spec(saved_scene.read(pickle.dumps({"subjects_data": [thing, thing]})))
    assert [box.id for box in spec.boxes] == ["caf-chair", "caf-chair-2"]


def test_the_file_is_what_it_is_said_to_be():
    assert {op.name for op, _, _ in pickletools.genops(FILE)} >= {"STACK_GLOBAL", "REDUCE", "BUILD"}
