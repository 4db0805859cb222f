"""Draw and measure Draft assets for the recipes of TAR3D, by many processes at once.

    python -m backend.training.recipes.tar3d_pool --out runs/pool --assets 120000 --processes 48

Every process has its own seeds and writes its own file of the folder; with several GPUs they take turns. An asset is
measured by hundreds of small steps, so one process leaves a GPU mostly idle: several to a GPU are several times faster.
"""

import argparse
import multiprocessing
import time
from pathlib import Path

import torch

from ...generators.tar3d.starter import CONDITIONS
from ..data.draft_assets import HELD_BACK
from ..data.draft_shapes import build_pool


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder that the files go into")
    parser.add_argument("--assets", type=int, default=40000, help="assets of all processes together")
    parser.add_argument("--first-seed", type=int, default=HELD_BACK, help="seeds below 1 000 000 are held back")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=1e9, help="what is drawn by then is kept")
    parser.add_argument("--surface", type=int, default=8192, help="surface points of an asset")
    parser.add_argument("--queries", type=int, default=8192, help="occupancy samples of an asset")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if options.first_seed < HELD_BACK:
        raise SystemExit(f"--first-seed {options.first_seed} is held back for scores: choose {HELD_BACK} or more")
    options.out.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + 60 * options.minutes
    workers = [
        multiprocessing.get_context("spawn").Process(target=draw_share, args=(number, options, deadline))
        for number in range(options.processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    failed = [str(number) for number, worker in enumerate(workers) if worker.exitcode]
    if failed:
        raise SystemExit(f"processes {', '.join(failed)} did not end well; the files of the others are whole")


def draw_share(number: int, options: argparse.Namespace, deadline: float) -> None:
    """The seeds of one process, into its file."""
    torch.set_num_threads(1)
    cuda = torch.cuda.device_count()
    device = torch.device("cuda", number % cuda) if cuda else torch.device("cpu")
    share = -(-options.assets // options.processes)
    first = options.first_seed + number * share
    minutes = (deadline - time.monotonic()) / 60
    pool = build_pool(
        range(first, first + share), CONDITIONS, device, options.surface, options.queries, minutes=minutes
    )
    part = options.out / f"{first:010d}.part"
    pool.save(part)
    part.replace(part.with_suffix(".safetensors"))
    print(f"process {number}: {len(pool)} assets", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
