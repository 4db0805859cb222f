"""Where the networks of a pipeline live while it runs.

A pipeline says `with networks.use(name) as network`; whether all of them stay on the device, or only the one in use, is
decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import torch
from torch import nn


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
    """Networks wait in main memory; only those in use are on the device."""

    def __init__(self, networks: Mapping[str, nn.Module], device: torch.device | str) -> None:
        self.device = torch.device(device)
        self._networks = dict(networks)

    @contextmanager
    def use(self, name: str) -> Iterator[Any]:
        network = self._networks[name].to(self.device)
        try:
            yield network
        finally:
            network.to("cpu")
