"""`.vxz` files: voxels with byte attributes, in chunks of octrees and compressed streams (trellis2_core spec 12.4)."""

from __future__ import annotations

import json
import lzma
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from .codes import z_order, z_order_coordinates
from .octree import decode_neighbour, decode_parent, encode_neighbour, encode_parent, octree_bytes, octree_codes

MAGIC = b"VXZ\0"
MIN_LZMA_WINDOW, MAX_LZMA_WINDOW = 1 << 12, 1 << 26  # bytes
LZMA_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9}]

Filter = Literal["none", "parent", "neighbor"]
Compression = Literal["none", "deflate", "lzma", "zstd"]
Interleave = Literal["none", "as_is", "all"]


@dataclass(frozen=True)
class VoxelFile:
    """Active voxels and their attributes."""

    coords: np.ndarray  # (N, 3) int32
    attributes: dict[str, np.ndarray]  # name -> (N, channels) uint8


@dataclass(frozen=True)
class VxzSettings:
    """How a file is written."""

    chunk_size: int = 256  # cells a side, a power of two
    filter: Filter = "none"
    compression: Compression = "lzma"
    interleave: Interleave = "as_is"
    level: int | None = field(default=None)  # of the compressor; its strongest if None


def read_vxz(path: Path) -> VoxelFile:
    """Chunks one after another in the order of the file. ValueError if the file is no vxz or is cut off."""
    data = path.read_bytes()
    if data[:4] != MAGIC or len(data) < 8:
        raise ValueError(f"{path} is no vxz file: it begins with {data[:4]!r}")
    (start,) = struct.unpack(">I", data[4:8])
    header = json.loads(data[8:start])
    body = data[start:]
    if len(body) < header["compressed_size"]:
        raise ValueError(f"{path} is cut off: {len(body)} bytes of voxels, its header says {header['compressed_size']}")
    chunks = [_read_chunk(header, chunk, body) for chunk in header["chunks"]]
    channels = sum(width for _, width in header["attr"])
    coords = np.concatenate([c for c, _ in chunks]) if chunks else np.zeros((0, 3), np.int32)
    values = np.concatenate([v for _, v in chunks]) if chunks else np.zeros((0, channels), np.uint8)
    return VoxelFile(coords, dict(zip(_names(header), _columns(header["attr"], values), strict=True)))


def write_vxz(path: Path, voxels: VoxelFile, settings: VxzSettings | None = None) -> None:
    """Chunks in lexicographic order of their place, voxels in z-order inside a chunk."""
    settings = settings or VxzSettings()
    attr = [[name, values.shape[1]] for name, values in voxels.attributes.items()]
    values = np.concatenate([*voxels.attributes.values(), np.zeros((len(voxels.coords), 0), np.uint8)], axis=1)
    chunks, body = [], b""
    places, which = np.unique(voxels.coords // settings.chunk_size, axis=0, return_inverse=True)
    for number, place in enumerate(places):
        rows = np.nonzero(which.reshape(-1) == number)[0]
        entry, packed = _write_chunk(voxels.coords[rows] % settings.chunk_size, values[rows], attr, settings)
        chunks.append({"idx": place.tolist(), **entry, "ptr": [len(body), len(packed)]})
        body += packed
    raw_size = len(voxels.coords) * (12 + values.shape[1])
    header = {
        "num_voxel": len(voxels.coords),
        "chunk_size": settings.chunk_size,
        "filter": settings.filter,
        "compression": settings.compression,
        "compression_level": _level(settings),
        "raw_size": raw_size,
        "compressed_size": len(body),
        "compress_ratio": raw_size / max(len(body), 1),
        "attr_interleave": settings.interleave,
        "attr": attr,
        "chunks": chunks,
    }
    text = json.dumps(header).encode()
    path.write_bytes(MAGIC + struct.pack(">I", 8 + len(text)) + text + body)


def _names(header: dict[str, Any]) -> list[str]:
    return [name for name, _ in header["attr"]]


def _columns(attr: list[list[Any]], values: np.ndarray) -> list[np.ndarray]:
    """(N, all channels) -> one array per attribute."""
    return np.split(values, np.cumsum([width for _, width in attr])[:-1], axis=1)


def _stream_names(attr: list[list[Any]], interleave: Interleave) -> list[str]:
    if interleave == "all":
        return ["attr"]
    if interleave == "as_is":
        return [name for name, _ in attr]
    return [f"{name}_{channel}" for name, width in attr for channel in range(width)]


def _read_chunk(header: dict[str, Any], chunk: dict[str, Any], body: bytes) -> tuple[np.ndarray, np.ndarray]:
    begin, length = chunk["ptr"]
    packed, attr = body[begin : begin + length], header["attr"]

    def stream(name: str) -> np.ndarray:
        offset, size = chunk[name]
        return np.frombuffer(_decompress(packed[offset : offset + size], header["compression"]), np.uint8)

    depth = int(header["chunk_size"]).bit_length() - 1
    codes = octree_codes(stream("svo"), depth)
    streams = [stream(name).reshape(len(codes), -1) for name in _stream_names(attr, header["attr_interleave"])]
    values = np.concatenate([*streams, np.zeros((len(codes), 0), np.uint8)], axis=1)
    coords = z_order_coordinates(codes)
    if header["filter"] == "parent":
        values = decode_parent(codes, values, depth)
    elif header["filter"] == "neighbor":
        values = decode_neighbour(coords, values)
    return coords + np.array(chunk["idx"], np.int32) * header["chunk_size"], values


def _write_chunk(
    coords: np.ndarray, values: np.ndarray, attr: list[list[Any]], settings: VxzSettings
) -> tuple[dict[str, list[int]], bytes]:
    """Places of the streams of one chunk, and its bytes."""
    codes = z_order(coords)
    order = np.argsort(codes, kind="stable")
    coords, values, codes = coords[order], values[order].astype(np.uint8), codes[order]
    depth = settings.chunk_size.bit_length() - 1
    if settings.filter == "parent":
        values = encode_parent(codes, values, depth)
    elif settings.filter == "neighbor":
        values = encode_neighbour(coords, values)
    if settings.interleave == "all":
        parts = [values]
    elif settings.interleave == "as_is":
        parts = _columns(attr, values)
    else:
        parts = list(values.T)
    names = ["svo", *_stream_names(attr, settings.interleave)]
    entry, packed = {}, b""
    for name, part in zip(names, [octree_bytes(codes, depth), *parts], strict=True):
        data = _compress(np.ascontiguousarray(part).tobytes(), settings)
        entry[name] = [len(packed), len(data)]
        packed += data
    return entry, packed


def _level(settings: VxzSettings) -> int:
    strongest = {"none": 0, "deflate": 9, "lzma": 9, "zstd": 22}[settings.compression]
    return strongest if settings.level is None else settings.level


def _compress(data: bytes, settings: VxzSettings) -> bytes:
    if settings.compression == "deflate":
        packer = zlib.compressobj(_level(settings), wbits=-zlib.MAX_WBITS)
        return packer.compress(data) + packer.flush()
    if settings.compression == "lzma":
        window = max(MIN_LZMA_WINDOW, min(len(data), MAX_LZMA_WINDOW))  # one of full size costs 0.6 GB a stream
        packing = {"id": lzma.FILTER_LZMA2, "preset": _level(settings), "dict_size": window}
        return lzma.compress(data, lzma.FORMAT_RAW, filters=[packing])
    if settings.compression == "zstd":
        return _zstandard().ZstdCompressor(_level(settings)).compress(data)
    return data


def _decompress(data: bytes, compression: Compression) -> bytes:
    if compression == "deflate":
        return zlib.decompress(data, wbits=-zlib.MAX_WBITS)
    if compression == "lzma":
        return lzma.decompress(data, lzma.FORMAT_RAW, filters=LZMA_FILTERS)
    if compression == "zstd":
        return _zstandard().ZstdDecompressor().decompress(data)
    if compression != "none":
        raise ValueError(f"vxz compression {compression!r} is not known")
    return data


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError as error:
        raise ValueError("this vxz file is compressed with zstd: install the package 'zstandard'") from error
    return zstandard
