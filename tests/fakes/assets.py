"""A small asset as a generator would make it: a coloured, textured cube. Standard library and NumPy only."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from greybox.backend.protocol import artifacts
from greybox.backend.protocol.assets import MeshData, Placement


def png(pixels: np.ndarray) -> bytes:
    """(H,W,3|4) uint8 as a PNG file."""
    height, width, channels = pixels.shape
    rows = b"".join(b"\0" + pixels[y].tobytes() for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 6 if channels == 4 else 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


def flat(colour: tuple[int, ...], side: int = 16) -> bytes:
    return png(np.tile(np.array(colour, np.uint8), (side, side, 1)))


def picture(seed: int, side: int = 256, blur: int = 1) -> bytes:
    """A square picture of stripes and blobs, another one for each seed."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side] / side
    waves = [np.sin(random.uniform(4, 30) / blur * (x * a + y * b)) for a, b in random.normal(size=(3, 2))]
    return png(np.stack([127 + 120 * wave for wave in waves], -1).astype(np.uint8))


def cube() -> MeshData:
    """The unit box: x, y in [-0.5, 0.5], z in [0, 1]; outward faces, each with the whole picture on it."""
    corners = [(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (0.0, 1.0)]
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = [triangle for a, b, c, d in quads for triangle in ((a, b, c), (a, c, d))]
    uvs = [triangle for _ in quads for triangle in (((0, 0), (1, 0), (1, 1)), ((0, 0), (1, 1), (0, 1)))]
    return MeshData(np.array(corners, np.float32), np.array(faces, np.int32), np.array(uvs, np.float32))


def placement(size: tuple[float, float, float], triangles: int = 12) -> Placement:
    """Fills a box of this size with the unit cube."""
    x, y, z = size
    matrix = ((x, 0.0, 0.0, 0.0), (0.0, y, 0.0, 0.0), (0.0, 0.0, z, 0.0), (0.0, 0.0, 0.0, 1.0))
    return Placement(matrix=matrix, fit="fill", bounds=((-x / 2, -y / 2, 0.0), (x / 2, y / 2, z)), triangles=triangles)


def files(size: tuple[float, float, float], colour: tuple[int, int, int] = (200, 60, 40)) -> dict[str, bytes]:
    """Every file of a finished box by artifact name."""
    return {
        artifacts.MESH: cube().to_bytes(),
        artifacts.BASE_COLOR: flat(colour),
        artifacts.ORM: flat((255, 128, 0)),
        artifacts.NORMAL: flat((128, 128, 255)),
        artifacts.PLACEMENT: placement(size).to_bytes(),
        artifacts.PREVIEW: picture(sum(colour), 32),
    }
