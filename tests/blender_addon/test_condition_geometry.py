"""What the live condition draws is what the backend renders: same places, same colours."""

import numpy as np
import pytest
from greybox.backend.protocol.scene import from_json
from greybox.backend.protocol.seethrough3d import frame
from greybox.blender_addon import boxes, condition_geometry, condition_layout, examples, framing, scene_writer

from backend.protocol.seethrough3d import lights
from backend.render import raster
from backend.render.boxes import BAR_POINTS, BAR_SIDES
from backend.stages import condition

SIDE = 96


@pytest.fixture(params=["backyard", "living_room"])
def layout(request):
    return frame.to_canonical(from_json((examples.FOLDER / f"{request.param}.json").read_bytes())).layout


def covered(points, triangle, size):
    """Pixels whose centres lie in a projected triangle, and the weights of its corners there."""
    y, x = np.mgrid[0:size, 0:size] + 0.5
    (ax, ay), (bx, by), (cx, cy) = points[triangle]
    area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    if abs(area) < 1e-9:
        return np.zeros((size, size), bool), None
    b = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area
    c = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area
    return (b >= 0) & (c >= 0) & (b + c <= 1), (1 - b - c, b, c)


def blended(geometry, size):
    """(size,size,3) scene-linear: what a GPU makes of the arrays, slowly, for faces in front of the camera."""
    out, depth = np.zeros((size, size, 3)), np.full((size, size), np.inf)
    for (points, shade, triangles), opaque in ((geometry.opaque, True), (geometry.faces, False)):
        clip = np.c_[points, np.ones(len(points))] @ geometry.projection.T
        near = clip[:, 3] > 0.1
        flat = clip[:, :2] / np.where(near, clip[:, 3], 1)[:, None]
        pixels = np.stack([(flat[:, 0] + 1) / 2 * size, (1 - flat[:, 1]) / 2 * size], -1)
        for triangle in triangles[near[triangles].all(1)]:
            inside, weights = covered(pixels, triangle, size)
            if not inside.any():
                continue
            inverse = sum(w / clip[i, 3] for w, i in zip(weights, triangle, strict=True))
            z = 1 / np.where(inside, inverse, 1)
            inside &= z <= depth
            colour = sum(w[..., None] * shade[i] / clip[i, 3] for w, i in zip(weights, triangle, strict=True))
            colour = colour * z[..., None]
            through = 1 - colour[inside, 3:]
            out[inside] = colour[inside, :3] + (0 if opaque else 1) * through * out[inside]
            if opaque:
                depth[inside] = z[inside]
    return out


def test_its_bars_are_those_of_the_renderer():
    assert np.allclose(condition_geometry.BARS, BAR_POINTS[:, BAR_SIDES].reshape(48, 4, 3)) or np.allclose(
        sorted(map(tuple, condition_geometry.BARS.reshape(-1, 3).round(6))),
        sorted(map(tuple, BAR_POINTS[:, BAR_SIDES].reshape(-1, 3).round(6))),
    )


def test_its_light_is_that_of_the_renderer(layout):
    scene = raster._Scene.of(condition.drawable(frame.CanonicalLayout((), 20.0, 50.0), lights.fixed()))
    points = np.random.default_rng(0).uniform(-6, 2, (40, 3)).astype(np.float32)
    normals = np.broadcast_to(np.array([0, 0, 1], np.float32), points.shape)
    theirs = raster._irradiance(scene, points, normals, np.zeros(40, int))
    assert condition_geometry.irradiance(points, normals) == pytest.approx(theirs, rel=1e-4)


def test_the_picture_is_the_renderers(layout):
    """Scene-linear, away from the edge bars, which this small picture cannot show without sub-samples."""
    ours = blended(condition_geometry.build(layout), SIDE)
    theirs = raster.radiance(condition.drawable(layout, lights.fixed()), SIDE, 4)
    error = np.abs(ours - theirs).max(-1)
    assert np.median(error) < 2e-4 and np.percentile(error, 70) < 6e-4


def test_faces_are_drawn_from_back_to_front(layout):
    geometry = condition_geometry.build(layout)
    points, _, triangles = geometry.faces
    depth = (np.c_[points, np.ones(len(points))] @ geometry.projection.T)[:, 3]
    middle = depth[triangles.reshape(-1, 6)].mean(1)
    assert (np.diff(middle) < 1e-6).all()


def test_nothing_is_read_twice_and_a_move_is_seen(blender, box):
    reader = condition_layout.Reader()
    assert reader.read(blender.scene).error == "There is no camera"
    sofa = box("Sofa")
    framing.frame_boxes(blender)
    blender.view_layer.update()
    first = reader.read(blender.scene)
    assert first.canonical is not None and reader.read(blender.scene) is first
    sofa.location.x += 1
    blender.view_layer.update()
    assert reader.read(blender.scene) is not first
    sofa.scale.z = 0  # a flat box is left out; the panel says why
    blender.view_layer.update()
    assert reader.read(blender.scene).canonical.layout.boxes == ()


def test_it_says_what_the_model_cannot_see(blender, box):
    box("Big Sofa").rotation_euler = (0.4, 0, 0)
    framing.frame_boxes(blender)
    camera, reader = blender.scene.camera, condition_layout.Reader()
    camera.rotation_euler.y += 0.2
    camera.data.shift_x = 0.1
    blender.view_layer.update()
    words = " ".join(reader.read(blender.scene).warnings)
    assert "rolled" in words and "shift" in words and "Box 'Big Sofa' rotation: tilted" in words
    camera.data.type = "ORTHO"
    assert "perspective" in reader.read(blender.scene).error.lower()


def test_a_stored_layout_reads_the_same_from_blender(blender):
    spec = examples.read("living_room")
    scene_writer.write_scene(blender, spec)
    blender.view_layer.update()
    shown = condition_layout.Reader().read(blender.scene).canonical.layout
    told = frame.to_canonical(spec).layout
    assert shown.lens == pytest.approx(told.lens, rel=1e-4) and shown.elevation == pytest.approx(
        told.elevation, abs=1e-3
    )
    assert len(shown.boxes) == len(boxes.all_boxes(blender.scene)) == len(told.boxes)
