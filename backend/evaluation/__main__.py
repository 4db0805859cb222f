"""Scores of meshes, of pictures, and of the starter weights.

python -m backend.evaluation meshes MADE TRUE [--align-truth]     folders with meshes of the same names
python -m backend.evaluation images MADE TRUE                     folders with pictures of the same names
python -m backend.evaluation starter [--count 500] [--sheet FILE] shipped TAR3D weights on held-back Draft assets
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from ..generators.tar3d.sampling import SamplingSettings
from ..generators.tar3d.starter import CONDITIONS, STARTER, load_starter
from ..training.data.draft_shapes import ShapePool, build_pool
from . import geometry, image, sheet, starter

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
    shipped = commands.add_parser("starter", help="scores of the shipped TAR3D weights")
    shipped.add_argument("--weights", type=Path, default=STARTER)
    shipped.add_argument("--count", type=int, default=500, help="held-back assets")
    shipped.add_argument("--first-seed", type=int, default=0, help="seeds below 1 000 000 were never trained on")
    shipped.add_argument("--depth", type=int, default=7, help="meshes from 2^depth cells a side")
    shipped.add_argument("--guidance", type=float, nargs="+", default=[3.0], help="each is scored by itself")
    shipped.add_argument("--min-p", type=float, default=0.4)
    shipped.add_argument("--temperature", type=float, default=0.8)
    shipped.add_argument("--batch", type=int, default=125, help="assets decoded together")
    shipped.add_argument("--processes", type=int, default=2)
    shipped.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    shipped.add_argument("--sheet", type=Path, help="draw 24 of the assets here")
    shipped.set_defaults(run=score_starter)
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


def score_starter(options: argparse.Namespace) -> None:
    device = torch.device(options.device)
    vqvae, gpt = load_starter(options.weights, device)
    seeds = range(options.first_seed, options.first_seed + options.count)
    pool = build_pool(seeds, CONDITIONS, device, surface=starter.SAMPLES, queries=64, processes=options.processes)
    made = {
        "reconstruction": starter.shapes(
            vqvae, starter.reconstruct(vqvae, pool), pool, options.depth, options.processes
        )
    }
    given = {"image": starter.image_conditions(pool), "text": starter.text_conditions(pool)}
    for guidance in options.guidance:
        sampling = SamplingSettings(cfg_scale=guidance, min_p=options.min_p, temperature=options.temperature)
        for name, conditions in given.items():
            codes = starter.sample_codes(gpt, conditions, sampling, options.batch, seed=0)
            made[f"{name}, guidance {guidance:g}"] = starter.shapes(
                vqvae, codes, pool, options.depth, options.processes
            )
    for name, shapes in made.items():
        print(json.dumps({"from": name, **{k: round(v, 4) for k, v in asdict(starter.score(shapes, pool)).items()}}))
    if options.sheet is not None:
        draw_sheet(pool, made).save(options.sheet)


def draw_sheet(pool: ShapePool, made: dict[str, list[starter.Shape]], count: int = 24) -> Image.Image:
    """Picture given, then the reconstruction and what was made from each kind of input."""
    blank = np.full((sheet.TILE, sheet.TILE), 255, np.uint8)
    rows = []
    for i in range(min(count, len(pool))):
        given = sheet.enlarge(pool.images[i, 0, 0].cpu().numpy())
        meshes = [shapes[i].mesh for shapes in made.values()]
        rows.append((pool.captions[i], [given, *(blank if m is None else sheet.draw_mesh(m) for m in meshes)]))
    return sheet.contact_sheet(rows)


if __name__ == "__main__":
    main()
