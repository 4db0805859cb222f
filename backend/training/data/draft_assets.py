"""Draft as an endless source of shapes: a seed gives an asset in TAR3D's frame with its size and words. NumPy only.

Seeds below HELD_BACK are never trained on.
"""

import multiprocessing
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ...generators.draft.asset import Kind, Part, Style, assemble
from ...generators.draft.kinds.table import KINDS
from ...generators.tar3d.frame import to_model
from .thicken import thickened

HELD_BACK = 1_000_000
ATTEMPTS = 8  # proportions tried before an asset is given up
LEAST_THICKNESS = 0.03  # of a part, in TAR3D's units: two cells of a grid of 128
CAPTIONS = 4  # wordings of one asset

TRAINED_KINDS = (
    "chair", "armchair", "stool", "bar stool", "bench", "sofa", "ottoman", "table", "coffee table", "desk",
    "bookshelf", "dresser", "wardrobe", "bed", "floor lamp", "table lamp",
)  # fmt: skip


@dataclass(frozen=True)
class DrawnAsset:
    kind: str
    captions: tuple[str, ...]  # CAPTIONS wordings
    size: tuple[float, float, float]  # of its box, metres
    vertices: ndarray  # (V,3) float32, TAR3D's frame
    faces: ndarray  # (F,3) int32, outward
    slots: ndarray  # (F,) uint8, which material a face has
    thick: ndarray  # (V,3) float32, the vertices with every part at least LEAST_THICKNESS thick


def trained_kinds() -> tuple[Kind, ...]:
    """The kinds of TRAINED_KINDS that Draft has, in that order."""
    by_name = {kind.name: kind for kind in KINDS}
    return tuple(by_name[name] for name in TRAINED_KINDS if name in by_name)


def draw_asset(seed: int) -> DrawnAsset:
    """The asset of a seed: kind, style and proportions all follow from it."""
    rng = np.random.default_rng([seed, 3])
    kinds = trained_kinds()
    kind = kinds[int(rng.integers(len(kinds)))]
    style = Style.draw(kind, seed)
    size, parts = _assemble(kind, style, rng)
    slots = list(kind.slots)
    counts = [len(part.vertices) for part in parts]
    offsets = np.cumsum([0, *counts])
    vertices = to_model(np.concatenate([p.vertices for p in parts]), size)
    faces = np.concatenate([p.faces + start for p, start in zip(parts, offsets, strict=False)])
    of_part = np.repeat(np.arange(len(parts)), counts)
    return DrawnAsset(
        kind=kind.name,
        captions=tuple(_caption(kind, style, rng) for _ in range(CAPTIONS)),
        size=size,
        vertices=vertices.astype(np.float32),
        faces=faces.astype(np.int32),
        slots=np.concatenate([np.full(len(p.faces), slots.index(p.slot), np.uint8) for p in parts]),
        thick=thickened(vertices, faces, of_part, LEAST_THICKNESS).astype(np.float32),
    )


def _assemble(kind: Kind, style: Style, rng: np.random.Generator) -> tuple[tuple[float, float, float], list[Part]]:
    """Proportions and parts; some kinds refuse some proportions, which are then drawn again."""
    for attempt in range(ATTEMPTS):
        width, depth, height = (float(s) for s in np.asarray(kind.size) * np.exp(rng.uniform(-0.3, 0.3, 3)))
        try:
            return (width, depth, height), assemble(kind, style, (width, depth, height))
        except ValueError:
            if attempt == ATTEMPTS - 1:
                raise
    raise ValueError(f"ATTEMPTS is {ATTEMPTS}, at least 1 is needed")


@contextmanager
def draw_assets(seeds: Iterable[int], processes: int) -> Iterator[Iterator[DrawnAsset]]:
    """The assets of seeds, in order, made by that many processes (0: by this one)."""
    if processes == 0:
        yield map(draw_asset, seeds)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield pool.imap(draw_asset, seeds, chunksize=8)


def _caption(kind: Kind, style: Style, rng: np.random.Generator) -> str:
    """One of the kind's names, with some of the style's words before it."""
    names = (kind.name, kind.name, *kind.words)
    name = names[int(rng.integers(len(names)))]
    looks = [v for v in style.values.values() if isinstance(v, str) and rng.random() < 0.5]
    return " ".join((*looks, name))
