import pytest
import torch

from backend.nn import neighborhood_attention as module
from backend.nn.neighborhood_attention import axis_windows, neighborhood_attention


def test_windows_are_centred_inside_and_shifted_inwards_at_the_ends() -> None:
    windows = axis_windows(10, 5)
    assert windows[5].tolist() == [3, 4, 5, 6, 7]
    assert windows[0].tolist() == [0, 1, 2, 3, 4] and windows[9].tolist() == [5, 6, 7, 8, 9]


def test_dilated_windows_stay_on_their_lattice() -> None:
    windows = axis_windows(9, 3, 2)
    assert windows[1].tolist() == [1, 3, 5] and windows[8].tolist() == [4, 6, 8]
    with pytest.raises(ValueError, match="axis of 5 is too short"):
        axis_windows(5, 3, 2)


@pytest.mark.parametrize(("kernel", "dilation"), [(3, 1), (3, 2), (5, 1)])
def test_equals_attention_with_a_mask(kernel: int, dilation: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WINDOW_BLOCK", 2000)  # several blocks
    q, k = torch.randn(2, 2, 7, 8, 3, 4)
    v = torch.randn(2, 7, 8, 3, 5)
    rows, columns = axis_windows(7, kernel, dilation), axis_windows(8, kernel, dilation)
    mask = torch.zeros(7, 8, 7, 8, dtype=torch.bool)
    for r in range(7):
        for c in range(8):
            mask[r, c, rows[r][:, None], columns[c]] = True
    flat = (x.flatten(1, 2).transpose(1, 2) for x in (q, k, v))
    wanted = torch.nn.functional.scaled_dot_product_attention(*flat, mask.view(56, 56))
    out = neighborhood_attention(q, k, v, kernel, dilation).flatten(1, 2)
    torch.testing.assert_close(out, wanted.transpose(1, 2), atol=1e-5, rtol=1e-5)
