"""TriPE: positions of triplane codes as the sum of a rotation in the plane and a rotation over the three planes.

The tables go to `nn.rope.apply_rotary`.
Code t stands at row h, column w of plane p with t = 3 (h R + w) + p. Specification 5.2.
"""

import math

import torch
from torch import Tensor


def tripe_table(codes: int, head_dim: int, condition_tokens: int, base: float = 10000.0) -> Tensor:
    """(cos, sin) of every position, [condition_tokens + codes, head_dim / 2, 2] float32; condition rows are zero.

    The two rotations are added, not composed: a row's amplitude lies between 0 and 2.
    """
    res = math.isqrt(codes // 3)
    if 3 * res * res != codes:
        raise ValueError(f"the number of codes must be 3 R^2, got {codes}")
    if head_dim % 4:
        raise ValueError(f"TriPE needs a head width that is a multiple of 4, got {head_dim}")
    half = head_dim // 2
    in_plane = base ** (-2 * torch.arange(half // 2).float() / half)  # [half / 2]
    over_planes = base ** (-2 * torch.arange(half).float() / head_dim)  # [half]
    code = torch.arange(codes)
    cell, plane = code // 3, code % 3
    row, column = cell // res, cell % res
    theta2 = torch.cat([row[:, None] * in_plane, column[:, None] * in_plane], dim=1)  # [codes, half]
    theta1 = plane[:, None] * over_planes
    table = torch.stack([theta2.cos() + theta1.cos(), theta2.sin() + theta1.sin()], dim=-1)
    return torch.cat([torch.zeros(condition_tokens, half, 2), table])


def with_identity_conditions(table: Tensor, condition_tokens: int) -> Tensor:
    """The same table whose condition rows leave q and k as they are (specification 8.6)."""
    table = table.clone()
    table[:condition_tokens, :, 0] = 1.0
    return table
