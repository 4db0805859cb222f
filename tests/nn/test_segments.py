import torch

from backend.nn.segments import Segments

ROWS = torch.tensor([[1.0, 3.0], [2.0, 4.0], [10.0, 20.0]])


def test_reductions_are_per_item() -> None:
    segments = Segments([2, 1])
    assert segments.sum(ROWS).tolist() == [[3.0, 7.0], [10.0, 20.0]]
    assert segments.mean(ROWS).tolist() == [[1.5, 3.5], [10.0, 20.0]]
    torch.testing.assert_close(segments.std(ROWS)[0], ROWS[:2].std(unbiased=False)[None])


def test_values_of_items_reach_their_rows() -> None:
    assert Segments([2, 0, 1]).expand(torch.tensor([5, 6, 7])).tolist() == [5, 5, 7]


def test_padding_marks_what_is_real() -> None:
    padded, real = Segments([2, 1]).pad(ROWS)
    assert padded.shape == (2, 2, 2) and real.tolist() == [[True, True], [True, False]]
    assert torch.equal(padded[real], ROWS)
