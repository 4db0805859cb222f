"""python -m backend.weights [NAME ...]: lists what can be downloaded, or downloads it."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..generators.catalogue import GENERATORS, WEIGHTS
from ..protocol.errors import GreyboxError
from .catalogue import OPTIONAL, WeightSet, weights_folder

TELL_EVERY = 1.0  # seconds


def main() -> int:
    parser = argparse.ArgumentParser(prog="install.py weights", description="Download the weights of generators.")
    parser.add_argument("names", nargs="*", help="generators or single sets; none: list them")
    parser.add_argument("--progress", action="store_true", help="say every second how much is there, for a program")
    options = parser.parse_args()
    names = options.names
    root = weights_folder()
    sets = {part.name: part for parts in (*WEIGHTS.values(), OPTIONAL) for part in parts}
    if not names:
        print(f"In {root}:")
        for info in GENERATORS:
            for part in WEIGHTS[info.name]:
                state = "there" if part.present(root) else f"{part.size_gb:.1f} GB to download"
                print(f"  {info.name:14} {part.name:16} {state:24} {part.licence}")
        for part in OPTIONAL:
            state = "there" if part.present(root) else f"{part.size_gb:.1f} GB to download"
            print(f"  {'(optional)':14} {part.name:16} {state:24} {part.licence}")
        return 0
    chosen = []
    for name in names:
        if name not in WEIGHTS and name not in sets:
            parser.error(f"unknown name '{name}'; there are: {', '.join([*WEIGHTS, *sets])}")
        chosen += WEIGHTS[name] if name in WEIGHTS else (sets[name],)
    with _told(chosen, root) if options.progress else contextlib.nullcontext():
        return _download(chosen, root)


@contextlib.contextmanager
def _told(chosen: Sequence[WeightSet], root: Path) -> Iterator[None]:
    """Lines `@progress SHARE TEXT` from a thread, by what lies on the disk, unfinished files too."""
    over, whole = threading.Event(), sum(part.size_gb for part in chosen)

    def tell() -> None:
        while not over.wait(TELL_EVERY):
            there = sum(_gigabytes(part.folder(root)) for part in chosen)
            print(f"@progress {min(there / max(whole, 1e-9), 0.999):.4f} {there:.1f} of {whole:.1f} GB", flush=True)

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _gigabytes(folder: Path) -> float:
    sizes = []
    for path in folder.rglob("*") if folder.exists() else ():
        with contextlib.suppress(OSError):  # renamed meanwhile
            sizes.append(path.stat().st_size)
    return sum(sizes) / 1e9


def _download(chosen, root) -> int:
    from .download import download  # the hub's client takes a second to import; listing should not wait for it

    try:
        for part in chosen:
            print(f"{part.name}: {part.size_gb:.1f} GB, licence {part.licence}")
            download(part, root, lambda name, number, of: print(f"  {number}/{of} {name}", flush=True))
    except GreyboxError as error:
        print(f"error: {error.message}\n{error.remedy}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
