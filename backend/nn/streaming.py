"""Blocks that wait in main memory and visit the device one after another.

While one block works, the next is on its way: where copying is faster than computing, streaming costs nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial

import torch
from torch import Tensor, nn


class BlockStream:
    """Streams `blocks`, which are called in this order again and again, to `device`.

    Weights are pinned in main memory (for CUDA), at most `ahead` + 1 blocks are on the device; those of modules in
    `skip` stay where they are. `close` ends it and leaves the weights in main memory.
    """

    def __init__(
        self, blocks: Sequence[nn.Module], device: torch.device | str, ahead: int = 1, skip: Sequence[nn.Module] = ()
    ) -> None:
        self.device = torch.device(device)
        self.ahead = ahead
        self._blocks = list(blocks)
        skipped = {id(tensor) for part in skip for tensor in _tensors(part)}
        self._tensors = [[t for t in _tensors(block) if id(t) not in skipped] for block in self._blocks]
        self._home = [[_pinned(tensor.data, self.device) for tensor in own] for own in self._tensors]
        self._arrived: dict[int, torch.cuda.Event | None] = {}
        self._left: deque[torch.cuda.Event] = deque()  # when the blocks that were called last have run
        self._copies = torch.cuda.Stream(self.device) if self.device.type == "cuda" else None
        self._hooks = []
        for index, block in enumerate(self._blocks):
            self._put_home(index)
            self._hooks += [
                block.register_forward_pre_hook(partial(self._enter, index)),
                block.register_forward_hook(partial(self._leave, index)),
            ]

    def close(self) -> None:
        for hook in self._hooks:
            hook.remove()
        for index in range(len(self._blocks)):
            self._put_home(index)
        self._arrived.clear()
        self._left.clear()

    def _enter(self, index: int, module: nn.Module, arguments: tuple) -> None:
        self._send(index)
        event = self._arrived[index]
        if event is not None:
            torch.cuda.current_stream(self.device).wait_event(event)
        for step in range(1, self.ahead + 1):
            self._send((index + step) % len(self._blocks))

    def _leave(self, index: int, module: nn.Module, arguments: tuple, result: object) -> None:
        if len(self._blocks) > self.ahead + 1:
            self._put_home(index)
            del self._arrived[index]
            self._wait_for_memory()

    def _wait_for_memory(self) -> None:
        """The host runs ahead of the device, but no farther than `ahead` blocks: each waiting copy has its memory."""
        if self._copies is None:
            return
        event = torch.cuda.Event()
        event.record(torch.cuda.current_stream(self.device))
        self._left.append(event)
        if len(self._left) > self.ahead:
            self._left.popleft().synchronize()

    def _send(self, index: int) -> None:
        if index in self._arrived:
            return
        tensors = self._tensors[index]
        if self._copies is None:
            for tensor, home in zip(tensors, self._home[index], strict=True):
                tensor.data = home.to(self.device)
            self._arrived[index] = None
            return
        working = torch.cuda.current_stream(self.device)
        with torch.cuda.stream(self._copies):
            for tensor, home in zip(tensors, self._home[index], strict=True):
                tensor.data = home.to(self.device, non_blocking=True)
                tensor.data.record_stream(working)  # its memory may be used again only when the block has run
            event = torch.cuda.Event()
            event.record(self._copies)
        self._arrived[index] = event

    def _put_home(self, index: int) -> None:
        for tensor, home in zip(self._tensors[index], self._home[index], strict=True):
            tensor.data = home


def _tensors(block: nn.Module) -> Iterator[Tensor]:
    yield from block.parameters()
    yield from block.buffers()


def _pinned(tensor: Tensor, device: torch.device) -> Tensor:
    host = tensor.cpu()
    return host.pin_memory() if device.type == "cuda" else host
