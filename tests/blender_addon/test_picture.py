"""Picture first: made, shown behind the boxes, made again, approved."""

import bpy
import pytest
from greybox.backend.protocol import messages as m
from greybox.blender_addon import backdrop, boxes, generator_options, jobs, pictures

from tests.fakes import assets

from .test_jobs import furnished, pump, run


@pytest.fixture
def lifted(blender, box):
    """A layout with a camera, of a generator that works from a picture."""
    sofa = box("Sofa", location=(0, 0, 0))
    box("Lamp", "lamp", (1.5, 0.5, 0), (0.4, 0.4, 1.6))
    for one in boxes.all_boxes(blender.scene):
        one.greybox.generator = "pixal3d"
    bpy.ops.greybox.frame_boxes()
    blender.view_layer.update()
    return sofa


@pytest.fixture
def online(backend, lifted):
    jobs.connect(bpy.context, start=False)
    pump(lambda: jobs.session().welcome)
    return backend


def sent(backend):
    return [message.job for message in backend.received if isinstance(message, m.Submit)]


def test_generate_stops_at_the_picture_which_lands_behind_the_boxes(blender, online):
    assert bpy.ops.greybox.generate() == {"FINISHED"}
    run()
    assert sent(online)[0].settings.stop_after == "image" and not furnished()
    settings = blender.scene.greybox
    shown = settings.picture_view.data.background_images[0]
    assert shown.image == settings.picture and shown.frame_method == "CROP" and tuple(shown.image.size) == (256, 256)
    assert pictures.shown(backdrop.icon_of(0)) and pictures.shown(jobs.PREVIEW_ICON)


def test_approving_goes_on_with_the_same_layout(blender, online):
    bpy.ops.greybox.generate()
    run()
    assert bpy.ops.greybox.approve_picture() == {"FINISHED"}
    run()
    first, second = sent(online)
    assert second.settings.stop_after == "" and second.scene == first.scene
    assert furnished() == ["Lamp", "Sofa"]


def test_another_seed_replaces_the_picture(blender, online):
    bpy.ops.greybox.generate()
    run()
    settings = blender.scene.greybox
    assert bpy.ops.greybox.make_picture(new_seed=True) == {"FINISHED"}
    run()
    first, second = sent(online)
    assert second.scene.seed != first.scene.seed
    assert len(settings.picture_view.data.background_images) == 1
    assert sum(image.name.startswith(backdrop.NAME) for image in bpy.data.images) == 1


def test_an_edited_prompt_is_in_the_next_picture(blender, online, lifted):
    bpy.ops.greybox.make_picture()
    run()
    lifted.greybox.prompt = "pink sofa"
    bpy.ops.greybox.make_picture()
    run()
    assert [box.prompt for box in sent(online)[1].scene.boxes if box.id == lifted.greybox.uid] == ["pink sofa"]


def test_it_goes_on_by_itself_where_that_is_wished(blender, online):
    blender.scene.greybox.picture_first = False
    bpy.ops.greybox.generate()
    run()
    assert sent(online)[0].settings.stop_after == "" and len(furnished()) == 2


def test_a_camera_that_the_model_cannot_have_gets_a_second_one(blender, online):
    camera = blender.scene.camera
    camera.rotation_euler.y += 0.4  # rolled
    blender.view_layer.update()
    bpy.ops.greybox.make_picture()
    run()
    settings = blender.scene.greybox
    assert settings.picture_view != camera and blender.scene.camera == camera
    assert not camera.data.background_images and settings.picture_view.data.background_images[0].image


def test_of_several_pictures_one_is_chosen_with_its_seed(blender, online):
    generator_options.write(blender.scene, "seethrough3d", {"pictures": 3})
    blender.scene.greybox.seed = 40
    bpy.ops.greybox.make_picture()
    run()
    settings = blender.scene.greybox
    assert [entry.seed for entry in settings.pictures] == [40, 41, 42]
    assert bpy.ops.greybox.choose_picture(index=2) == {"FINISHED"}
    shown = settings.picture_view.data.background_images[0]
    assert shown.image == settings.picture == settings.pictures[2].image and settings.seed == 42
    bpy.ops.greybox.make_picture()
    run()
    assert len(settings.pictures) == 3 and sum(i.name.startswith(backdrop.NAME) for i in bpy.data.images) == 3


def test_approving_another_than_the_first_makes_that_one_only(blender, online):
    generator_options.write(blender.scene, "seethrough3d", {"pictures": 3})
    bpy.ops.greybox.make_picture()
    run()
    bpy.ops.greybox.approve_picture()
    run()
    bpy.ops.greybox.choose_picture(index=1)
    bpy.ops.greybox.approve_picture()
    run()
    _, first, second = sent(online)
    assert first.settings.options["seethrough3d"]["pictures"] == 3  # the same picture job: it is taken over
    assert second.settings.options["seethrough3d"]["pictures"] == 1 and second.scene.seed == first.scene.seed + 1


def test_a_picture_can_be_hidden(blender, online):
    bpy.ops.greybox.make_picture()
    run()
    settings = blender.scene.greybox
    settings.show_picture = False
    assert not settings.picture_view.data.background_images[0].show_background_image


def test_the_picture_is_collected_by_the_next_blender(blender, online, tmp_path):
    online.hold.set()
    bpy.ops.greybox.make_picture()
    pump(lambda: sent(online))
    path = str(tmp_path / "a.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    jobs.disconnect()
    bpy.ops.wm.read_homefile(use_empty=True)
    online.hold.clear()
    bpy.ops.wm.open_mainfile(filepath=path)
    jobs.connect(bpy.context, start=False)
    pump(lambda: bpy.context.scene.greybox.picture)
    jobs.disconnect()


def test_previews_are_decoded_and_damage_is_harmless(blender):
    pixels = pictures.decode(assets.picture(3, 64))
    assert pixels.shape == (64, 64, 4) and pixels[..., 3].min() == 1 and pixels[..., 0].std() > 0.1
    assert pictures.decode(assets.picture(3, 600)).shape == (256, 256, 4)
    assert pictures.decode(b"no picture") is None
    pictures.show("x", b"no picture")
    assert not pictures.shown("x") and pictures.icon("x") == 0
