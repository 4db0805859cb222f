"""Checkpoints of the reference's trainers, read and written; and our own, safetensors with the settings beside them.

Nobody published weights of TAR3D: these are the files that its training code saves (specification 9).
"""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from ...protocol.errors import Unavailable
from ...weights.load import read_pickled
from .gpt import GPT, GPTSettings
from .vqvae import CODEBOOK_HISTORY, VQVAE, VQVAESettings

VQVAE_PREFIX = "sal."
CODEBOOK_KEY = "quant.codebook_used"
_COMPILED = "_orig_mod."
_EARLY_NAMES = {"attention.wo.": "attention.out_proj.", "attention.norm.": "attention.rms_norm."}


def read_vqvae(path: Path) -> dict[str, Tensor]:
    """Weights of a VQ-VAE from a Lightning `.ckpt` or from safetensors, under the names of `VQVAE`."""
    if path.suffix == ".safetensors":
        return load_file(path)
    weights = _state(path, ("state_dict",))
    return {key.removeprefix(VQVAE_PREFIX): value for key, value in weights.items()}


def read_gpt(path: Path) -> dict[str, Tensor]:
    """Weights of a GPT from the trainer's `.pt` (any of its three containers) or from safetensors."""
    if path.suffix == ".safetensors":
        return load_file(path)
    weights = _state(path, ("model", "module", "state_dict"))
    return present_names({key.removeprefix(_COMPILED): value for key, value in weights.items()})


def _state(path: Path, containers: tuple[str, ...]) -> dict[str, Tensor]:
    content = read_pickled(path)
    for name in containers:
        if name in content:
            return content[name]
    raise Unavailable(
        f"{path.name} holds {', '.join(sorted(content))} but no weights under {' or '.join(containers)}",
        "Choose a checkpoint that TAR3D's own training wrote.",
    )


def present_names(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Early hybrid checkpoints pack the lightning layers' q, k, v and name two layers differently: both are undone."""
    early = {key.removesuffix("attention.norm.weight") for key in weights if key.endswith(".attention.norm.weight")}
    renamed = {}
    for key, value in weights.items():
        layer = next((prefix for prefix in early if key.startswith(prefix)), None)
        if layer is None:
            renamed[key] = value
        elif key == f"{layer}attention.wqkv.weight":
            for name, rows in zip("qkv", value.chunk(3), strict=True):
                renamed[f"{layer}attention.{name}_proj.weight"] = rows
        else:
            for old, new in _EARLY_NAMES.items():
                key = key.replace(old, new)
            renamed[key] = value
    return renamed


def is_hybrid(weights: dict[str, Tensor]) -> bool:
    return any(key.endswith(".attention.rms_norm.weight") for key in present_names(weights))


def write_vqvae_reference(weights: dict[str, Tensor], path: Path, step: int) -> None:
    """A file that the reference's VQ-VAE trainer resumes from (weights only)."""
    state = {VQVAE_PREFIX + key: value for key, value in weights.items()}
    torch.save({"epoch": 0, "global_step": step, "state_dict": state}, path)


def write_gpt_reference(weights: dict[str, Tensor], path: Path, step: int) -> None:
    """A file that the reference's GPT trainer and demo load (weights only)."""
    torch.save({"model": weights, "steps": step}, path)


def load_vqvae(path: Path, settings: VQVAESettings) -> VQVAE:
    """A VQ-VAE with the weights of a file, strictly; the codebook's usage history may be missing."""
    weights = read_vqvae(path)
    weights.setdefault(CODEBOOK_KEY, torch.zeros(CODEBOOK_HISTORY))
    model = VQVAE(settings)
    model.load_state_dict(weights)
    return model.eval()


def load_gpt(path: Path, settings: GPTSettings) -> GPT:
    """A GPT with the weights of a file, strictly."""
    model = GPT(settings)
    model.load_state_dict(read_gpt(path))
    return model.eval()


def save_half(weights: dict[str, Tensor], path: Path) -> None:
    """Weights in float16 safetensors, without the codebook's usage history."""
    kept = {key: value for key, value in weights.items() if key != CODEBOOK_KEY}
    save_file({key: (v.half() if v.is_floating_point() else v).contiguous().cpu() for key, v in kept.items()}, path)
