"""Scores of meshes and of pictures, as TAR3D reports them: a table, and a picture to look at.

python -m backend.evaluation meshes MADE TRUE [--views] [--sheet FILE]    folders with meshes of the same names
python -m backend.evaluation images MADE TRUE [--sheet FILE]              folders with pictures of the same names

Meshes get Chamfer distance, F-score and normal consistency; with `--views` also the scores of pictures, over twenty
views of each. Pictures get PSNR and SSIM, LPIPS with `--alexnet` and `--lpips`, the CLIP score with `--clip`.
The shipped TAR3D weights are scored by `python -m backend.training.recipes.tar3d_scores`.
"""

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy import ndarray

from . import clip, geometry, image, lpips, views
from .sheet import contact_sheet

MESHES, PICTURES = (".obj", ".ply", ".stl", ".glb", ".off"), (".png", ".jpg", ".jpeg")
SHOWN_VIEW = 4  # of the twenty: from before and above
Scores = dict[str, float]
Compare = Callable[[ndarray, ndarray], Scores]  # true and made pictures (N,H,W,3) uint8 -> means


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m backend.evaluation", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(required=True)
    meshes = commands.add_parser("meshes", help="Chamfer distance, F-score and normal consistency")
    meshes.add_argument("--threshold", type=float, default=geometry.THRESHOLD)
    meshes.add_argument("--align-truth", action="store_true", help="turn the truth as the published evaluation does")
    meshes.add_argument("--views", action="store_true", help="also compare twenty rendered views of each")
    meshes.set_defaults(run=score_meshes)
    images = commands.add_parser("images", help="PSNR, SSIM, LPIPS and CLIP score")
    images.set_defaults(run=score_images)
    for command in (meshes, images):
        command.add_argument("made", type=Path)
        command.add_argument("true", type=Path)
        command.add_argument("--alexnet", type=Path, help="torchvision's alexnet-owt-7be5be79.pth, for LPIPS")
        command.add_argument("--lpips", type=Path, help="alex.pth of lpips 0.1")
        command.add_argument("--clip", type=Path, help="open_clip's ViT-B-32 laion400m_e31")
        command.add_argument("--sheet", type=Path, help="draw what was made beside the truth here")
    options = parser.parse_args(arguments)
    if (options.alexnet is None) != (options.lpips is None):
        parser.error("LPIPS needs both files: --alexnet and --lpips")
    options.run(options)


def pairs(made: Path, true: Path, endings: tuple[str, ...]) -> list[tuple[Path, Path]]:
    """Files of the same stem in both folders."""
    truths = {path.stem: path for path in sorted(true.iterdir()) if path.suffix.lower() in endings}
    found = [(p, truths[p.stem]) for p in sorted(made.iterdir()) if p.suffix.lower() in endings and p.stem in truths]
    if not found:
        raise SystemExit(f"no file of {made} has one of the same name in {true}")
    return found


def table(rows: list[tuple[str, Scores]]) -> None:
    """One line a row, then the means."""
    names = list(rows[0][1])
    means = ("mean", {name: float(np.mean([values[name] for _, values in rows])) for name in names})
    print(f"{'':24s}" + "".join(f"{name:>19s}" for name in names))
    for title, values in [*rows, means]:
        print(f"{title[:24]:24s}" + "".join(f"{values[name]:19.4f}" for name in names))


def compare_by(options: argparse.Namespace) -> Compare:
    """The scores of pictures for which weights were given, and those that need none."""
    distance = lpips.load_lpips(options.alexnet, options.lpips) if options.lpips else None
    tower = clip.load_clip(options.clip) if options.clip else None

    def compare(true: ndarray, made: ndarray) -> Scores:
        scores = {
            "psnr": np.mean([image.psnr(t, m) for t, m in zip(true, made, strict=True)]),
            "ssim": np.mean([image.ssim(t, m) for t, m in zip(true, made, strict=True)]),
        }
        if distance is not None:
            scores["lpips"] = np.mean(lpips.distances(distance, true, made))
            scores["lpips, in [-1, 1]"] = np.mean(lpips.distances(distance, true, made, as_published=False))
        if tower is not None:
            scores["clip"] = np.mean(clip.scores(tower, true, made))
        return {name: float(value) for name, value in scores.items()}

    return compare


def score_meshes(options: argparse.Namespace) -> None:
    rows, shown = [], []
    compare = compare_by(options) if options.views else None
    for made, true in pairs(options.made, options.true, MESHES):
        mesh, truth = read_mesh(made), read_mesh(true)
        if options.align_truth:
            truth = geometry.align_ground_truth(geometry.normalize(truth[0])), truth[1]
        scores = asdict(geometry.compare_meshes(mesh, truth, 0, options.threshold))
        if compare is not None:
            seen = views.twenty_views(*truth), views.twenty_views(*mesh)
            scores |= compare(*seen)
            shown.append((made.stem, [pictures[SHOWN_VIEW] for pictures in seen[::-1]]))
        elif options.sheet is not None:
            pose = image.look_at(image.camera_eyes()[SHOWN_VIEW])
            both = [views.view(geometry.normalize(v), f, pose) for v, f in (mesh, truth)]
            shown.append((made.stem, both))
        rows.append((made.stem, scores))
    table(rows)
    if options.sheet is not None:
        contact_sheet(shown).save(options.sheet)


def read_mesh(path: Path) -> tuple[np.ndarray, np.ndarray]:
    import trimesh

    mesh: Any = trimesh.load(path, force="mesh")
    return np.asarray(mesh.vertices, dtype=np.float64), np.asarray(mesh.faces)


def score_images(options: argparse.Namespace) -> None:
    rows, shown = [], []
    compare = compare_by(options)
    for made, true in pairs(options.made, options.true, PICTURES):
        ours, truth = (image.read_on_white(path) for path in (made, true))
        if ours.shape != truth.shape:
            raise SystemExit(f"{made} is {ours.shape[1]} x {ours.shape[0]}, {true} {truth.shape[1]} x {truth.shape[0]}")
        rows.append((made.stem, compare(truth[None], ours[None])))
        shown.append((made.stem, [ours, truth]))
    table(rows)
    if options.sheet is not None:
        contact_sheet(shown).save(options.sheet)


if __name__ == "__main__":
    main()
