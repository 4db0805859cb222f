"""python -m backend.weights [NAME ...]: lists what can be downloaded, or downloads it."""

from __future__ import annotations

import argparse
import sys

from ..generators.catalogue import GENERATORS, WEIGHTS
from ..protocol.errors import GreyboxError
from .catalogue import weights_folder


def main() -> int:
    parser = argparse.ArgumentParser(prog="install.py weights", description="Download the weights of generators.")
    parser.add_argument("names", nargs="*", help="generators or single sets; none: list them")
    names = parser.parse_args().names
    root = weights_folder()
    sets = {part.name: part for parts in WEIGHTS.values() for part in parts}
    if not names:
        print(f"In {root}:")
        for info in GENERATORS:
            for part in WEIGHTS[info.name]:
                state = "there" if part.present(root) else f"{part.size_gb:.1f} GB to download"
                print(f"  {info.name:14} {part.name:16} {state:24} {part.licence}")
        return 0
    chosen = []
    for name in names:
        if name not in WEIGHTS and name not in sets:
            parser.error(f"unknown name '{name}'; there are: {', '.join([*WEIGHTS, *sets])}")
        chosen += WEIGHTS[name] if name in WEIGHTS else (sets[name],)
    return _download(chosen, root)


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
