"""Attention of the pixels of a map to a window of neighbours each (pixal3d spec 5.2).

Pixels that share a window are attended together: one gather of keys and two matrix products per window. Any subset of
the pixels can be asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

WINDOW_BLOCK = 1 << 26  # elements of gathered keys and values, and of padded queries, at once


def axis_windows(length: int, kernel: int, dilation: int = 1) -> Tensor:
    """(length, kernel) neighbours of each position on an axis: a dilated lattice, windows shifted inwards at the ends.

    ValueError if the axis is too short for one window.
    """
    if length < kernel * dilation:
        raise ValueError(f"an axis of {length} is too short for windows of {kernel} with dilation {dilation}")
    position = torch.arange(length)
    residue, index = position % dilation, position // dilation
    lattice = (length - residue + dilation - 1) // dilation
    begin = torch.minimum((index - kernel // 2).clamp(min=0), lattice - kernel)
    return residue[:, None] + (begin[:, None] + torch.arange(kernel)) * dilation


@dataclass(frozen=True)
class MapWindows:
    """The window that each pixel of a map looks through, as rows of a map of keys."""

    window_of_row: Tensor  # (H,) int64
    window_of_column: Tensor  # (W,)
    columns: int  # windows along a row
    keys: Tensor  # (windows, kernel^2) rows of the flattened keys

    @classmethod
    def of(cls, row_keys: Tensor, column_keys: Tensor, key_columns: int, device: torch.device) -> MapWindows:
        """From the key rows (H, k) and key columns (W, k) that each row and column of pixels looks at."""
        row_windows, window_of_row = row_keys.unique(dim=0, return_inverse=True)
        column_windows, window_of_column = column_keys.unique(dim=0, return_inverse=True)
        keys = row_windows[:, None, :, None] * key_columns + column_windows[None, :, None, :]  # (r, c, k, k)
        parts = (window_of_row.to(device), window_of_column.to(device))
        return cls(*parts, len(column_windows), keys.flatten(0, 1).flatten(1).to(device))

    def of_pixels(self, rows: Tensor, columns: Tensor) -> Tensor:
        """(P,) window of pixels at rows (P,) and columns (P,)."""
        return self.window_of_row[rows] * self.columns + self.window_of_column[columns]


def window_attention(q: Tensor, window: Tensor, key_rows: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """q (P, H, D) attend to the keys of their `window` (P,): rows `key_rows` (W, n) of k (S, H, D) and v (S, H, Dv)."""
    out = v.new_zeros(len(q), *v.shape[1:])
    order = window.argsort(stable=True)
    used, counts = window[order].unique_consecutive(return_counts=True)
    begins = counts.cumsum(0) - counts
    per_window = key_rows.shape[1] * (k[0].numel() + v[0].numel()) + int(counts.max()) * q[0].numel()
    block = max(1, WINDOW_BLOCK // per_window)
    for first in range(0, len(used), block):
        count, begin = counts[first : first + block], begins[first : first + block]
        place = torch.arange(int(count.max()), device=q.device)
        pixels = order[(begin[:, None] + torch.minimum(place, count[:, None] - 1))]  # (w, Q), the last one repeated
        rows = key_rows[used[first : first + block]]
        scores = torch.einsum("wqhd,wnhd->whqn", q[pixels] * q.shape[-1] ** -0.5, k[rows])
        attended = torch.einsum("whqn,wnhe->wqhe", scores.softmax(-1), v[rows])
        real = place < count[:, None]
        out[pixels[real]] = attended[real]
    return out


def neighborhood_attention(q: Tensor, k: Tensor, v: Tensor, kernel: int, dilation: int = 1) -> Tensor:
    """q, k (B, L, M, H, D), v (B, L, M, H, Dv): every pixel attends to its `kernel` x `kernel` dilated neighbours."""
    rows, columns = q.shape[1:3]
    by_row, by_column = (axis_windows(size, kernel, dilation) for size in (rows, columns))
    windows = MapWindows.of(by_row, by_column, columns, q.device)
    row, column = torch.meshgrid(*(torch.arange(n, device=q.device) for n in (rows, columns)), indexing="ij")
    window = windows.of_pixels(row.flatten(), column.flatten())
    flat = [[x.flatten(0, 1) for x in maps] for maps in zip(q, k, v, strict=True)]
    out = torch.stack([window_attention(a, window, windows.keys, b, c) for a, b, c in flat])
    return out.unflatten(1, (rows, columns))
