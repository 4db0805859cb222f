import torch

from backend.nn.rope import apply_rotary, rotary_angles, rotary_table


def test_frequencies_are_per_axis_and_the_rest_is_not_rotated() -> None:
    angles = rotary_angles(torch.tensor([[2, 0, 0], [0, 0, 3]]), 128)
    assert angles.shape == (2, 64) and not angles[:, 63].any()
    assert angles[0, 0] == 2 and not angles[0, 21:].any() and angles[1, 42] == 3


def test_rotation_keeps_lengths_and_zero_rotates_nothing() -> None:
    x = torch.randn(5, 2, 12)
    table = rotary_table(torch.randint(0, 50, (5, 3)), 12)
    torch.testing.assert_close(apply_rotary(x, table).norm(dim=-1), x.norm(dim=-1))
    assert torch.equal(apply_rotary(x, rotary_table(torch.zeros(5, 3), 12)), x)
