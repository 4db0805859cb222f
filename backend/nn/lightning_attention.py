"""Causal linear attention with a fixed decay a head ("lightning attention"): chunked, and one token at a time.

    o_t = sum over s <= t of exp(-slope (t - s)) (q_t . k_s) v_s

No softmax, no scale. The state S [d, e] of a head holds everything that the past contributes, so decoding needs memory
that does not grow with the sequence. Source: TAR3D specification 8.2 to 8.5.
"""

from importlib.util import find_spec

import torch
from torch import Tensor
from torch.nn import functional as F

HAS_TRITON = find_spec("triton") is not None


def alibi_slopes(heads: int) -> Tensor:
    """Decay rate of every head, [heads] float32: r^(h+1) with r = 2^(-8/heads).

    When `heads` is no power of two: the slopes of the next smaller power P, then every second one of the list for 2P.
    """
    if heads < 1:
        raise ValueError(f"lightning attention needs at least one head, got {heads}")
    power = 1 << (heads.bit_length() - 1)
    slopes = _geometric(power)
    if power < heads:
        slopes = torch.cat([slopes, _geometric(2 * power)[0::2][: heads - power]])
    return slopes.float()


def _geometric(heads: int) -> Tensor:
    return 2.0 ** (-8.0 / heads * torch.arange(1, heads + 1, dtype=torch.float64))


def lightning_attention(q: Tensor, k: Tensor, v: Tensor, slopes: Tensor, chunk: int = 64) -> Tensor:
    """All positions at once; q, k [B, H, N, d], v [B, H, N, e], slopes [H] -> [B, H, N, e] in the type of v.

    Inside a chunk the decayed score matrix is formed; between chunks only the states travel, all of them by one small
    triangular product, so there is no loop over the sequence. Every exponent is <= 0. Accumulates in float32. On GPUs
    the Triton twin does the same with chunks of its own.
    """
    if HAS_TRITON and q.is_cuda:
        from .lightning_attention_triton import lightning_attention as twin

        return twin(q, k, v, slopes)
    with torch.autocast(q.device.type, enabled=False):
        return _chunked(q, k, v, slopes, min(chunk, q.shape[2]))


def _chunked(q: Tensor, k: Tensor, v: Tensor, slopes: Tensor, chunk: int) -> Tensor:
    length = q.shape[2]
    padding = -length % chunk
    qc, kc, vc = (F.pad(t, (0, 0, 0, padding)).unflatten(2, (-1, chunk)).float() for t in (q, k, v))  # [B, H, n, C, d]
    slope = slopes.float().view(-1, 1, 1)
    place = torch.arange(chunk, device=q.device)
    ahead = (place[:, None] - place[None, :]).float()
    inside = torch.where(ahead >= 0, torch.exp(-slope * ahead.clamp(min=0)), 0.0)  # [H, C, C]
    intra = ((qc @ kc.transpose(-1, -2)) * inside[:, None]) @ vc

    to_end = torch.exp(-slope * (chunk - 1 - place)[:, None])  # [H, C, 1]
    added = (kc * to_end[:, None]).transpose(-1, -2) @ vc  # [B, H, n, d, e], each chunk's share of the state at its end
    number = torch.arange(qc.shape[2], device=q.device)
    between = (number[:, None] - number[None, :] - 1).float()
    carry = torch.where(between >= 0, torch.exp(-slope * chunk * between.clamp(min=0)), 0.0)  # [H, n, n]
    before = (carry @ added.flatten(3)).unflatten(3, added.shape[3:])  # state before each chunk
    from_start = torch.exp(-slope * (place + 1)[:, None])
    out = intra + (qc * from_start[:, None]) @ before
    return out.flatten(2, 3)[:, :, :length].to(v.dtype)


def lightning_state(k: Tensor, v: Tensor, slopes: Tensor) -> Tensor:
    """State after the last position, [B, H, d, e] float32, from k [B, H, N, d] and v [B, H, N, e]."""
    age = torch.arange(k.shape[2] - 1, -1, -1, device=k.device)
    weight = torch.exp(-slopes.float()[:, None] * age)  # [H, N]
    return (k.float() * weight[..., None]).transpose(-1, -2) @ v.float()


def lightning_step(q: Tensor, k: Tensor, v: Tensor, slopes: Tensor, state: Tensor) -> Tensor:
    """One position; q, k [B, H, d], v [B, H, e] -> [B, H, e]. `state` [B, H, d, e] float32 is updated in place."""
    state.mul_(torch.exp(-slopes.float())[:, None, None]).add_(k.float()[..., None] * v.float()[..., None, :])
    return (q.float()[..., None, :] @ state).squeeze(-2).to(v.dtype)
