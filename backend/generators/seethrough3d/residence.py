"""Where and how the transformer is kept while pictures are painted: the memory modes.

The modulation linears, a quarter of the weights, stay in main memory in every mode and visit the device once a picture.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from ...nn.streaming import BlockStream
from .acceleration import GraphedSteps, Start, eager, fuse
from .memory import Plan, modes, plan
from .quantised import FP8_CAPABILITY, quantise
from .sampling import Prompt, Sampling, all_modulations
from .transformer import Modulation, SeeThroughTransformer

QUANTISED = ("fp8", "nf4")
Check = Callable[[], None]


class Residence:
    """The transformer on its device, in one of the modes. `read(check)` gives it anew, in main memory."""

    def __init__(
        self,
        read: Callable[[Check], SeeThroughTransformer],
        device: torch.device,
        check: Check = lambda: None,
    ) -> None:
        self.device = device
        self.mode = ""
        self.start: Start = eager  # how its steps are run
        self.model = read(check)
        self._read = read
        self._stream: BlockStream | None = None
        self._graphed = GraphedSteps()
        self._spoilt = False  # the weights are no longer those that were read
        self._modulations: tuple[Prompt, Sampling, list[Modulation]] | None = None
        if device.type == "cuda":
            fuse(self.model)

    def settle(self, wanted: str, pixels: int, check: Check = lambda: None) -> None:
        """Puts the transformer where the memory plan wants it; on a CPU it stays.

        `check` may raise in order to stop. Raises OutOfMemory, Unavailable.
        """
        if self.device.type != "cuda":
            return
        chosen = self.planned(wanted, pixels)
        if chosen.mode == self.mode:
            return
        self._leave(check)
        self._spoilt = True  # until all of it is where it belongs
        self._enter(chosen.mode, check)
        self._spoilt = chosen.mode in QUANTISED

    def modulations(self, prompt: Prompt, sampling: Sampling) -> list[Modulation]:
        """Those of all steps, and kept: another picture of the same words needs no modulation weights."""
        if self._modulations and self._modulations[0] is prompt and self._modulations[1] == sampling:
            return self._modulations[2]
        self._modulations = None
        known = all_modulations(self.model, prompt, sampling)
        self._modulations = prompt, sampling, known
        return known

    def planned(self, wanted: str, pixels: int) -> Plan:
        """What is free, and what this process holds already, may be used."""
        free, _ = torch.cuda.mem_get_info(self.device)
        held = torch.cuda.memory_reserved(self.device)
        usable = modes()
        if torch.cuda.get_device_capability(self.device) < FP8_CAPABILITY:
            usable = tuple(mode for mode in usable if mode != "fp8")
        return plan(wanted, (free + held) / 1e9, pixels, usable)

    def make_room(self, gigabytes: float) -> None:
        """Lets go of the captured step where so much would not be free beside it: the next picture captures anew."""
        for let_go in (lambda: None, self._graphed.forget):
            if self.device.type != "cuda" or torch.cuda.mem_get_info(self.device)[0] >= gigabytes * 1e9:
                return
            let_go()
            torch.cuda.empty_cache()

    def close(self) -> None:
        self._graphed.forget()
        self._modulations = None
        if self._stream:
            self._stream.close()
        self._stream = None
        self.mode = ""

    def _leave(self, check: Check) -> None:
        """Out of the present mode; weights that were made smaller, or half of which were moved, are read again."""
        self.close()
        if self._spoilt:
            self.model = self._read(check)
            fuse(self.model)
            torch.cuda.empty_cache()

    def _enter(self, mode: str, check: Check) -> None:
        model, waiting = self.model, self.model.modulation_linears()
        blocks = [*model.transformer_blocks, *model.single_transformer_blocks]
        if mode == "stream":
            move_except(model, blocks, self.device, check)
            self._stream = BlockStream(blocks, self.device, skip=waiting)
        else:
            if mode in QUANTISED:
                quantise(model, mode, self.device, check)
            move_except(model, waiting, self.device, check)
        pin(waiting, check)
        self.start = eager if mode == "stream" else self._graphed
        self.mode = mode


def pin(modules: list[nn.Module], check: Check) -> None:
    """Main memory that the GPU reads ten times as fast; where the system gives none, it stays as it is."""
    for parameter in (p for module in modules for p in module.parameters()):
        check()
        if parameter.device.type != "cpu" or parameter.is_pinned():
            continue
        try:
            parameter.data = parameter.data.pin_memory()
        except RuntimeError:
            return


def move_except(module: nn.Module, stay: list[nn.Module], device: torch.device, check: Check = lambda: None) -> None:
    """Moves everything but the parameters and buffers of the modules in `stay`, and what is there already."""
    held = {id(tensor) for part in stay for tensor in (*part.parameters(), *part.buffers())}
    for tensor in (*module.parameters(), *module.buffers()):
        check()
        if id(tensor) not in held and tensor.device != device:
            tensor.data = tensor.data.to(device)
