"""Which pixels belong to the thing: from a picture and a rough region, an alpha. NumPy and SciPy only.

`Matting` is the one interface; a network of one's own is a function of the same form. The default asks the colours:
what is found around the region is background, and so is what looks like it inside.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image
from scipy import ndimage

from ..weights.catalogue import SAM, weights_folder

Matting = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""picture (H,W,3) uint8 sRGB, region (H,W) bool -> alpha (H,W) float32 in 0..1, zero outside of the region."""

WORKED_AT = 256  # pixels of the longer side at which colours are compared
COLOURS = 4  # clusters of each side
ROUNDS = 4  # of telling thing and background apart
SAMPLES = 4000  # pixels that clusters are found from
RING = 0.08  # of the longer side: how far around the region background is looked for
SMOOTH = 0.8  # pixels over which neighbours agree
TOLD = 1.0  # mean log odds of the thing's pixels below which the colours say nothing
LEAST = 0.12  # share of the region that a thing fills at least; below it the colours are not believed
SPREAD = 18.0  # smallest variance of a cluster, in squared levels of 255


def installed_matting(device: str) -> Matting:
    """Segment Anything where its weights are, else the colours. Loads the network."""
    if not SAM.present(weights_folder()):
        return by_colour
    from .segment import Segmenter

    return Segmenter(SAM.folder(weights_folder()), device)


def by_region(picture: np.ndarray, region: np.ndarray) -> np.ndarray:
    """The region itself."""
    return region.astype(np.float32)


def by_colour(picture: np.ndarray, region: np.ndarray) -> np.ndarray:
    """The part of the region whose colours differ from those around it; all of it where they do not tell."""
    if not region.any() or region.all():
        return by_region(picture, region)
    scale = min(1.0, WORKED_AT / max(region.shape))
    small = _resized(picture, scale, Image.Resampling.BOX).astype(np.float64)
    inside = _resized(region.astype(np.uint8) * 255, scale, Image.Resampling.BOX) > 127
    around = _around(inside)
    if not inside.any() or around.sum() < COLOURS * 4:
        return by_region(picture, region)
    alpha = _told_apart(small, inside, around)
    if alpha[inside].mean() < LEAST:
        return by_region(picture, region)
    full = Image.fromarray((alpha * 255).astype(np.uint8)).resize(
        (region.shape[1], region.shape[0]), Image.Resampling.BICUBIC
    )
    return np.asarray(full, np.float32) / 255 * region


def _told_apart(picture: np.ndarray, inside: np.ndarray, around: np.ndarray) -> np.ndarray:
    """(h,w) soft mask, empty where colours do not tell: rounds of learning both sides' and asking every pixel."""
    rng = np.random.default_rng(0)
    thing = inside
    soft = inside.astype(np.float64)
    background = around
    for _ in range(ROUNDS):
        if thing.sum() < COLOURS * 4:
            break
        odds = _unlikely(picture, background, rng) - _unlikely(picture, thing, rng)
        odds = ndimage.gaussian_filter(np.clip(odds, -12, 12), SMOOTH)
        soft = np.where(inside, 1 / (1 + np.exp(-np.clip(odds, -30, 30))), 0.0)
        thing = soft > 0.5
        background = around | (inside & (soft < 0.2))
        if thing.any() and odds[thing].mean() < TOLD:
            return np.zeros_like(soft)
    return _whole(soft, inside)


def _unlikely(picture: np.ndarray, sample: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(h,w) half the squared distance to the nearest colour cluster of the sample, in its own spread."""
    colours = picture[sample]
    if len(colours) > SAMPLES:
        colours = colours[rng.choice(len(colours), SAMPLES, replace=False)]
    best = np.full(picture.shape[:2], np.inf)
    for own in _clusters(colours, rng):
        centre = own.mean(0)
        variance = ((own - centre) ** 2).mean() + SPREAD
        cost = ((picture - centre) ** 2).sum(-1) / (2 * variance) + 1.5 * np.log(variance)
        best = np.minimum(best, cost - np.log(len(own) / len(colours)))
    return best


def _clusters(colours: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Colours (n,3) in at most COLOURS groups, by k-means."""
    centres = colours[rng.integers(len(colours), size=1)]
    for _ in range(COLOURS - 1):  # the farther a colour is from those chosen, the likelier it is the next
        away = ((colours[:, None] - centres) ** 2).sum(-1).min(1)
        if not away.any():
            break
        centres = np.concatenate([centres, colours[rng.choice(len(colours), size=1, p=away / away.sum())]])
    groups = [colours]
    for _ in range(10):
        nearest = ((colours[:, None] - centres) ** 2).sum(-1).argmin(1)
        groups = [colours[nearest == index] for index in range(len(centres))]
        groups = [group for group in groups if len(group)]
        centres = np.array([group.mean(0) for group in groups])
    return groups


def _whole(soft: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Without specks, and without pin holes in the thing."""
    thing = ndimage.binary_opening(soft > 0.5)
    thing = ndimage.binary_closing(thing, iterations=1) & inside
    labels, count = ndimage.label(thing)  # type: ignore[misc]
    if count == 0:
        return soft * 0
    sizes = ndimage.sum_labels(thing, labels, np.arange(1, count + 1))
    kept = np.isin(labels, 1 + np.flatnonzero(sizes >= 0.02 * sizes.max()))
    return np.where(kept, np.maximum(soft, 0.5), np.minimum(soft, 0.5) * ndimage.binary_dilation(kept)) * inside


def _around(inside: np.ndarray) -> np.ndarray:
    """The ring around the region."""
    width = max(2, round(RING * max(inside.shape)))
    near, touching = ndimage.binary_dilation(inside, iterations=width), ndimage.binary_dilation(inside)
    return np.logical_and(near, np.logical_not(touching))


def _resized(pixels: np.ndarray, scale: float, how: Image.Resampling) -> np.ndarray:
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    return np.asarray(Image.fromarray(pixels).resize(size, how))
