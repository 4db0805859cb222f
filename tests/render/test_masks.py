import numpy as np
import pytest
from safetensors.numpy import load_file

from backend.protocol.seethrough3d import lights
from backend.protocol.seethrough3d.frame import CanonicalBox, CanonicalLayout
from backend.render import masks
from backend.stages import condition

from .layouts import GOLDENS, SCENES, nested, picture, stored


def layout_of(*boxes: CanonicalBox):
    return condition.drawable(CanonicalLayout(boxes, 10.0, 50.0), lights.fixed())


@pytest.mark.parametrize("scene", ["example1", "example4"])
def test_tokens_of_our_silhouettes_are_the_stored_tokens(scene):
    ours = masks.amodal(stored(scene))
    golden = load_file(SCENES / scene / "token_masks.safetensors")["out.token_masks"]
    assert (masks.tokens(ours) == golden).all()
    for i, mask in enumerate(ours):
        assert (mask == (picture(scene, f"segmask_1024_{i:03d}.png") > 128)).mean() > 0.999


def test_tokens_are_set_by_a_single_pixel():
    silhouettes = np.zeros((1, 64, 64), np.uint8)
    silhouettes[0, 63, 0] = 129
    silhouettes[0, 0, 0] = 128
    expected = np.zeros((1, 32, 32))
    expected[0, 31, 0] = 1
    assert (masks.tokens(silhouettes) == expected).all()
    with pytest.raises(ValueError, match="60 x 64"):
        masks.tokens(silhouettes[:, :60])


def test_the_nearest_keeps_its_mask_and_ties_go_to_the_first():
    golden = load_file(GOLDENS / "z_pass.safetensors")
    assert (masks.z_pass(golden["in.masks"], golden["in.dist"]) == golden["out.masks"]).all()


def test_depth_is_the_distance_along_the_view_to_the_front():
    layout = layout_of(CanonicalBox((0, 0, 0), (2, 2, 2)))  # faces x = -5 and, nearer, lower depth at the bottom edge
    depth = masks.depth(layout, 128)
    corners = layout.view.to_camera(layout.cuboids[0].corners)[:, 2]
    seen = depth[np.isfinite(depth)]
    assert corners.min() - 1e-3 <= seen.min() < corners.min() + 0.1
    assert seen.max() < corners.max()


def test_what_is_behind_is_not_visible_but_amodal():
    near, far = CanonicalBox((2, 0, 0), (1, 1, 1)), CanonicalBox((-2, 0, 0), (0.5, 0.5, 0.5))
    layout = layout_of(far, near)
    visible = masks.visible(masks.depth(layout, 128))
    assert masks.amodal(layout, 128)[0].sum() > 20
    assert visible[0].sum() == 0 and visible[1].sum() > 500
    assert not (visible[0] & visible[1]).any()


def test_a_box_in_a_box_is_hidden_by_it():
    visible = masks.visible(masks.depth(nested(2), 64))
    assert visible[0].any() and not visible[1].any()


def test_a_box_behind_the_camera_has_an_empty_mask():
    layout = layout_of(CanonicalBox((9, 0, 0), (1, 1, 1)))
    assert not masks.amodal(layout, 64).any()
    assert not np.isfinite(masks.depth(layout, 64)).any()


def test_a_box_around_the_camera_fills_the_picture_from_the_near_plane_on():
    layout = layout_of(CanonicalBox((6, 0, 0), (4, 4, 4)))
    assert masks.amodal(layout, 64).all()
    assert np.allclose(masks.depth(layout, 64), layout.view.near)
