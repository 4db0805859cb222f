"""The data sets of TAR3D as they were published: ShapeNet and Objaverse with occupancy, surface points and conditions.

    <root>/ShapeNetV2_point/<category>/{train,val,test}.lst     one model a line
    <root>/ShapeNetV2_point/<category>/<model>.npz              vol_points, vol_label, near_points, near_label
    <root>/ShapeNetV2_point/<category>/<model>.npy              scale
    <root>/surface/<category>/4_pointcloud/<model>.npz          points, normals
    <ulip>/dino_feats/Shapenet/<category>_<model>.npz           one array [1, 197, 768] a view
    <ulip>/captions/t5_ulip_feats/<category>_<model>.npz        one array [1, L, 2048] a view

An Objaverse list has one uid a line; its shapes lie under the same names in the category `objaverse`. Specification 12.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy import ndarray

from .augment import ShapeSample
from .seethrough3d_scenes import BadDataset

POINTS, SURFACE, DINO, TEXT = "ShapeNetV2_point", "surface", "dino_feats/Shapenet", "captions/t5_ulip_feats"
OBJAVERSE = "objaverse"
VIEWS = 4  # of the conditions, the first in sorted order are used
Split = Literal["train", "val", "test"]


@dataclass(frozen=True)
class Model:
    category: str
    name: str


def models_of(root: Path, split: Split, categories: tuple[str, ...] = ()) -> list[Model]:
    """The models of a split, of some categories or of all: folders whose name starts with "0". Skips blank lines.

    Raises BadDataset when there is no such folder or nothing in it.
    """
    home = root / POINTS
    if not home.is_dir():
        raise BadDataset(f"{home} is missing", f"{root} must hold the folders {POINTS} and {SURFACE}.")
    chosen = categories or tuple(sorted(path.name for path in home.iterdir() if path.name.startswith("0")))
    found = [Model(category, name) for category in chosen for name in read_list(home / category / f"{split}.lst")]
    if not found:
        raise BadDataset(f"{home} lists no model for '{split}' in {', '.join(chosen) or 'any category'}")
    return found


def models_listed(path: Path, category: str = OBJAVERSE) -> list[Model]:
    """The models of a list of uids, one a line, as Objaverse's is published; each once. Raises BadDataset."""
    found = [Model(category, uid) for uid in dict.fromkeys(read_list(path))]
    if not found:
        raise BadDataset(f"{path} lists no model")
    return found


def read_list(path: Path) -> list[str]:
    """Names of a list, without the ending .npz that some carry. Raises BadDataset when the file is missing."""
    try:
        lines = path.read_text().split()
    except OSError as error:
        raise BadDataset(f"{path} cannot be read: {error.strerror}") from error
    return [line.removesuffix(".npz") for line in lines]


def read_shape(
    root: Path, model: Model, surface: int, queries: int, rng: np.random.Generator, volume_only: bool = False
) -> ShapeSample:
    """One shape: `surface` points with normals, and `queries` points from the volume, then as many near the surface.

    All are drawn without replacement. `volume_only` gives all volume points instead, as validation does. The scale is
    applied to positions and not to normals (the reference scales those too). Raises BadDataset.
    """
    occupancy = _arrays(root / POINTS / model.category / f"{model.name}.npz", "vol_points", "vol_label")
    cloud = _arrays(root / SURFACE / model.category / "4_pointcloud" / f"{model.name}.npz", "points", "normals")
    scale = np.float32(_array(root / POINTS / model.category / f"{model.name}.npy"))
    kept = _some(len(cloud["points"]), surface, rng, model)
    points, labels = occupancy["vol_points"], occupancy["vol_label"]
    if not volume_only:
        near = _arrays(root / POINTS / model.category / f"{model.name}.npz", "near_points", "near_label")
        far_kept = _some(len(points), queries, rng, model)
        near_kept = _some(len(near["near_points"]), queries, rng, model)
        points = np.concatenate([points[far_kept], near["near_points"][near_kept]])
        labels = np.concatenate([labels[far_kept], near["near_label"][near_kept]])
    return ShapeSample(
        surface=cloud["points"][kept].astype(np.float32) * scale,
        normals=cloud["normals"][kept].astype(np.float32),
        points=points.astype(np.float32) * scale,
        labels=labels.astype(np.float32),
    )


def read_condition(
    ulip: Path, model: Model, kind: Literal["image", "text"], rng: np.random.Generator
) -> ndarray | None:
    """Stored features [T, C] of a random one of the first views; None when the model has none.

    Text features keep only the vectors of real words, L of them.
    """
    path = ulip / (DINO if kind == "image" else TEXT) / f"{model.category}_{model.name}.npz"
    if not path.exists():
        return None
    views = _arrays(path)
    names = sorted(views)[:VIEWS]
    if not names:
        raise BadDataset(f"{path} holds no view", "Compute its features again.")
    return views[names[int(rng.integers(len(names)))]][0].astype(np.float32)


def padded_text(features: ndarray, tokens: int = 120) -> tuple[ndarray, ndarray]:
    """Vectors of words [L, C] -> [tokens, C] with zeros before them, and the mask [tokens] of the real ones."""
    kept = features[-tokens:]
    padded = np.zeros((tokens, features.shape[1]), np.float32)
    padded[tokens - len(kept) :] = kept
    return padded, np.arange(tokens) >= tokens - len(kept)


def _arrays(path: Path, *names: str) -> dict[str, ndarray]:
    """Arrays of an .npz; all without names. Raises BadDataset that names the file and what is missing."""
    try:
        with np.load(path, allow_pickle=False) as file:
            missing = [name for name in names if name not in file.files]
            if missing:
                raise BadDataset(f"{path} lacks {', '.join(missing)}; it holds {', '.join(file.files)}")
            return {name: file[name] for name in names or file.files}
    except (OSError, ValueError) as error:
        raise BadDataset(f"{path} cannot be read: {error}", "It is missing or cut off: get it again.") from error


def _array(path: Path) -> ndarray:
    try:
        return np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise BadDataset(f"{path} cannot be read: {error}", "It is missing or cut off: get it again.") from error


def _some(count: int, wanted: int, rng: np.random.Generator, model: Model) -> ndarray:
    if count < wanted:
        raise BadDataset(f"{model.category}/{model.name} has {count} points, {wanted} are wanted", "Ask for fewer.")
    return rng.choice(count, wanted, replace=False)
