"""Where the networks of a pipeline live while it runs.

A pipeline says `with networks.use(name) as network`; whether all of them stay on the device, or only the one in use, is
decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import torch
from torch import Tensor, nn


class Networks(Protocol):
    device: torch.device

    def use(self, name: str) -> AbstractContextManager[Any]:
        """The network, on the device, for as long as the context lasts. KeyError if there is none of that name."""
        ...


class Resident:
    """Everything stays on the device."""

    def __init__(self, networks: Mapping[str, nn.Module], device: torch.device | str = "cpu") -> None:
        self.device = torch.device(device)
        self._networks = {name: network.to(self.device) for name, network in networks.items()}

    @contextmanager
    def use(self, name: str) -> Iterator[Any]:
        yield self._networks[name]


class Staged:
    """Networks wait in main memory (pinned, for CUDA); only those in use are on the device.

    Their weights must not change: what is on the device is dropped after use, not copied back.
    """

    def __init__(self, networks: Mapping[str, nn.Module], device: torch.device | str) -> None:
        self.device = torch.device(device)
        self._networks = dict(networks)
        self._home: dict[str, list[tuple[Tensor, Tensor]]] = {}

    @contextmanager
    def use(self, name: str) -> Iterator[Any]:
        network = self._networks[name]
        if name not in self._home:
            tensors = [*network.parameters(), *network.buffers()]
            self._home[name] = [(tensor, _waiting(tensor.data, self.device)) for tensor in tensors]
        for tensor, home in self._home[name]:
            tensor.data = _sent(home, self.device)
        try:
            yield network
        finally:
            for tensor, home in self._home[name]:
                tensor.data = home


def _waiting(tensor: Tensor, device: torch.device) -> Tensor:
    host = tensor.cpu()
    return host.pin_memory() if device.type == "cuda" else host


def _sent(home: Tensor, device: torch.device) -> Tensor:
    return home.to(device, non_blocking=True)
