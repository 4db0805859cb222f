"""LPIPS with AlexNet: how far two pictures are apart in the features of a classifier. Specification 13.2.

Weights are those of the published metric: torchvision's AlexNet (`alexnet-owt-7be5be79.pth`) and the five linear layers
of lpips 0.1 (`alex.pth`). Attribute names are their keys.
"""

from pathlib import Path

import torch
from numpy import ndarray
from torch import Tensor, nn

from ..weights.load import BadCheckpoint, read_pickled

SHIFT, SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
CHANNELS = (64, 192, 384, 256, 256)


class Linear(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.model = nn.Sequential(nn.Dropout(), nn.Conv2d(channels, 1, 1, bias=False))


class LPIPS(nn.Module):
    """Pictures [B, 3, H, W] in [-1, 1] -> distances [B]."""

    shift: Tensor
    scale: Tensor

    def __init__(self, channels: tuple[int, ...] = CHANNELS):
        super().__init__()
        c = channels
        self.features = nn.Sequential(
            nn.Conv2d(3, c[0], 11, stride=4, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
            nn.Conv2d(c[0], c[1], 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
            nn.Conv2d(c[1], c[2], 3, padding=1), nn.ReLU(),
            nn.Conv2d(c[2], c[3], 3, padding=1), nn.ReLU(),
            nn.Conv2d(c[3], c[4], 3, padding=1), nn.ReLU(),
        )  # fmt: skip
        self.lin0, self.lin1, self.lin2, self.lin3, self.lin4 = (Linear(n) for n in channels)
        self.register_buffer("shift", torch.tensor(SHIFT)[:, None, None], persistent=False)
        self.register_buffer("scale", torch.tensor(SCALE)[:, None, None], persistent=False)

    def forward(self, one: Tensor, other: Tensor) -> Tensor:
        layers = (self.lin0, self.lin1, self.lin2, self.lin3, self.lin4)
        total = one.new_zeros(len(one))
        for layer, a, b in zip(layers, self.taps(one), self.taps(other), strict=True):
            total = total + layer.model((a - b).square()).mean((1, 2, 3))
        return total

    def taps(self, picture: Tensor) -> list[Tensor]:
        """The features after every ReLU, each position's of unit length."""
        x, found = (picture - self.shift) / self.scale, []
        for layer in self.features:
            x = layer(x)
            if isinstance(layer, nn.ReLU):
                found.append(x / (x.square().sum(1, keepdim=True).sqrt() + 1e-10))
        return found


def load_lpips(alexnet: Path, linear: Path, channels: tuple[int, ...] = CHANNELS) -> LPIPS:
    """Raises BadCheckpoint when a file lacks a weight; AlexNet's classifier is not needed."""
    weights = {k: v for k, v in read_pickled(alexnet).items() if k.startswith("features.")} | read_pickled(linear)
    model = LPIPS(channels)
    if weights.keys() != model.state_dict().keys():
        wrong = sorted(weights.keys() ^ model.state_dict().keys())
        raise BadCheckpoint(f"{alexnet.name} and {linear.name} differ from LPIPS in {', '.join(wrong[:5])}")
    model.load_state_dict(weights)
    return model.eval().requires_grad_(False)


def distances(model: LPIPS, true: ndarray, made: ndarray, as_published: bool = True) -> list[float]:
    """Pictures (N,H,W,3) uint8. `as_published` leaves them in [0, 1] although the metric is made for [-1, 1]."""
    one, other = (torch.from_numpy(p.copy()).movedim(-1, 1).float() / 255 for p in (true, made))
    if not as_published:
        one, other = 2 * one - 1, 2 * other - 1
    return model(one, other).tolist()
