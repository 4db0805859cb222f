"""Colours of a picture land where its camera saw them, and on the mirrored side."""

from dataclasses import replace

import numpy as np
import pytest
import trimesh

from backend.generators.draft.projection import best_look, camera_look, with_view
from backend.mesh.normals import corner_normals
from backend.mesh.unwrap import unwrap
from backend.protocol.assets import BoxView, MaterialMaps, MeshData
from backend.protocol.scene import Box, Camera

BOX = Box(id="a", prompt="chair", location=(1.0, 2.0, 0.0), size=(1.0, 1.0, 1.0))
# Stands two metres before the box and looks along +y at its middle.
CAMERA = Camera(
    location=(1.0, -0.5, 0.5), rotation=(0.7071067811865476, 0.7071067811865476, 0.0, 0.0), lens=36.0, sensor_width=36.0
)


def cube() -> MeshData:
    mesh = trimesh.creation.box((1.0, 1.0, 1.0)).subdivide().subdivide()
    vertices, faces = (mesh.vertices + np.array([0, 0, 0.5])).astype(np.float32), mesh.faces.astype(np.int32)
    normals = corner_normals(vertices, faces, 30.0).astype(np.float32)
    return MeshData(vertices, faces, unwrap(vertices, faces, 128), normals)


def grey_maps() -> MaterialMaps:
    return MaterialMaps(*(np.full((128, 128, 3), 128, np.uint8) for _ in range(3)))


def colour_at(mesh: MeshData, maps: MaterialMaps, point: tuple[float, float, float]) -> np.ndarray:
    """Of the face whose centre is nearest to a point."""
    centres = mesh.vertices[mesh.faces].mean(1)
    face = int(np.linalg.norm(centres - point, axis=1).argmin())
    across, up = mesh.corner_uvs[face].mean(0)
    return maps.base_color[int((1 - up) * 128), int(across * 128)]


def halves() -> np.ndarray:
    """Red on the left, blue on the right, opaque."""
    image = np.zeros((64, 64, 4), np.uint8)
    image[:, :32, 0] = image[:, 32:, 2] = image[..., 3] = 255
    return image


def test_the_front_takes_the_picture_and_the_back_its_tone():
    mesh = cube()
    maps = with_view(mesh, grey_maps(), BOX, BoxView("a", halves(), CAMERA, 1.0))
    np.testing.assert_array_equal(colour_at(mesh, maps, (-0.3, -0.5, 0.5)), (255, 0, 0))
    np.testing.assert_array_equal(colour_at(mesh, maps, (0.3, -0.5, 0.5)), (0, 0, 255))
    back = colour_at(mesh, maps, (0.3, 0.5, 0.5))
    assert back[1] < 60 and abs(int(back[0]) - int(back[2])) < 20


def test_a_side_that_is_not_seen_is_like_the_other_side():
    # From the asset's left (+x) only: its right side takes the mirrored colour.
    aside = replace_camera((3.5, 2.0, 0.5), (0.5, 0.5, 0.5, 0.5))
    image = halves()
    image[...] = (0, 200, 0, 255)
    mesh = cube()
    maps = with_view(mesh, grey_maps(), BOX, BoxView("a", image, aside, 1.0))
    for side in (-0.5, 0.5):
        np.testing.assert_array_equal(colour_at(mesh, maps, (side, 0.1, 0.5)), (0, 200, 0))


def replace_camera(location, rotation) -> Camera:
    return Camera(location=location, rotation=rotation, lens=36.0, sensor_width=36.0)


def test_a_point_is_found_in_the_picture_where_the_camera_sees_it():
    look, towards = camera_look(BOX, CAMERA)
    place, distance = look(np.array([[0.0, -0.5, 0.5], [0.5, -0.5, 1.0]]))
    np.testing.assert_allclose(place, [[0.5, 0.5], [0.75, 0.25]], atol=1e-9)
    np.testing.assert_allclose(distance, 2.0)
    np.testing.assert_allclose(towards, (0, -2.5, 0.5))


def test_a_picture_of_unknown_camera_is_laid_over_the_outline_that_fits():
    rng = np.random.default_rng(0)
    points = rng.random((20_000, 3)) * [1.0, 0.3, 0.5] - [0.5, 0.15, 0.0]
    alpha = np.zeros((96, 96), np.uint8)
    alpha[32:64, 16:80] = 255  # twice as wide as high: seen from the front
    look, towards = best_look(points, alpha)
    assert abs(towards[0]) < 0.3 * abs(towards[1]) and towards[1] < 0
    assert look(points)[0].min() == pytest.approx(1 / 6, abs=0.02)


def test_the_alpha_of_the_painted_map_stays():
    mesh, maps = cube(), grey_maps()
    clear = replace(maps, base_color=np.full((128, 128, 4), 100, np.uint8))
    painted = with_view(mesh, clear, BOX, BoxView("a", halves(), CAMERA, 1.0))
    assert (painted.base_color[..., 3] == 100).all()
