"""Streamed blocks compute what resident ones do, and few are on the device at a time."""

import torch
from torch import nn

from backend.nn.streaming import BlockStream


def blocks() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(*(nn.Linear(8, 8) for _ in range(5)))


def test_the_result_is_the_same_over_and_over():
    network, x = blocks(), torch.randn(3, 8)
    expected = network(x)
    stream = BlockStream(list(network), "cpu")
    for _ in range(3):
        torch.testing.assert_close(network(x), expected, rtol=0, atol=0)
    stream.close()
    torch.testing.assert_close(network(x), expected, rtol=0, atol=0)


def test_only_the_working_block_and_the_next_are_on_the_device():
    network = blocks()
    stream = BlockStream(list(network), "cpu")
    away: list[int] = []
    for block in network:
        block.register_forward_hook(lambda *_: away.append(len(stream._arrived)))
    network(torch.randn(1, 8))
    assert max(away) <= 2
    stream.close()
