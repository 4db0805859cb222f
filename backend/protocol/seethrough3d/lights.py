"""The five lights of the condition picture. The reference draws them anew for every picture; ours stay. NumPy only."""

from __future__ import annotations

import math

import numpy as np

COUNT = 5
DISTANCE = 16.0  # from the orbit centre, scene units
CENTRE = np.array([-6.0, 0.0, 0.0])
SEED = 276  # of 300 draws the one that lights the nominal floor most evenly


def draw(seed: int) -> np.ndarray:
    """(5,3) positions on the camera's side, at least 30 degrees above the horizon (spec 3.4).

    The law and the order of the draws are the reference's: the same numpy seed gives the same lights.
    """
    generator = np.random.RandomState(seed)
    heading = generator.uniform(-math.pi / 2, math.pi / 2, COUNT)
    cosine = generator.uniform(0.5, 1.0, COUNT)
    sine = np.sqrt(1 - cosine**2)
    return DISTANCE * np.stack([sine * np.cos(heading), sine * np.sin(heading), cosine], -1) + CENTRE


def fixed() -> np.ndarray:
    """(5,3): the lights of every picture that we make."""
    return draw(SEED)
