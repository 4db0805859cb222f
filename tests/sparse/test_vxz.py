from pathlib import Path

import numpy as np
import pytest

from backend.sparse.vxz import VoxelFile, VxzSettings, read_vxz, write_vxz


def voxels(count: int = 500) -> VoxelFile:
    random = np.random.default_rng(0)
    coords = np.unique(random.integers(0, 120, (count, 3)), axis=0).astype(np.int32)
    values = random.integers(0, 256, (len(coords), 4)).astype(np.uint8)
    return VoxelFile(coords, {"base_color": values[:, :3], "alpha": values[:, 3:]})


@pytest.mark.parametrize("kind", ["none", "parent", "neighbor"])
@pytest.mark.parametrize("compression", ["none", "deflate", "lzma"])
@pytest.mark.parametrize("interleave", ["none", "as_is", "all"])
def test_what_was_written_is_read(tmp_path: Path, kind: str, compression: str, interleave: str) -> None:
    original, path = voxels(), tmp_path / "a.vxz"
    write_vxz(path, original, VxzSettings(64, kind, compression, interleave))
    back = read_vxz(path)
    order, other = (np.lexsort(v.coords.T) for v in (original, back))
    assert np.array_equal(original.coords[order], back.coords[other])
    for name, values in original.attributes.items():
        assert np.array_equal(values[order], back.attributes[name][other])


def test_zstandard_is_used_where_it_is_installed(tmp_path: Path) -> None:
    pytest.importorskip("zstandard")
    write_vxz(tmp_path / "a.vxz", voxels(), VxzSettings(compression="zstd"))
    assert len(read_vxz(tmp_path / "a.vxz").coords) == len(voxels().coords)


def test_no_voxels_are_a_file_too(tmp_path: Path) -> None:
    write_vxz(tmp_path / "a.vxz", VoxelFile(np.zeros((0, 3), np.int32), {"alpha": np.zeros((0, 1), np.uint8)}))
    back = read_vxz(tmp_path / "a.vxz")
    assert back.coords.shape == (0, 3) and back.attributes["alpha"].shape == (0, 1)


def test_damaged_files_say_so(tmp_path: Path) -> None:
    path = tmp_path / "a.vxz"
    path.write_bytes(b"PNG?rest")
    with pytest.raises(ValueError, match="no vxz file"):
        read_vxz(path)
    write_vxz(path, voxels())
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ValueError, match="is cut off"):
        read_vxz(path)
