"""Encoded maps -> a Principled material, with the right colour spaces, for Blender 4.2 to 5.x."""

from __future__ import annotations

import struct
from collections.abc import Generator, Mapping

import bpy

from ..backend.protocol import artifacts
from ..backend.protocol.errors import InvalidMessage
from . import slices

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_SIDE = 16384  # pixels
# The exporter's older name for its group, which it still reads. The importer takes any group of the newer name,
# "glTF Material Output", for its own and expects all of its sockets.
OCCLUSION_GROUP = "glTF Settings"
COLUMN, ROW = 300, 280  # distance of nodes in the editor


def build_material(name: str, pictures: Mapping[str, bytes]) -> bpy.types.Material:
    return slices.run(material_steps(name, pictures))


def material_steps(name: str, pictures: Mapping[str, bytes]) -> Generator[None, None, bpy.types.Material]:
    """A material in slices, a picture each, of PNG files by artifact name; absent ones keep Principled's values.

    Each map is an image of its own: sharing one between colour and data would share its colour space.
    """
    material = bpy.data.materials.new(name)
    if material.node_tree is None:  # before 5.0 a new material has no nodes
        material.use_nodes = True
    tree = material.node_tree
    shader = next(node for node in tree.nodes if node.type == "BSDF_PRINCIPLED")
    connect = {
        artifacts.BASE_COLOR: _base_color,
        artifacts.ORM: _orm,
        artifacts.NORMAL: _normal,
        artifacts.EMISSION: _emission,
    }
    row = 0
    for artifact, wire_up in connect.items():
        if artifact not in pictures:
            continue
        data = pictures[artifact]
        colour = artifact in (artifacts.BASE_COLOR, artifacts.EMISSION)
        node = tree.nodes.new("ShaderNodeTexImage")
        node.image = pack_png(f"{name} {artifact.removesuffix('.png')}", data, colour)
        node.location = (-3 * COLUMN, ROW - row * ROW)
        node.label = artifact.removesuffix(".png").replace("_", " ").title()
        row += 1
        wire_up(material, shader, node, data)
        yield
    return material


def largest_side(pictures: Mapping[str, bytes]) -> int:
    """Pixels a side of the largest of these maps; 0 without one."""
    maps = (artifacts.BASE_COLOR, artifacts.ORM, artifacts.NORMAL, artifacts.EMISSION)
    return max((max(png_header(pictures[name])[:2]) for name in maps if name in pictures), default=0)


def pack_png(name: str, data: bytes, colour: bool) -> bpy.types.Image:
    """An image that holds the PNG file as it came. `colour`: sRGB, otherwise data. Raises InvalidMessage."""
    width, height, _ = png_header(data)
    image = bpy.data.images.new(name, width, height)
    image.file_format = "PNG"
    image.pack(data=data, data_len=len(data))
    image.source = "FILE"
    image.colorspace_settings.name = "sRGB" if colour else "Non-Color"
    image.alpha_mode = "STRAIGHT" if colour else "NONE"
    return image


def png_header(data: bytes) -> tuple[int, int, bool]:
    """(width, height, has alpha) from the first bytes of a PNG. Raises InvalidMessage."""
    if len(data) < 33 or data[:8] != PNG_SIGNATURE or data[12:16] != b"IHDR":
        raise InvalidMessage(f"A texture of {len(data)} bytes is not a PNG file")
    width, height, _depth, kind = struct.unpack(">IIBB", data[16:26])
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise InvalidMessage(f"A texture is {width} by {height} pixels, at most {MAX_SIDE} a side")
    return width, height, kind in (4, 6)


def _base_color(material: bpy.types.Material, shader: bpy.types.Node, node: bpy.types.Node, data: bytes) -> None:
    links = material.node_tree.links
    links.new(node.outputs["Color"], shader.inputs["Base Color"])
    if png_header(data)[2]:
        links.new(node.outputs["Alpha"], shader.inputs["Alpha"])
        material.surface_render_method = "DITHERED"


def _orm(material: bpy.types.Material, shader: bpy.types.Node, node: bpy.types.Node, data: bytes) -> None:
    tree = material.node_tree
    split = tree.nodes.new("ShaderNodeSeparateColor")
    split.location = (-2 * COLUMN, node.location.y)
    tree.links.new(node.outputs["Color"], split.inputs["Color"])
    tree.links.new(split.outputs["Green"], shader.inputs["Roughness"])
    tree.links.new(split.outputs["Blue"], shader.inputs["Metallic"])
    occlusion = tree.nodes.new("ShaderNodeGroup")  # Principled has no occlusion; the glTF exporter looks here
    occlusion.node_tree = _gltf_group()
    occlusion.location = (-COLUMN, node.location.y - ROW / 2)
    tree.links.new(split.outputs["Red"], occlusion.inputs["Occlusion"])


def _normal(material: bpy.types.Material, shader: bpy.types.Node, node: bpy.types.Node, data: bytes) -> None:
    tree = material.node_tree
    bump = tree.nodes.new("ShaderNodeNormalMap")
    bump.location = (-2 * COLUMN, node.location.y)
    tree.links.new(node.outputs["Color"], bump.inputs["Color"])
    tree.links.new(bump.outputs["Normal"], shader.inputs["Normal"])


def _emission(material: bpy.types.Material, shader: bpy.types.Node, node: bpy.types.Node, data: bytes) -> None:
    material.node_tree.links.new(node.outputs["Color"], shader.inputs["Emission Color"])
    shader.inputs["Emission Strength"].default_value = 1.0


def _gltf_group() -> bpy.types.NodeTree:
    group = bpy.data.node_groups.get(OCCLUSION_GROUP)
    if group is None:
        group = bpy.data.node_groups.new(OCCLUSION_GROUP, "ShaderNodeTree")
        group.interface.new_socket("Occlusion", in_out="INPUT", socket_type="NodeSocketFloat")
        group.nodes.new("NodeGroupInput")
    return group
