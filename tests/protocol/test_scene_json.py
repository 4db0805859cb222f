"""backend/protocol/scene.py: the text file of a scene."""

import pytest

from backend.protocol.errors import InvalidScene
from backend.protocol.scene import Box, Camera, SceneSpec, from_json, to_json

SCENE = SceneSpec(
    boxes=(Box(id="sofa", prompt="sofa", location=(0.1, 2.0, 0.0), size=(2.0, 0.9, 0.8)),),
    camera=Camera(location=(0.0, -4.0, 1.6), rotation=(1.0, 0.0, 0.0, 0.0)),
    surroundings="in a loft",
)


def test_a_scene_comes_back_as_it_was():
    assert from_json(to_json(SCENE)) == SCENE
    assert to_json(SCENE).startswith(b'{\n "boxes"')


def test_what_is_no_scene_is_refused_with_a_remedy():
    for data in (b"", b"[]", b'{"boxes": 3}', b'{"surprise": 1}', b"\x80\x04."):
        with pytest.raises(InvalidScene) as caught:
            from_json(data)
        assert caught.value.remedy
    with pytest.raises(InvalidScene, match="size x"):
        from_json(to_json(SCENE).replace(b"2.0,\n    0.9", b"-2.0,\n    0.9"))
