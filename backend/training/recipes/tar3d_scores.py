"""Score the starter weights of TAR3D on Draft assets that were never trained on, and draw some of them.

python -m backend.training.recipes.tar3d_scores [--count 500] [--first-seed 1000] [--sheet scores.png]

About an hour on two CPU cores, under two minutes on a GPU. `--count 24 --sheet scores.png` draws the sheet in minutes.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import torch

from ...generators.tar3d.sampling import SamplingSettings
from ...generators.tar3d.starter import CONDITIONS, STARTER, load_starter
from .. import scores, sheet
from ..data.draft_shapes import build_pool


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weights", type=Path, default=STARTER)
    parser.add_argument("--count", type=int, default=500, help="held-back assets")
    parser.add_argument("--first-seed", type=int, default=0, help="seeds below 1 000 000 were never trained on")
    parser.add_argument("--depth", type=int, default=7, help="meshes from 2^depth cells a side")
    parser.add_argument("--guidance", type=float, nargs="+", default=[3.0], help="each is scored by itself")
    parser.add_argument("--min-p", type=float, default=0.4)
    parser.add_argument("--temperature", type=float, default=0.8)
    parser.add_argument("--batch", type=int, default=125, help="assets decoded together")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--sheet", type=Path, help="draw 24 of the assets here")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    device = torch.device(options.device)
    vqvae, gpt = load_starter(options.weights, device)
    seeds = range(options.first_seed, options.first_seed + options.count)
    pool = build_pool(seeds, CONDITIONS, device, surface=scores.SAMPLES, queries=64, processes=options.processes)

    made: dict[str, list[scores.Shape]] = {}

    def measure(name: str, codes: torch.Tensor) -> None:
        made[name] = scores.shapes(vqvae, codes, pool, options.depth, options.processes)
        means = {key: round(value, 4) for key, value in asdict(scores.score(made[name], pool)).items()}
        print(json.dumps({"from": name, **means}), flush=True)  # noqa: T201

    measure("reconstruction", scores.reconstruct(vqvae, pool))
    given = {"image": scores.image_conditions(pool), "text": scores.text_conditions(pool)}
    for guidance in options.guidance:
        sampling = SamplingSettings(cfg_scale=guidance, min_p=options.min_p, temperature=options.temperature)
        for name, conditions in given.items():
            codes = scores.sample_codes(gpt, conditions, sampling, options.batch, seed=0)
            measure(f"{name}, guidance {guidance:g}", codes)
    if options.sheet is not None:
        sheet.draw_sheet(pool, made).save(options.sheet)


if __name__ == "__main__":
    main()
