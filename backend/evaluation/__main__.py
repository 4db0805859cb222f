"""Scores of meshes and of pictures.

python -m backend.evaluation meshes MADE TRUE [--align-truth]     folders with meshes of the same names
python -m backend.evaluation images MADE TRUE                     folders with pictures of the same names
python -m backend.evaluation starter [--count 500] [--sheet FILE] shipped TAR3D weights on held-back Draft assets
"""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from . import geometry, image

MESHES, PICTURES = (".obj", ".ply", ".stl", ".glb", ".off"), (".png", ".jpg", ".jpeg")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m backend.evaluation", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(required=True)
    meshes = commands.add_parser("meshes", help="Chamfer distance, F-score and normal consistency")
    meshes.add_argument("made", type=Path)
    meshes.add_argument("true", type=Path)
    meshes.add_argument("--threshold", type=float, default=geometry.THRESHOLD)
    meshes.add_argument("--align-truth", action="store_true", help="turn the truth as the published evaluation does")
    meshes.set_defaults(run=score_meshes)
    images = commands.add_parser("images", help="PSNR and SSIM")
    images.add_argument("made", type=Path)
    images.add_argument("true", type=Path)
    images.set_defaults(run=score_images)
    options = parser.parse_args(arguments)
    options.run(options)


def pairs(made: Path, true: Path, endings: tuple[str, ...]) -> list[tuple[Path, Path]]:
    """Files of the same stem in both folders."""
    truths = {path.stem: path for path in sorted(true.iterdir()) if path.suffix.lower() in endings}
    found = [(p, truths[p.stem]) for p in sorted(made.iterdir()) if p.suffix.lower() in endings and p.stem in truths]
    if not found:
        raise SystemExit(f"no file of {made} has one of the same name in {true}")
    return found


def table(rows: list[tuple[str, dict[str, float]]]) -> None:
    """One line a row, then the means."""
    names = list(rows[0][1])
    means = ("mean", {name: float(np.mean([values[name] for _, values in rows])) for name in names})
    print(f"{'':24s}" + "".join(f"{name:>19s}" for name in names))
    for title, values in [*rows, means]:
        print(f"{title[:24]:24s}" + "".join(f"{values[name]:19.4f}" for name in names))


def score_meshes(options: argparse.Namespace) -> None:
    rows = []
    for made, true in pairs(options.made, options.true, MESHES):
        (vertices, faces), (true_vertices, true_faces) = read_mesh(made), read_mesh(true)
        if options.align_truth:
            true_vertices = geometry.align_ground_truth(geometry.normalize(true_vertices))
        scores = geometry.compare_meshes((vertices, faces), (true_vertices, true_faces), 0, options.threshold)
        rows.append((made.stem, asdict(scores)))
    table(rows)


def read_mesh(path: Path) -> tuple[np.ndarray, np.ndarray]:
    import trimesh

    mesh: Any = trimesh.load(path, force="mesh")
    return np.asarray(mesh.vertices, dtype=np.float64), np.asarray(mesh.faces)


def score_images(options: argparse.Namespace) -> None:
    rows = []
    for made, true in pairs(options.made, options.true, PICTURES):
        ours, truth = (np.asarray(Image.open(path).convert("RGB")) for path in (made, true))
        rows.append((made.stem, {"psnr": image.psnr(truth, ours), "ssim": image.ssim(truth, ours)}))
    table(rows)


if __name__ == "__main__":
    main()
