import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from backend.render import raster

from .layouts import error, nested

pytestmark = pytest.mark.skipif(importlib.util.find_spec("bpy") is None, reason="no bpy here")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def frames(tmp_path_factory):
    """Every picture that these tests look at, rendered once in a process of its own."""
    folder = tmp_path_factory.mktemp("frames")
    path = folder / "frames.npz"
    command = [sys.executable, "-m", "tests.render.blender_frames", str(path)]
    # The driver keeps compiled shaders on disk: an empty cache shows what the first render costs a newcomer.
    cold = os.environ | {"MESA_SHADER_CACHE_DIR": str(folder), "XDG_CACHE_HOME": str(folder)}
    done = subprocess.run(command, cwd=ROOT, env=cold, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    said = [line for line in done.stdout.splitlines() if "WARNING CUEW" not in line]  # 5.2 misses a GPU while importing
    assert said == [], "Blender's progress belongs on standard error"
    with np.load(path) as data:
        return dict(data)


def test_eevee_paints_what_the_raster_renderer_computes(frames):
    mean, worst = error(frames["nested"], raster.render(nested(2), 128))
    assert mean < 2 and worst < 16


def test_cycles_renders_the_same_picture(frames):
    mean, _ = error(frames["cycles"], raster.render(nested(2), 64))
    assert mean < 3


def test_a_layout_rendered_again_is_the_same_picture(frames):
    assert (frames["first"] == frames["third"]).all()
    assert (frames["nested"] == frames["after_cycles"]).all()


def test_the_second_render_costs_at_most_a_third_of_the_first(frames):
    assert frames["second_seconds"] <= frames["first_seconds"] / 3


def test_nothing_is_left_in_the_open_file(frames):
    assert frames["untouched"]
