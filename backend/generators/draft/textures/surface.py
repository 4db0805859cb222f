"""The words that all texture functions share: where a texel is, and what is there."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

Color = tuple[float, float, float]  # sRGB, 0..1


@dataclass(frozen=True)
class Places:
    """N texels of one material. Lengths are metres of an asset of typical size, whatever the size of its box."""

    position: Tensor  # (N, 3) in the asset, continuous over its parts
    grained: (
        Tensor  # (N, 3) the same with the part's grain as third axis, each piece moved elsewhere: own wood for each
    )
    across: Tensor  # (N, 2) 0..1 in the bounds of its piece, along the two axes across the grain
    girth: Tensor  # (N, 2) size of its piece along these
    normal: Tensor  # (N, 3) unit
    local: Tensor  # (N, 3) 0..1 in the bounds of its piece
    extent: Tensor  # (N, 3) size of its piece
    asset: Tensor  # (N, 3) 0..1 in the bounds of the asset
    piece: Tensor  # (N,) int64, number of the connected piece
    pixel: Tensor  # (N, 2) column, row in the map
    occlusion: Tensor  # (N,) 1 open, 0 hidden
    texel: float  # metres across

    def __len__(self) -> int:
        return len(self.piece)

    def __getitem__(self, chosen: slice | Tensor) -> "Places":
        tensors = {name: value[chosen] for name, value in vars(self).items() if isinstance(value, Tensor)}
        return replace(self, **tensors)

    def whole(self, length: float, texels: int = 4) -> float:
        """As `seen`, rounded to whole texels: periods that repeat exactly."""
        return max(round(length / self.texel), texels) * self.texel

    def seen(self, length: float, texels: float = 4.0) -> float:
        """A detail's length in metres, or as many texels where the map could not show it."""
        return max(length, texels * self.texel)


@dataclass(frozen=True)
class Layer:
    """What the N texels are made of."""

    color: Tensor  # (N, 3) sRGB, 0..1
    roughness: Tensor  # (N,)
    height: Tensor  # (N,) metres outward
    metallic: Tensor | None = None  # (N,); None: 0
    emission: Tensor | None = None  # (N, 3) sRGB
    alpha: Tensor | None = None  # (N,); None: 1


def tone(places: Places, color: Color) -> Tensor:
    """(1, 3) tensor of a colour, to be broadcast."""
    return places.position.new_tensor(color)[None]


def mix(first: Tensor, second: Tensor, share: Tensor) -> Tensor:
    """Colours (N or 1, 3), share (N,) of the second -> (N, 3)."""
    return first + (second - first) * share[:, None]


def step(low: float, high: float, value: Tensor) -> Tensor:
    """0 below `low`, 1 above `high`, smooth between; low > high falls instead of rising."""
    t = ((value - low) / (high - low)).clamp(0, 1)
    return t * t * (3 - 2 * t)


def wave(value: Tensor) -> Tensor:
    """A triangle wave of period 1, 0..1 and back."""
    return 1 - ((value - value.floor()) * 2 - 1).abs()


def flat(places: Places, value: float) -> Tensor:
    return places.position.new_full((len(places),), value)


def stretch(position: Tensor, along: float) -> Tensor:
    """Position (N, 3) with its third axis shortened: noise sampled there is drawn out along that axis."""
    return position * position.new_tensor([1.0, 1.0, 1.0 / along])


def projected(places: Places) -> Tensor:
    """(N, 2) metres on the side of a box that the surface faces most: right and up as seen from outside."""
    x, y, z = places.position.unbind(1)
    nx, ny, nz = places.normal.abs().unbind(1)
    up = nz > torch.maximum(nx, ny)
    side = nx > ny
    return torch.stack([torch.where(up | ~side, x, y), torch.where(up, y, z)], 1)
