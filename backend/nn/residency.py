"""Where the networks of a pipeline live while it runs.

A pipeline says `with networks.use(name) as network`; whether all of them stay on the device, or only the one in use, is
decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
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
    """Networks wait in main memory (pinned, for CUDA); only those in use are on the device, and the one that is next.

    Which is next follows from `sequence`, the names in the order in which they are used: it is sent while another one
    works. Without it every network is waited for. Weights must not change: what is on the device is dropped after use,
    not copied back.
    """

    def __init__(
        self, networks: Mapping[str, nn.Module], device: torch.device | str, sequence: Sequence[str] = ()
    ) -> None:
        self.device = torch.device(device)
        self._networks = dict(networks)
        self._sequence, self._place = tuple(sequence), -1
        self._homes: dict[str, list[tuple[Tensor, Tensor]]] = {}
        self._ahead: dict[str, _Arrival] = {}
        self._copies = torch.cuda.Stream(self.device) if self.device.type == "cuda" and sequence else None

    @contextmanager
    def use(self, name: str) -> Iterator[Any]:
        network, home = self._networks[name], self._home(name)
        arrived = self._ahead.pop(name, None) or _Arrival([_sent(waiting, self.device) for _, waiting in home])
        arrived.await_copies(self.device)
        for (tensor, _), there in zip(home, arrived.tensors, strict=True):
            tensor.data = there
        del arrived
        self._send_next(name)
        try:
            yield network
        finally:
            for tensor, waiting in home:
                tensor.data = waiting

    def _home(self, name: str) -> list[tuple[Tensor, Tensor]]:
        """The tensors of a network, each with its copy in main memory."""
        if name not in self._homes:
            tensors = [*self._networks[name].parameters(), *self._networks[name].buffers()]
            self._homes[name] = [(tensor, _waiting(tensor.data, self.device)) for tensor in tensors]
        return self._homes[name]

    def _send_next(self, name: str) -> None:
        """Starts to send what follows `name` in the sequence; what was sent and is not wanted any more is dropped."""
        turns = [*range(self._place + 1, len(self._sequence)), *range(self._place + 1)]
        self._place = next((turn for turn in turns if self._sequence[turn] == name), self._place)
        following = self._sequence[self._place + 1 : self._place + 2]
        self._ahead = {known: arrival for known, arrival in self._ahead.items() if known in following}
        for following_name in following:
            if following_name not in self._ahead and following_name != name:
                self._ahead[following_name] = self._send_ahead(following_name)

    def _send_ahead(self, name: str) -> _Arrival:
        home = self._home(name)
        if self._copies is None:
            return _Arrival([_sent(waiting, self.device) for _, waiting in home])
        working = torch.cuda.current_stream(self.device)
        with torch.cuda.stream(self._copies):
            tensors = [_sent(waiting, self.device) for _, waiting in home]
            for tensor in tensors:
                tensor.record_stream(working)  # its memory may be used again only when the network has run
            copied = torch.cuda.Event()
            copied.record(self._copies)
            return _Arrival(tensors, copied)


@dataclass(frozen=True)
class _Arrival:
    """Weights on the device, or on their way to it."""

    tensors: list[Tensor]
    copied: torch.cuda.Event | None = None

    def await_copies(self, device: torch.device) -> None:
        if self.copied is not None:
            torch.cuda.current_stream(device).wait_event(self.copied)


def _waiting(tensor: Tensor, device: torch.device) -> Tensor:
    host = tensor.cpu()
    return host.pin_memory() if device.type == "cuda" else host


def _sent(home: Tensor, device: torch.device) -> Tensor:
    return home.to(device, non_blocking=True)
