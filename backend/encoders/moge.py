"""The focal length of a picture of unknown origin, by MoGe-2 if that package is installed (pixal3d spec 10).

    pip install git+https://github.com/microsoft/MoGe.git

One number is taken from it; everything that the scene itself renders has its exact camera and needs none of this.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from ..protocol.errors import Unavailable

PACKAGE, MODULE = "moge", "moge.model.v2"


class MogeCamera:
    """MoGe-2 with its published weights. Raises Unavailable if the package or the file cannot be used."""

    @staticmethod
    def installed() -> bool:
        return find_spec(PACKAGE) is not None

    def __init__(self, weights: Path, device: torch.device | str = "cpu") -> None:
        try:
            module: Any = import_module(MODULE)
            self._model = module.MoGeModel.from_pretrained(str(weights)).to(device).eval()
        except (ImportError, OSError) as error:
            remedy = "Install MoGe and its weights, or set the view angle by hand."
            raise Unavailable(f"MoGe-2 cannot be used: {error}", remedy) from error
        self._device = torch.device(device)

    @torch.no_grad()
    def focal(self, picture: Image.Image) -> float:
        """Focal length, in units of its width, of an RGB picture whose optical centre is its middle."""
        pixels = torch.from_numpy(np.array(picture.convert("RGB"))).to(self._device)
        seen = self._model.infer(pixels.permute(2, 0, 1).float() / 255)
        return float(seen["intrinsics"][..., 0, 0])
