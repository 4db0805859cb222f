"""A scene that SeeThrough3D saved becomes a layout; anything else is refused and runs nothing."""

from pathlib import Path

import bpy
import pytest
from greybox.blender_addon import boxes, generator_options, scene_reader

FILE = Path(__file__).resolve().parents[1] / "goldens/seethrough3d/saved_scene.pkl"


@pytest.mark.skipif(not FILE.exists(), reason="the golden file is not here")
def test_a_saved_scene_becomes_boxes_a_camera_and_options(blender):
    assert bpy.ops.greybox.import_scene(filepath=str(FILE), metres=0.5) == {"FINISHED"}
    scene = bpy.context.scene
    made = boxes.all_boxes(scene)
    assert made and all(box.greybox.prompt for box in made) and scene.camera is not None
    assert scene_reader.read_scene(scene).camera is not None
    assert generator_options.read(scene)["seethrough3d"]["steps"] > 0


@pytest.mark.parametrize("data", [b"", b"no pickle", b"cos\nsystem\n(S'true'\ntR."])
def test_other_files_are_refused(blender, tmp_path, data):
    path = tmp_path / "x.pkl"
    path.write_bytes(data)
    with pytest.raises(RuntimeError, match="Saved scene"):
        bpy.ops.greybox.import_scene(filepath=str(path))
    assert not boxes.all_boxes(bpy.context.scene)
