import time

import numpy as np
import pytest

from backend.generators.draft import solids
from backend.generators.draft.atlas import GUTTER, pack
from backend.mesh.rasterize import rasterize

torch = pytest.importorskip("torch")


def _boxes(count: int) -> list:
    rng = np.random.default_rng(1)
    return [solids.box(f"box {i}", "body", *[(0, side) for side in rng.uniform(0.02, 0.4, 3)]) for i in range(count)]


def _rectangles(parts: list, uvs: np.ndarray) -> np.ndarray:
    """(charts, 4) left, low, right, high."""
    chart = np.concatenate([part.charts + 1000 * i for i, part in enumerate(parts)])
    bounds = [(*uvs[chart == c].min((0, 1)), *uvs[chart == c].max((0, 1))) for c in np.unique(chart)]
    return np.array(bounds)


def test_charts_keep_their_gutters_and_stay_inside():
    parts = _boxes(20)
    uvs = pack(parts, 512).corner_uvs
    r = _rectangles(parts, uvs) * 512
    assert r.min() >= GUTTER and r.max() <= 512 - GUTTER
    apart = np.maximum(r[:, None, :2] - r[None, :, 2:], r[None, :, :2] - r[:, None, 2:]).max(-1)
    np.fill_diagonal(apart, np.inf)
    assert apart.min() >= 2 * GUTTER - 1e-3


def test_no_texel_is_claimed_twice():
    parts = _boxes(12)
    uvs = torch.from_numpy(pack(parts, 256).corner_uvs)
    alone = sum(len(rasterize(uvs[k : k + 1], 256, 256).texel) for k in range(len(uvs)))
    assert alone == len(rasterize(uvs, 256, 256).texel)


def test_one_density_for_all_and_nothing_mirrored():
    parts = _boxes(15)
    atlas = pack(parts, 1024)
    drawn = np.concatenate([part.uvs for part in parts])

    def areas(uvs: np.ndarray) -> np.ndarray:
        a, b = uvs[:, 1] - uvs[:, 0], uvs[:, 2] - uvs[:, 0]
        return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]

    ratio = areas(atlas.corner_uvs.astype(np.float64)) / areas(drawn)
    assert np.allclose(np.sqrt(ratio) * 1024, atlas.density, rtol=1e-3)


def test_a_chart_longer_than_the_map_is_shrunk():
    pole = solids.box("pole", "body", (0, 0.02), (0, 0.02), (0, 2.0))
    knob = solids.box("knob", "body", (0, 0.05), (0, 0.05), (0, 0.05))
    atlas = pack([pole, knob], 256)
    assert atlas.corner_uvs.max() <= 1 and atlas.density > 256 / 2.0


def test_five_hundred_charts_are_quick_and_fill_the_map():
    parts = _boxes(84)
    start = time.perf_counter()
    atlas = pack(parts, 1024)
    assert time.perf_counter() - start < 1.0, "about 0.05 s on an idle core"
    assert atlas.utilisation > 0.7


def test_more_charts_than_texels_are_refused():
    with pytest.raises(ValueError, match="600 charts find no room in a map of 64 x 64"):
        pack(_boxes(100), 64)
