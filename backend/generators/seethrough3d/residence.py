"""Where and how the transformer is kept while pictures are painted: the memory modes.

The modulation linears, a quarter of the weights, stay in main memory in every mode and visit the device once a picture.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from ...nn.streaming import BlockStream
from .acceleration import GraphedSteps, Start, compile_blocks, eager, fuse
from .memory import Plan, modes, plan
from .quantised import FP8_CAPABILITY, quantise
from .transformer import SeeThroughTransformer

QUANTISED = ("fp8", "nf4")


class Residence:
    """The transformer on its device, in one of the modes. `read` gives it anew, in main memory."""

    def __init__(self, read: Callable[[], SeeThroughTransformer], device: torch.device) -> None:
        self.device = device
        self.mode = ""
        self.start: Start = eager  # how its steps are run
        self.model = read()
        self._read = read
        self._stream: BlockStream | None = None
        self._graphed = GraphedSteps()
        self._compiled = False
        if device.type == "cuda":
            fuse(self.model)

    def settle(self, wanted: str, pixels: int, compiled: bool = False) -> None:
        """Puts the transformer where the memory plan wants it. Raises OutOfMemory, Unavailable; on a CPU it stays."""
        if self.device.type != "cuda":
            return
        chosen = self.planned(wanted, pixels)
        if chosen.mode != self.mode:
            self._leave()
            self._enter(chosen.mode)
        if compiled and not self._compiled and chosen.mode != "stream":
            self._graphed.forget()
            self._compiled = compile_blocks(self.model)

    def planned(self, wanted: str, pixels: int) -> Plan:
        """What is free, and what this process holds already, may be used."""
        free, _ = torch.cuda.mem_get_info(self.device)
        held = torch.cuda.memory_reserved(self.device)
        usable = modes()
        if torch.cuda.get_device_capability(self.device) < FP8_CAPABILITY:
            usable = tuple(mode for mode in usable if mode != "fp8")
        return plan(wanted, (free + held) / 1e9, pixels, usable)

    def close(self) -> None:
        self._graphed.forget()
        if self._stream:
            self._stream.close()
        self._stream = None
        self.mode = ""

    def _leave(self) -> None:
        """Out of the present mode; weights that were made smaller, and compiled blocks, are read again."""
        spoilt = self.mode in QUANTISED or self._compiled
        self.close()
        if spoilt:
            self.model = self._read()
            self._compiled = False
            fuse(self.model)
            torch.cuda.empty_cache()

    def _enter(self, mode: str) -> None:
        model, waiting = self.model, self.model.modulation_linears()
        blocks = [*model.transformer_blocks, *model.single_transformer_blocks]
        if mode == "stream":
            move_except(model, blocks, self.device)
            self._stream = BlockStream(blocks, self.device, skip=waiting)
        else:
            if mode in QUANTISED:
                quantise(model, mode, self.device)
            move_except(model, waiting, self.device)
        pin(waiting)
        self.start = eager if mode == "stream" else self._graphed
        self.mode = mode


def pin(modules: list[nn.Module]) -> None:
    """Main memory that the GPU reads ten times as fast; where the system gives none, it stays as it is."""
    for parameter in (p for module in modules for p in module.parameters()):
        if parameter.device.type != "cpu" or parameter.is_pinned():
            continue
        try:
            parameter.data = parameter.data.pin_memory()
        except RuntimeError:
            return


def move_except(module: nn.Module, stay: list[nn.Module], device: torch.device) -> None:
    """Moves everything but the parameters and buffers of the modules in `stay`, and what is there already."""
    held = {id(tensor) for part in stay for tensor in (*part.parameters(), *part.buffers())}
    for tensor in (*module.parameters(), *module.buffers()):
        if id(tensor) not in held and tensor.device != device:
            tensor.data = tensor.data.to(device)
