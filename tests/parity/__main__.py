"""Holds the product against numbers that the published reference code computed.

    python -m tests.parity PATH [PATH ...]        goldens: files or folders
    python -m tests.parity --manifest PATH ...    key lists of published checkpoints

One line a file; exits 1 unless all pass.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import torch

from . import adapters
from .compare import Check, compare_outputs
from .golden import read

IGNORED = {"README.md", "index.json"}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.parity", description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, help="golden files or folders")
    parser.add_argument("--manifest", nargs="+", type=Path, default=[], help="manifests of published checkpoints")
    parser.add_argument("-v", "--verbose", action="store_true", help="every compared value, and tracebacks")
    options = parser.parse_args(arguments)
    if not options.paths and not options.manifest:
        parser.error("name at least one golden file or folder, or --manifest PATH")
    torch.use_deterministic_algorithms(True, warn_only=True)
    systems = [
        importlib.import_module(f"{adapters.__name__}.{m.name}") for m in pkgutil.iter_modules(adapters.__path__)
    ]
    results = [run_golden(path, systems, options.verbose) for path in files(options.paths)]
    manifests = sorted(p for path in options.manifest for p in (path.glob("*.json") if path.is_dir() else [path]))
    results += [run_manifest(path, systems, options.verbose) for path in manifests]
    verdicts = [verdict for verdict in results if verdict]
    counts = {word: verdicts.count(word) for word in ("PASS", "FAIL", "NO-ADAPTER")}
    print(f"{counts['PASS']} passed, {counts['FAIL']} failed, {counts['NO-ADAPTER']} without adapter")
    return 0 if verdicts and counts["PASS"] == len(verdicts) else 1


def files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            sys.exit(f"{path} does not exist")
        yield from sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def run_golden(path: Path, systems: list, verbose: bool) -> str:
    """Prints the line of one file and returns its verdict; "" for files that belong to another one."""
    if path.suffix == ".safetensors":
        return _run_tensors(path, systems, verbose)
    check = _pick(path, systems, "FILES")
    if check is None:
        return ""  # a README, a picture that a folder's own check reads, a repeat of a config
    return _verdict(path.name, path, lambda: check(path), verbose)


def run_manifest(path: Path, systems: list, verbose: bool) -> str:
    """Builds the published configuration on the meta device and compares every key, shape and dtype."""
    build = next(
        (b for s in systems for p, b in getattr(s, "MANIFESTS", {}).items() if fnmatchcase(path.stem, p)), None
    )
    if build is None:
        print(f"NO-ADAPTER  manifest  {path}")
        return "NO-ADAPTER"
    manifest = json.loads(path.read_text())
    return _verdict("manifest", path, lambda: _compare_manifest(build, manifest), verbose)


def _run_tensors(path: Path, systems: list, verbose: bool) -> str:
    golden = read(path)
    adapter = next(
        (s.ADAPTERS[golden.component] for s in systems if golden.component in getattr(s, "ADAPTERS", {})), None
    )
    if adapter is None:
        print(f"NO-ADAPTER  {golden.component}  {path}")
        return "NO-ADAPTER"

    def checks() -> list[Check]:
        with torch.no_grad():
            ours = adapter(golden)
        extra = [value for value in ours.values() if isinstance(value, Check)]
        return compare_outputs(ours, golden.outputs, golden.tolerance) + extra

    return _verdict(golden.component, path, checks, verbose)


def _pick(path: Path, systems: list, table: str) -> Callable[[Path], list[Check]] | None:
    if path.name in IGNORED:
        return None
    found = [f for s in systems for pattern, f in getattr(s, table, {}).items() if fnmatchcase(path.name, pattern)]
    same_system = [
        f
        for s in systems
        if s.__name__.rpartition(".")[2] in path.parts
        for pattern, f in getattr(s, table, {}).items()
        if fnmatchcase(path.name, pattern)
    ]
    return (same_system or found or [None])[0]


def _compare_manifest(build: Callable, manifest: dict) -> list[Check]:
    with torch.device("meta"):
        built = build(manifest["config"])
    state = built if isinstance(built, dict) else built.state_dict()
    ours = {key: ([*tensor.shape], str(tensor.dtype).removeprefix("torch.")) for key, tensor in state.items()}
    wanted = {key: (list(shape), _dtype(dtype)) for key, (shape, dtype) in manifest["tensors"].items()}
    problems = [f"missing {key}" for key in wanted.keys() - ours.keys()]
    problems += [f"surplus {key}" for key in ours.keys() - wanted.keys()]
    problems += [
        f"{k} is {ours[k][0]}, published {wanted[k][0]}"
        for k in wanted.keys() & ours.keys()
        if ours[k][0] != wanted[k][0]
    ]
    note = f"{len(problems)}: {'; '.join(sorted(problems)[:6])}" if problems else f"{len(wanted)} keys"
    return [Check("keys", not problems, len(problems), len(problems), "exact", note)]


def _dtype(name: str) -> str:
    short = {"F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64", "I32": "int32", "BOOL": "bool"}
    return short.get(name, name.removeprefix("torch."))


def _verdict(component: str, path: Path, run: Callable[[], list[Check]], verbose: bool) -> str:
    started = time.perf_counter()
    try:
        checks = run()
        problem = ""
    except Exception as error:  # one broken adapter must not hide the other files' verdicts; it counts as FAIL
        if verbose:
            traceback.print_exc()
        checks, problem = [], f"{type(error).__name__}: {error}".replace("\n", " ")[:300]
    failed = [check for check in checks if not check.passed]
    worst = max(failed or checks, key=lambda c: c.max_abs, default=Check("", False))
    word = "PASS" if checks and not failed and not problem else "FAIL"
    tail = problem or (f"{worst.name}: {worst.note}" if failed else "")
    print(
        f"{word}  {component}  {path}  max_abs={worst.max_abs:.3g}  max_rel={worst.max_rel:.3g}  "
        f"tol={worst.allowed}  {time.perf_counter() - started:.1f}s  {tail}".rstrip()
    )
    for check in checks if verbose else []:
        print(f"    {'ok ' if check.passed else 'BAD'} {check.name} {check.max_abs:.3g} ({check.allowed}) {check.note}")
    return word


if __name__ == "__main__":
    raise SystemExit(main())
