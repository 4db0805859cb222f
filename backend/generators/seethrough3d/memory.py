"""How much GPU memory an image takes, and which way of keeping the weights fits. No torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from ...protocol.errors import OutOfMemory, Unavailable

# From the fastest to the smallest. Resident: the transformer without its modulation linears, LoRA, VAE; of "stream"
# two blocks. (fp8 is faster than bf16, but no longer the same picture: it has to be asked for, or to be needed.)
RESIDENT_GB = {"bf16": 17.8, "fp8": 9.2, "nf4": 5.5, "stream": 2.2}
LABELS = {"bf16": "All on the GPU", "fp8": "8 bits", "nf4": "4 bits", "stream": "Streamed"}
PACKAGES = {"fp8": "torchao", "nf4": "bitsandbytes"}  # modes that need a package which is not part of Greybox
# What CUDA takes for itself, and the larger of the steps' activations and the decoding of the picture after them.
# Measured on an H200: steps end 1.5 GB above what is resident at 512 x 512 pixels, 1.9 GB at 1024 x 1024.
WORK_GB_512 = 1.8
WORK_GB_PER_MEGAPIXEL = 2.0
DECODE_GB_512, DECODE_GB_PER_MEGAPIXEL = 1.0, 2.4


@dataclass(frozen=True)
class Plan:
    mode: str
    peak_gb: float


def modes(installed: Callable[[str], object] = find_spec) -> tuple[str, ...]:
    """Those that work on this machine, as far as packages go."""
    return tuple(mode for mode in RESIDENT_GB if mode not in PACKAGES or installed(PACKAGES[mode]) is not None)


def peak_gb(mode: str, pixels: int) -> float:
    """Expected peak for one image of so many pixels."""
    return RESIDENT_GB[mode] + WORK_GB_512 + WORK_GB_PER_MEGAPIXEL * max(0, pixels - 512 * 512) / 1e6


def decode_gb(pixels: int) -> float:
    """What the decoding of one image takes besides the weights."""
    return DECODE_GB_512 + DECODE_GB_PER_MEGAPIXEL * max(0, pixels - 512 * 512) / 1e6


def plan(wanted: str, free_gb: float, pixels: int, usable: tuple[str, ...] | None = None) -> Plan:
    """The wanted mode, or for "auto" the fastest of the usable ones that fits.

    Raises Unavailable for a mode that this machine cannot do, OutOfMemory with the numbers.
    """
    usable = modes() if usable is None else usable
    if wanted != "auto" and wanted not in usable:
        raise Unavailable(f"Memory mode '{wanted}' does not work here", _remedy(wanted))
    for mode in usable if wanted == "auto" else (wanted,):
        needed = peak_gb(mode, pixels)
        if needed <= free_gb:
            return Plan(mode, needed)
    smallest = peak_gb(usable[-1], pixels)
    remedy = (
        "Choose memory mode 'auto'." if smallest <= free_gb else "Choose a smaller picture, or close other programs."
    )
    raise OutOfMemory(f"Mode '{wanted}' needs {needed:.1f} GB of GPU memory, {free_gb:.1f} GB are free", remedy)


def _remedy(mode: str) -> str:
    package = PACKAGES.get(mode)
    if package is None or find_spec(package) is not None:
        return "Choose memory mode 'auto'."
    return f"Install the package {package} into the backend's environment (pip install {package}), or choose 'auto'."
