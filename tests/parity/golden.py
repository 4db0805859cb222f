"""One golden file: what the reference computed, and with which weights, inputs and tolerance."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open


@dataclass
class Golden:
    component: str
    config: dict[str, Any]
    tolerance: dict[str, dict]
    path: Path
    weights: dict[str, torch.Tensor]  # upstream key names
    inputs: dict[str, torch.Tensor]  # without "in."
    outputs: dict[str, torch.Tensor]  # without "out."
    mids: dict[str, torch.Tensor]  # without "mid."
    metadata: dict[str, str] = field(default_factory=dict)

    def load(self, module: torch.nn.Module, prefix: str = "", exempt: tuple[str, ...] = ()) -> torch.nn.Module:
        """Strict load of `weights.<prefix>*`; a missing or an unused key raises RuntimeError naming it.

        `exempt` names keys that the README of the system allows to be absent on either side.
        """
        state = {k.removeprefix(prefix): v for k, v in self.weights.items() if k.startswith(prefix)}
        wanted = module.state_dict()
        for key in exempt:
            if key in wanted and key not in state:
                state[key] = wanted[key]
            if key not in wanted:
                state.pop(key, None)
        module.load_state_dict(state, strict=True)
        return module.eval()


def read(path: Path) -> Golden:
    """Raises ValueError when the file is no golden."""
    groups: dict[str, dict[str, torch.Tensor]] = {"weights": {}, "in": {}, "out": {}, "mid": {}}
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata() or {}
        if "component" not in metadata:
            raise ValueError(f"{path} has no 'component' in its metadata")
        for name in file.keys():  # noqa: SIM118 - safe_open is no mapping
            group, _, rest = name.partition(".")
            if group not in groups:
                raise ValueError(f"{path}: tensor '{name}' belongs to none of weights, in, out, mid")
            groups[group][rest] = file.get_tensor(name)
    return Golden(
        component=metadata["component"],
        config=json.loads(metadata.get("config", "{}")),
        tolerance=json.loads(metadata.get("tolerance", "{}")) or {"*": {"atol": 1e-4, "rtol": 1e-4}},
        path=path,
        weights=groups["weights"],
        inputs=groups["in"],
        outputs=groups["out"],
        mids=groups["mid"],
        metadata=metadata,
    )
