"""Layouts that several tests draw: the stored scenes, and one small of our own."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
from PIL import Image

from backend.protocol.seethrough3d import lights
from backend.protocol.seethrough3d.frame import CanonicalBox, CanonicalLayout
from backend.render.boxes import Layout
from backend.stages import condition

GOLDENS = Path(__file__).parents[1] / "goldens" / "seethrough3d"
SCENES = GOLDENS / "scenes"


def canonical(name: str) -> CanonicalLayout:
    request = json.loads((SCENES / name / "scene.json").read_text())["request"]
    camera = request["camera_data"]
    boxes = tuple(
        CanonicalBox((s["x"], s["y"], s["z"]), (s["width"], s["depth"], s["height"]), s["azimuth"])
        for s in request["subjects_data"]
    )
    return CanonicalLayout(boxes, math.degrees(camera["camera_elevation"]), camera["lens"])


def stored(name: str) -> Layout:
    """The scene with the lights of its stored picture."""
    meta = json.loads((SCENES / name / "final_512_meta.json").read_text())
    return condition.drawable(canonical(name), np.array(meta["lights"]["p"]))


def nested(boxes: int = 2, **settings: float) -> Layout:
    """Boxes one in the other, the outermost 1.6 wide."""
    made = tuple(CanonicalBox((0, 0, 0), (1.6 - 0.2 * i, 1.6 - 0.2 * i, 1.2 - 0.15 * i), 20) for i in range(boxes))
    layout = CanonicalLayout(made, settings.get("elevation", 15.0), settings.get("lens", 60.0))
    return condition.drawable(layout, lights.fixed())


def picture(name: str, file: str) -> np.ndarray:
    with Image.open(SCENES / name / file) as image:
        return np.array(image.convert("L" if file.startswith("segmask") else "RGB"))


def error(ours: np.ndarray, golden: np.ndarray) -> tuple[float, float]:
    """Mean and 99th percentile of the absolute difference, in levels of 255."""
    difference = np.abs(ours.astype(np.float64) - golden)
    return float(difference.mean()), float(np.percentile(difference, 99))
