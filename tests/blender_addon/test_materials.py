"""Maps to a Principled material: colour spaces, sockets, and PNG files as they came."""

import bpy
import pytest
from greybox.backend.protocol import artifacts
from greybox.backend.protocol.errors import InvalidMessage
from greybox.blender_addon import materials

from tests.fakes import assets

PICTURES = {
    artifacts.BASE_COLOR: assets.flat((200, 60, 40)),
    artifacts.ORM: assets.flat((255, 128, 64)),
    artifacts.NORMAL: assets.flat((128, 128, 255)),
    artifacts.EMISSION: assets.flat((10, 20, 30)),
}


def source(shader, socket):
    """(node type, socket name) that feeds an input of the shader."""
    link = shader.inputs[socket].links[0]
    return link.from_node.bl_idname, link.from_socket.name


@pytest.fixture
def shader(blender):
    material = materials.build_material("m", PICTURES)
    return next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")


def test_every_map_reaches_its_input(shader):
    assert source(shader, "Base Color") == ("ShaderNodeTexImage", "Color")
    assert source(shader, "Roughness") == ("ShaderNodeSeparateColor", "Green")
    assert source(shader, "Metallic") == ("ShaderNodeSeparateColor", "Blue")
    assert source(shader, "Normal") == ("ShaderNodeNormalMap", "Normal")
    assert source(shader, "Emission Color") == ("ShaderNodeTexImage", "Color")
    assert shader.inputs["Emission Strength"].default_value == 1.0
    assert not shader.inputs["Alpha"].links


def test_colours_are_srgb_and_the_rest_is_data(shader):
    spaces = {image.name: image.colorspace_settings.name for image in bpy.data.images if image.name.startswith("m ")}
    assert spaces == {"m base_color": "sRGB", "m emission": "sRGB", "m orm": "Non-Color", "m normal": "Non-Color"}


def test_occlusion_is_where_the_gltf_exporter_looks(shader):
    group = next(node for node in shader.id_data.nodes if node.bl_idname == "ShaderNodeGroup")
    assert group.node_tree.name == materials.OCCLUSION_GROUP
    assert group.inputs["Occlusion"].links[0].from_socket.name == "Red"


def test_pictures_are_packed_byte_for_byte_with_the_right_values(shader):
    image = bpy.data.images["m base_color"]
    assert image.packed_file.data == PICTURES[artifacts.BASE_COLOR]
    assert tuple(image.pixels[:3]) == pytest.approx((200 / 255, 60 / 255, 40 / 255), abs=1e-3)


def test_transparency_is_connected_where_the_picture_has_it(blender):
    material = materials.build_material("glass", {artifacts.BASE_COLOR: assets.flat((200, 60, 40, 90))})
    shader = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    assert source(shader, "Alpha") == ("ShaderNodeTexImage", "Alpha")


@pytest.mark.parametrize("data", [b"", b"GIF89a", assets.flat((1, 2, 3))[:20]])
def test_other_bytes_are_refused(blender, data):
    with pytest.raises(InvalidMessage, match="PNG"):
        materials.pack_png("x", data, True)


def test_absurd_sizes_are_refused_before_anything_is_allocated(blender):
    header = bytearray(assets.flat((1, 2, 3)))
    header[16:20] = (1 << 30).to_bytes(4, "big")
    with pytest.raises(InvalidMessage, match="at most"):
        materials.pack_png("x", bytes(header), True)
