"""How much GPU memory an image takes, and which way of keeping the weights fits. No torch."""

from __future__ import annotations

from dataclasses import dataclass

from ...protocol.errors import OutOfMemory

MODES = ("bf16", "stream")  # from the fastest to the smallest
RESIDENT_GB = {"bf16": 17.6, "stream": 2.6}  # transformer without its modulation linears, LoRA, VAE; two blocks
WORK_GB_512 = 1.4  # activations and the CUDA context at 512 x 512 pixels
WORK_GB_PER_MEGAPIXEL = 2.0


@dataclass(frozen=True)
class Plan:
    mode: str
    peak_gb: float


def peak_gb(mode: str, pixels: int) -> float:
    """Expected peak for one image of so many pixels."""
    return RESIDENT_GB[mode] + WORK_GB_512 + WORK_GB_PER_MEGAPIXEL * max(0, pixels - 512 * 512) / 1e6


def plan(wanted: str, free_gb: float, pixels: int) -> Plan:
    """The wanted mode, or for "auto" the fastest that fits. Raises OutOfMemory with the numbers."""
    for mode in MODES if wanted == "auto" else (wanted,):
        needed = peak_gb(mode, pixels)
        if needed <= free_gb:
            return Plan(mode, needed)
    smallest = peak_gb(MODES[-1], pixels)
    remedy = (
        "Choose memory mode 'auto'." if smallest <= free_gb else "Choose a smaller picture, or close other programs."
    )
    raise OutOfMemory(f"Mode '{wanted}' needs {needed:.1f} GB of GPU memory, {free_gb:.1f} GB are free", remedy)
