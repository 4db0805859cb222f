import pytest
import torch

from backend.nn import attention
from backend.nn.attention import segment_attention
from backend.nn.segments import Segments


def reference(q, k, v, lengths_q, lengths_k):
    out, a, b = [], 0, 0
    for n, m in zip(lengths_q, lengths_k, strict=True):
        scores = torch.einsum("qhd,khd->hqk", q[a : a + n], k[b : b + m]) / q.shape[-1] ** 0.5
        out.append(torch.einsum("hqk,khd->qhd", scores.softmax(-1), v[b : b + m]))
        a, b = a + n, b + m
    return torch.cat(out)


@pytest.mark.parametrize(
    ("queries", "keys"),
    [([7], [5]), ([4, 4], [3, 3]), ([2, 5, 1], [3, 1, 4]), ([3, 1, 6] * 5, [2, 7, 1] * 5)],
    ids=["one", "uniform", "few", "many"],
)
def test_every_item_sees_its_own_keys(queries: list[int], keys: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "PADDED_SCORES", 400)  # several blocks
    q = torch.randn(sum(queries), 2, 4)
    k, v = torch.randn(2, sum(keys), 2, 4)
    out = segment_attention(q, k, v, Segments(queries), Segments(keys))
    torch.testing.assert_close(out, reference(q, k, v, queries, keys), atol=1e-5, rtol=1e-5)


def test_items_must_correspond() -> None:
    x = torch.zeros(4, 1, 2)
    with pytest.raises(ValueError, match="queries have 2 items, keys have 1"):
        segment_attention(x, x, x, Segments([2, 2]), Segments([4]))
