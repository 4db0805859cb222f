"""MoGe-2 behind its optional import, with a package of the same shape in its place."""

import sys
import types
from math import radians, tan
from pathlib import Path

import pytest
import torch
from PIL import Image

from backend.encoders.moge import MogeCamera
from backend.generators.pixal3d.camera import angle_of_normalised_focal
from backend.protocol.errors import Unavailable


class StandIn(torch.nn.Module):
    """Answers as MoGe-2 does: intrinsics in units of the picture's sides."""

    @classmethod
    def from_pretrained(cls, path: str) -> "StandIn":
        assert path == "model.pt"
        return cls()

    def infer(self, picture: torch.Tensor) -> dict[str, torch.Tensor]:
        assert picture.shape == (3, 8, 8) and 0 <= picture.min() <= picture.max() <= 1
        focal = 0.5 / tan(radians(20))
        return {"intrinsics": torch.tensor([[focal, 0, 0.5], [0, focal, 0.5], [0, 0, 1]])}


def test_the_angle_follows_from_the_normalised_focal_length(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("moge.model.v2")
    module.MoGeModel = StandIn  # pyright: ignore
    monkeypatch.setitem(sys.modules, "moge.model.v2", module)
    focal = MogeCamera(Path("model.pt")).focal(Image.new("RGB", (8, 8), (255, 0, 9)))
    assert angle_of_normalised_focal(focal) == pytest.approx(radians(40))


def test_without_the_package_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moge.model.v2", None)
    with pytest.raises(Unavailable, match="MoGe-2 cannot be used") as failure:
        MogeCamera(Path("model.pt"))
    assert "view angle" in str(failure.value.remedy)
