"""Triangles in UV space -> the texels that they cover. PyTorch, on any device; no loop over triangles.

Scanline by scanline: every triangle is cut into rows, every row into a half-open span of texel centres. An edge is
evaluated from the same two end points by both of its triangles, so neighbours neither overlap nor leave a gap.
"""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Raster:
    """The covered texels of a map, row by row; N of them."""

    height: int
    width: int
    texel: Tensor  # (N,) int64: row * width + column, ascending; row 0 is the top
    face: Tensor  # (N,) int64
    barycentric: Tensor  # (N, 3) float32: weight of each corner of the face

    def interpolate(self, corner_values: Tensor) -> Tensor:
        """(F, 3, C) values at corners -> (N, C) values at the texels."""
        first, second, third = corner_values.unbind(1)
        weight = self.barycentric
        total = first[self.face] * weight[:, :1]
        total += second[self.face] * weight[:, 1:2]
        total += third[self.face] * weight[:, 2:]
        return total

    def image(self, values: Tensor, background: float = 0.0) -> Tensor:
        """(N, C) or (N,) values at the texels -> (height, width, C) or (height, width)."""
        canvas = values.new_full((self.height * self.width, *values.shape[1:]), background)
        canvas[self.texel] = values
        return canvas.reshape(self.height, self.width, *values.shape[1:])

    def covered(self) -> Tensor:
        """(height, width) bool."""
        return self.image(torch.ones_like(self.texel, dtype=torch.bool))


def rasterize(
    corner_uvs: Tensor,
    height: int,
    width: int,
    rows: tuple[int, int] | None = None,
    nearness: Tensor | None = None,
) -> Raster:
    """corner_uvs: (F, 3, 2), v up, (0, 0) the lower left corner of the map. A texel belongs to the face that covers
    its centre; where faces overlap the one with the highest index wins. Orientation does not matter; parts outside
    [0, 1]² are cut off. rows: only texels from this row to before that row, for maps drawn band by band. nearness:
    (F, 3) at the corners, such as 1 / distance: where faces overlap, the one that has more of it there wins."""
    first_row, end_row = rows or (0, height)
    scale = corner_uvs.new_tensor([width, height], dtype=torch.float64)
    flipped = torch.stack([corner_uvs[..., 0], 1 - corner_uvs[..., 1]], -1).double()
    points = flipped * scale - 0.5  # texel centres at whole numbers
    face, row = _rows(points, first_row, end_row)
    face, row, first, count = _spans(points, face, row, width)
    which, offset = _ranges(count)
    start = first_row * width
    texel = row[which] * width + first[which] + offset - start
    owner = torch.full(((end_row - first_row) * width,), -1, dtype=torch.int64, device=points.device)
    owners = face[which]
    if nearness is not None:
        near = (_barycentric(points, owners, texel + start, width) * nearness[owners]).sum(1)
        nearest = near.new_full(owner.shape, -torch.inf).scatter_reduce_(0, texel, near, "amax")
        front = near >= nearest[texel]
        texel, owners = texel[front], owners[front]
    owner.scatter_reduce_(0, texel, owners, "amax")
    covered = (owner >= 0).nonzero()[:, 0]
    owner = owner[covered]
    return Raster(height, width, covered + start, owner, _barycentric(points, owner, covered + start, width))


def _ranges(count: Tensor) -> tuple[Tensor, Tensor]:
    """Counts (n,) -> for each of sum(count) entries: which range it is in, and its place there."""
    which = torch.repeat_interleave(torch.arange(len(count), device=count.device), count)
    start = count.cumsum(0) - count
    return which, torch.arange(len(which), device=count.device) - start[which]


def _rows(points: Tensor, first: int, end_row: int) -> tuple[Tensor, Tensor]:
    """Rows of texel centres that each triangle meets, from `first` to before `end_row`: (face, row) pairs."""
    top = points[..., 1].amin(1).ceil().clamp(min=first).long()
    end = points[..., 1].amax(1).ceil().clamp(max=end_row).long()
    face, offset = _ranges((end - top).clamp(min=0))
    return face, top[face] + offset


def _spans(points: Tensor, face: Tensor, row: Tensor, width: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Non-empty spans: face, row, first column, number of columns."""
    order = points[..., 1].argsort(1)
    a, b, c = points.gather(1, order[..., None].expand_as(points)).unbind(1)  # (F, 2) each, by rising y
    y = row.to(points.dtype)
    upper = y < b[face, 1]
    long_edge = _crossing(a[face], c[face], y)
    short_edge = _crossing(
        torch.where(upper[:, None], a[face], b[face]), torch.where(upper[:, None], b[face], c[face]), y
    )
    first = torch.minimum(long_edge, short_edge).ceil().clamp(min=0).long()
    end = torch.maximum(long_edge, short_edge).ceil().clamp(max=width).long()
    keep = end > first
    return face[keep], row[keep], first[keep], (end - first)[keep]


def _crossing(start: Tensor, end: Tensor, y: Tensor) -> Tensor:
    """x where the edges (n, 2) -> (n, 2) meet the horizontals y (n,)."""
    rise = end[:, 1] - start[:, 1]
    share = (y - start[:, 1]) / torch.where(rise == 0, 1.0, rise)
    return start[:, 0] + share * (end[:, 0] - start[:, 0])


def _barycentric(points: Tensor, face: Tensor, texel: Tensor, width: int) -> Tensor:
    """(N, 3) weights of the texel centres in their faces."""
    origin, first, second = points[:, 0], points[:, 1] - points[:, 0], points[:, 2] - points[:, 0]
    area = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    inverse = torch.stack([second[:, 1], -second[:, 0], -first[:, 1], first[:, 0]], 1) / area[:, None]
    table = torch.cat([origin, inverse], 1).float()[face]  # (N, 6)
    x = (texel % width).float() - table[:, 0]
    y = torch.div(texel, width, rounding_mode="floor").float() - table[:, 1]
    one = (x * table[:, 2] + y * table[:, 3]).clamp(0, 1)
    two = torch.minimum((x * table[:, 4] + y * table[:, 5]).clamp(0, 1), 1 - one)
    return torch.stack([1 - one - two, one, two], 1)
