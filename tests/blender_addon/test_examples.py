"""The stored layouts: readable, valid, and ours."""

import pytest
from greybox.backend.protocol.errors import InvalidScene
from greybox.blender_addon import examples


def test_our_room_is_the_first_and_has_a_camera_and_words():
    assert examples.names()[0] == "living_room"
    room = examples.read("living_room")
    assert len(room.boxes) >= 8 and room.camera is not None and room.surroundings
    assert all(len(box.prompt.split()) >= 2 for box in room.boxes)


@pytest.mark.parametrize("name", examples.names())
def test_every_layout_is_valid(name):
    assert examples.read(name).boxes


def test_one_that_cannot_be_read_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(examples, "FOLDER", tmp_path)
    (tmp_path / "bad.json").write_text('{"boxes": 3}')
    with pytest.raises(InvalidScene, match="not readable"):
        examples.read("bad")
    with pytest.raises(InvalidScene):
        examples.read("missing")
