import torch

from backend.training.draws import draws_of, mixed

CPU = torch.device("cpu")


def test_a_step_draws_the_same_whenever_it_is_asked():
    one, again = (torch.rand(4, generator=draws_of(CPU, 3, 17, 0)) for _ in range(2))
    assert torch.equal(one, again)


def test_steps_processes_and_seeds_draw_differently():
    assert len({mixed(seed, step, rank) for seed in range(3) for step in range(3) for rank in range(3)}) == 27
