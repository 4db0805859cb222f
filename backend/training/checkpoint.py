"""Everything that a run needs to go on exactly where it stopped: one safetensors file of tensors, one JSON of numbers.

Parameters that do not train are not saved: they come from a file of their own.
A file is written beside its final name and then moved there, so a run that dies while saving leaves the last one whole.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from .ema import EMA

TENSORS, NUMBERS = "training.safetensors", "training.json"


@dataclass
class Run:
    """The parts of a run that change from step to step."""

    model: nn.Module
    optimizer: Optimizer
    ema: EMA
    generators: dict[str, torch.Generator] = field(default_factory=dict)
    step: int = 0
    counts: dict[str, Tensor] = field(default_factory=dict)  # what is counted over several steps


def save_run(run: Run, folder: Path, **numbers) -> None:
    """Write the run into `folder`; `numbers` (settings, losses) go into the JSON file for people."""
    folder.mkdir(parents=True, exist_ok=True)
    frozen = _frozen(run.model)
    tensors = {f"model.{k}": v for k, v in run.model.state_dict().items() if k not in frozen}
    tensors |= {f"ema.{k}": v for k, v in run.ema.state().items()}
    tensors |= {f"generator.{k}": g.get_state() for k, g in run.generators.items()}
    tensors |= {f"count.{k}": v for k, v in run.counts.items()}
    counts: dict[str, dict[str, float]] = {}
    for name, parameter in run.model.named_parameters():
        for key, value in run.optimizer.state.get(parameter, {}).items():
            if isinstance(value, Tensor):
                tensors[f"optimizer.{name}.{key}"] = value
            else:
                counts.setdefault(name, {})[key] = value
    whole = {"step": run.step, "ema_steps": run.ema.steps, "optimizer": counts, **numbers}
    save_file({k: v.detach().contiguous().cpu().clone() for k, v in tensors.items()}, folder / f"{TENSORS}.part")
    (folder / f"{NUMBERS}.part").write_text(json.dumps(whole, indent=1))
    (folder / f"{TENSORS}.part").replace(folder / TENSORS)
    (folder / f"{NUMBERS}.part").replace(folder / NUMBERS)


def restore_run(run: Run, folder: Path) -> bool:
    """Put a saved run back, to the bit; False when `folder` holds none."""
    if not (folder / TENSORS).exists():
        return False
    tensors, numbers = load_file(folder / TENSORS), json.loads((folder / NUMBERS).read_text())
    frozen = _frozen(run.model)
    run.model.load_state_dict(_under("model.", tensors) | {name: run.model.get_parameter(name) for name in frozen})
    run.ema.restore(_under("ema.", tensors), numbers["ema_steps"])
    for name, generator in run.generators.items():
        generator.set_state(tensors[f"generator.{name}"])
    for name, count in run.counts.items():
        count.copy_(tensors[f"count.{name}"])
    for name, parameter in run.model.named_parameters():
        state: dict = dict(numbers["optimizer"].get(name, {}))
        for key, value in _under(f"optimizer.{name}.", tensors).items():
            state[key] = value.to(parameter.device) if value.ndim else value
        if state:
            run.optimizer.state[parameter] = state
    run.step = numbers["step"]
    return True


def _frozen(model: nn.Module) -> set[str]:
    return {name for name, parameter in model.named_parameters() if not parameter.requires_grad}


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
