"""Checkpoints into networks: strictly, without a second copy in memory, from safetensors.

The one exception are files that a trainer pickled: `read_pickled` gives their tensors without running anything.
A network is built on the meta device and takes the file's tensors as they are; a missing, a surplus or a misshapen
tensor is one error that names it, raised before anything is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from ..protocol.errors import GreyboxError

Network = TypeVar("Network", bound=nn.Module)

NAMED = 5  # keys that an error names


class BadCheckpoint(GreyboxError):
    """A weights file is not what its network needs."""

    code = "bad-checkpoint"


class Weights:
    """The tensors of one checkpoint: a .safetensors file, or a folder with one or with shards and their index."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files = _files(path)
        self.shapes: dict[str, tuple[int, ...]] = {}
        self._homes: dict[str, Path] = {}
        for file in self.files:
            with _open(file) as tensors:
                for key in tensors.keys():  # noqa: SIM118 - safe_open is no mapping
                    self.shapes[key] = tuple(tensors.get_slice(key).get_shape())
                    self._homes[key] = file

    def read(self, check: Callable[[], None] = lambda: None) -> Iterator[tuple[str, Tensor]]:
        """Each (key, tensor) in turn, on the CPU; `check` is called between tensors and may raise to stop."""
        for file in self.files:
            with _open(file) as tensors:
                for key in tensors.keys():  # noqa: SIM118 - safe_open is no mapping
                    check()
                    yield key, tensors.get_tensor(key)


def load(
    build: Callable[[], Network],
    *sources: Weights,
    device: torch.device | str = "cpu",
    dtype: torch.dtype | None = None,
    check: Callable[[], None] = lambda: None,
    optional: frozenset[str] = frozenset(),
) -> Network:
    """The network of `build` with the tensors of all sources, on `device`, floating ones in `dtype` (None: as stored).

    `optional` keys may be absent and keep zeros. Raises BadCheckpoint; what `check` raises passes through.
    """
    with torch.device("meta"):
        network = build()
    wanted = {key: tuple(value.shape) for key, value in network.state_dict().items()}
    require_match(wanted, sources, optional)
    state = {key: _moved(value, device, dtype) for source in sources for key, value in source.read(check)}
    for key in optional - state.keys():
        state[key] = torch.zeros(wanted[key], device=device, dtype=dtype)
    network.load_state_dict(state, strict=True, assign=True)
    stay = [name for name, buffer in network.named_buffers() if buffer.is_meta]
    if stay:
        raise BadCheckpoint(f"{type(network).__name__} has buffers that no checkpoint fills: {', '.join(stay[:NAMED])}")
    return network.eval().requires_grad_(False)


def require_match(wanted: dict[str, tuple[int, ...]], sources: tuple[Weights, ...], optional: frozenset[str]) -> None:
    """Raises BadCheckpoint unless the sources together hold exactly the wanted keys, in the wanted shapes."""
    names = " + ".join(str(source.path) for source in sources)
    found: dict[str, tuple[int, ...]] = {}
    for source in sources:
        twice = found.keys() & source.shapes.keys()
        if twice:
            raise BadCheckpoint(f"{names}: in two files at once: {_some(twice)}")
        found |= source.shapes
    problems = []
    if missing := wanted.keys() - found.keys() - optional:
        problems.append(f"{len(missing)} tensors are missing: {_some(missing)}")
    if surplus := found.keys() - wanted.keys():
        problems.append(f"{len(surplus)} tensors are not known: {_some(surplus)}")
    if wrong := [k for k in wanted.keys() & found.keys() if wanted[k] != found[k]]:
        shown = "; ".join(f"{k} is {list(found[k])}, expected {list(wanted[k])}" for k in sorted(wrong)[:NAMED])
        problems.append(f"{len(wrong)} tensors have another shape: {shown}")
    if problems:
        raise BadCheckpoint(f"{names}: {'. '.join(problems)}", "Choose the file that was published for this network.")


class _Inert:
    """Stands in for whatever class a pickle names: takes everything, does nothing."""

    def __init__(self, *args, **kwargs):
        pass

    def __setstate__(self, state):
        pass


def read_pickled(path: Path) -> dict:
    """A pickled checkpoint as plain containers and tensors; no code of the file runs.

    Trainers put argument objects beside the weights. Their classes are replaced by inert ones, never imported.
    """
    named = torch.serialization.get_unsafe_globals_in_checkpoint(path)
    with torch.serialization.safe_globals([(_Inert, name) for name in named]):
        return torch.load(path, map_location="cpu", weights_only=True)  # noqa: TID251 - with inert classes


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise BadCheckpoint(f"No weights at {path}", "Download them first: python install.py weights")
    index = sorted(path.glob("*.safetensors.index.json"))
    if not index:
        files = sorted(path.glob("*.safetensors"))
        if len(files) != 1:
            raise BadCheckpoint(f"{path} holds {len(files)} .safetensors files and no index", "Name one of the files.")
        return files
    try:
        names = sorted(set(json.loads(index[0].read_text())["weight_map"].values()))
    except (ValueError, KeyError, AttributeError) as error:
        raise BadCheckpoint(f"{index[0]} is no index of shards: {error}", "Download it again.") from error
    files = [path / Path(name).name for name in names]
    for file in files:
        if not file.is_file():
            raise BadCheckpoint(f"{file} is missing, {index[0].name} names it", "Download it again.")
    return files


def _open(file: Path):
    try:
        return safe_open(file, framework="pt")
    except (SafetensorError, OSError) as error:
        raise BadCheckpoint(
            f"{file} cannot be read: {error}", "It is cut off or no safetensors file: get it again."
        ) from error


def _moved(value: Tensor, device: torch.device | str, dtype: torch.dtype | None) -> Tensor:
    return value.to(device=device, dtype=dtype if value.is_floating_point() else None)


def _some(keys) -> str:
    named = sorted(keys)
    return ", ".join(named[:NAMED]) + (" ..." if len(named) > NAMED else "")
