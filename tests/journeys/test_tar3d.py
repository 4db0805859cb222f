"""TAR3D through the add-on's own buttons: the learned shapes of the starter weights stand textured in their boxes."""

import sys

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

import greybox.blender_addon as addon  # noqa: E402
import msgspec  # noqa: E402
from greybox.backend.protocol import messages  # noqa: E402
from greybox.blender_addon import boxes, jobs, scene_reader  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402


@pytest.fixture
def blender(tmp_path, monkeypatch):
    monkeypatch.setenv("GREYBOX_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("GREYBOX_PYTHON", sys.executable)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    addon.register()
    bpy.context.scene.greybox.texture_size = "256"
    yield bpy
    if jobs.session() is not None:
        jobs.stop_backend()
        jobs.run_until_done(bpy.context, 20)
    addon.unregister()


def chair_picture(path):
    """A red chair from the front, drawn by hand, on nothing."""
    picture = Image.new("RGBA", (256, 256))
    draw = ImageDraw.Draw(picture)
    for part in ((80, 20, 176, 130), (70, 130, 186, 160), (74, 160, 90, 240), (166, 160, 182, 240)):
        draw.rectangle(part, fill=(190, 20, 30, 255))
    picture.save(path)


@pytest.mark.slow
def test_words_and_a_picture_become_textured_furniture(blender, tmp_path):
    chair_picture(tmp_path / "chair.png")
    bpy.ops.greybox.add_box(preset="Stool")
    bpy.context.scene.cursor.location = (2, 1, 0)
    bpy.ops.greybox.add_box(preset="Chair")
    stool, chair = boxes.all_boxes(bpy.context.scene)
    stool.greybox.generator, chair.greybox.generator = "tar3d", "tar3d_picture"
    settings = msgspec.structs.replace(scene_reader.read_settings(bpy.context.scene), condition=False)
    scene = scene_reader.read_scene(bpy.context.scene, with_camera=False)
    request = messages.JobRequest(id="job-1", scene=scene, settings=settings)
    picture = {f"image/{chair.greybox.uid}": (tmp_path / "chair.png").read_bytes()}
    jobs.send(bpy.context, request, [stool, chair], picture)
    job = jobs.run_until_done(bpy.context, 300)[-1]
    assert job.state == "done", [(name, row.error) for name, row in job.boxes.items()]
    assert {stage for stage, _ in job.finished_stages} == {"mesh", "material", "placement"}
    for box in (stool, chair):
        result = boxes.result_of(box)
        assert len(result.data.polygons) > 1000
        textures = [n.image for n in result.data.materials[0].node_tree.nodes if n.type == "TEX_IMAGE"]
        assert all(tuple(image.size) == (256, 256) for image in textures)
    pixels = np.array(base_color(boxes.result_of(chair)).pixels).reshape(-1, 4)[:, :3].mean(0)
    assert pixels[0] > 2 * pixels[1] and pixels[0] > 2 * pixels[2]  # as red as its picture


def base_color(result):
    nodes = result.data.materials[0].node_tree.nodes
    shader = next(node for node in nodes if node.type == "BSDF_PRINCIPLED")
    node = shader.inputs["Base Color"].links[0].from_node
    while node.type != "TEX_IMAGE":
        node = next(socket for socket in node.inputs if socket.is_linked).links[0].from_node
    return node.image
