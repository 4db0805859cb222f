"""Space-filling codes of voxel coordinates: 10 bits an axis, 30 bits a code (trellis2_core spec 12.2)."""

import numpy as np

BITS = 10


def z_order(coords: np.ndarray) -> np.ndarray:
    """(N, 3) coordinates 0..1023 -> (N,) int32: bit k of x, y, z at bit 3k+2, 3k+1, 3k."""
    spread = [_spread(coords[:, axis].astype(np.int64)) for axis in range(3)]
    return (spread[0] << 2 | spread[1] << 1 | spread[2]).astype(np.int32)


def z_order_coordinates(codes: np.ndarray) -> np.ndarray:
    """The inverse of `z_order`: (N,) -> (N, 3) int32."""
    codes = codes.astype(np.int64)
    axes = [sum(((codes >> (3 * bit + 2 - axis)) & 1) << bit for bit in range(BITS)) for axis in range(3)]
    return np.stack(axes, axis=1).astype(np.int32)


def hilbert(coords: np.ndarray) -> np.ndarray:
    """(N, 3) coordinates 0..1023 -> (N,) int32 position on the Hilbert curve (Skilling's transpose algorithm)."""
    x = coords.astype(np.int64).T.copy()  # (3, N)
    for bit in reversed(range(1, BITS)):
        low = (1 << bit) - 1
        for axis in range(3):
            high = (x[axis] >> bit & 1).astype(bool)
            exchanged = np.where(high, 0, (x[0] ^ x[axis]) & low)
            x[0] ^= np.where(high, low, exchanged)
            x[axis] ^= exchanged
    x[1] ^= x[0]
    x[2] ^= x[1]
    parity = np.zeros_like(x[0])
    for bit in reversed(range(1, BITS)):
        parity ^= np.where(x[2] >> bit & 1, (1 << bit) - 1, 0)
    return z_order((x ^ parity).T)


def _spread(values: np.ndarray) -> np.ndarray:
    bits = np.arange(BITS)
    return ((values[:, None] >> bits & 1) << 3 * bits).sum(1)
