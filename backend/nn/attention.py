"""Scaled dot-product attention over dense batches and over segments of rows."""

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from .segments import Segments

# cuDNN reaches almost twice the speed of the flash backend on Hopper (research: 617-667 against 319-366 TFLOP/s).
CUDA_BACKENDS = [
    SDPBackend.CUDNN_ATTENTION,
    SDPBackend.FLASH_ATTENTION,
    SDPBackend.EFFICIENT_ATTENTION,
    SDPBackend.MATH,
]
# A backward pass through SeeThrough3D's two calls ended in a CUDA error on an H200 while cuDNN came first.
TRAINING_BACKENDS = CUDA_BACKENDS[1:]
LOOPED_SEGMENTS = 8  # up to this many segments are attended one by one, more are padded together
PADDED_SCORES = 1 << 28  # elements of one padded block of scores


def attention(q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None = None) -> Tensor:
    """softmax(q k^T / sqrt(d) + bias) v for q (B, L, H, d), k and v (B, S, H, d) -> (B, L, H, d).

    `bias` is broadcastable to (B, H, L, S): additive, or boolean with True where a query may look.
    """
    q, k, v = (x.transpose(1, 2) for x in (q, k, v))
    if not q.is_cuda:
        return F.scaled_dot_product_attention(q, k, v, bias).transpose(1, 2)
    learning = torch.is_grad_enabled() and (q.requires_grad or k.requires_grad or v.requires_grad)
    with sdpa_kernel(TRAINING_BACKENDS if learning else CUDA_BACKENDS, set_priority=True):
        return F.scaled_dot_product_attention(q, k, v, bias).transpose(1, 2)


def segment_attention(q: Tensor, k: Tensor, v: Tensor, q_segments: Segments, k_segments: Segments) -> Tensor:
    """Attention of q (T, H, d) to k, v (S, H, d), where each item sees the keys of its own item only -> (T, H, d)."""
    if q_segments.count != k_segments.count:
        raise ValueError(f"queries have {q_segments.count} items, keys have {k_segments.count}")
    items = q_segments.count
    if q_segments.uniform and k_segments.uniform:
        shaped = (x.unflatten(0, (items, -1)) for x in (q, k, v))
        return attention(*shaped).flatten(0, 1)
    if items <= LOOPED_SEGMENTS:
        parts = zip(q_segments.split(q), k_segments.split(k), k_segments.split(v), strict=True)
        return torch.cat([attention(a[None], b[None], c[None])[0] for a, b, c in parts])
    return _padded_attention(q, k, v, q_segments, k_segments)


def _padded_attention(q: Tensor, k: Tensor, v: Tensor, q_segments: Segments, k_segments: Segments) -> Tensor:
    """Many short segments: pad blocks of neighbours to their longest and mask the padding."""
    out = torch.zeros_like(q)
    longest = max(q_segments.lengths) * max(k_segments.lengths) * q.shape[1]
    block = max(1, PADDED_SCORES // longest)
    for first in range(0, q_segments.count, block):
        last = min(first + block, q_segments.count)
        rows = slice(q_segments.offsets[first], q_segments.offsets[last])
        keys = slice(k_segments.offsets[first], k_segments.offsets[last])
        q_block, k_block = Segments(q_segments.lengths[first:last]), Segments(k_segments.lengths[first:last])
        padded_q, real = q_block.pad(q[rows])
        padded_k, visible = k_block.pad(k[keys])
        padded_v, _ = k_block.pad(v[keys])
        out[rows] = attention(padded_q, padded_k, padded_v, visible[:, None, None])[real]
    return out
