import pytest
import torch

from backend.nn.guidance import Guidance, guided
from backend.nn.sampling import data_from_velocity, euler, flow_times, noised, velocity_from_data, velocity_target


def test_the_published_grid_has_a_step_exactly_at_the_end_of_the_interval() -> None:
    times = flow_times(12, 3.0)
    assert times[0] == 1 and times[-1] == 0 and times[8] == 0.6


@pytest.mark.parametrize("steps", [1, 5])
def test_a_straight_path_is_followed_exactly(steps: int) -> None:
    data, noise = torch.randn(2, 3, 4), torch.randn(2, 3, 4)
    v = velocity_target(data, noise)
    x = noised(data, noise, torch.ones(2))
    torch.testing.assert_close(
        euler(lambda x, t: v, x, flow_times(steps, 3.0)), noised(data, noise, torch.zeros(2)), atol=1e-5, rtol=1e-4
    )


def test_velocity_and_data_imply_each_other() -> None:
    x, v = torch.randn(5), torch.randn(5)
    torch.testing.assert_close(velocity_from_data(x, data_from_velocity(x, v, 0.3), 0.3), v)


def counted(calls: list[str], name: str, value: float):
    def velocity(x: torch.Tensor, t: float) -> torch.Tensor:
        calls.append(name)
        return torch.full_like(x, value)

    return velocity


@pytest.mark.parametrize(
    ("strength", "t", "wanted", "expected"),
    [(7.5, 0.6, ["c", "u"], 7.5), (7.5, 0.59, ["c"], 1.0), (1.0, 0.8, ["c"], 1.0), (0.0, 0.8, ["u"], 0.0)],
)
def test_networks_are_called_only_where_they_count(
    strength: float, t: float, wanted: list[str], expected: float
) -> None:
    calls: list[str] = []
    velocity = guided(counted(calls, "c", 1.0), counted(calls, "u", 0.0), Guidance(strength, 0.0, (0.6, 1.0)))
    assert velocity(torch.zeros(1, 2), t).tolist() == [[expected, expected]] and calls == wanted


def test_full_rescaling_gives_the_deviation_of_the_condition() -> None:
    cond, uncond, x = torch.randn(3, 1, 50)
    v = guided(lambda x, t: cond, lambda x, t: uncond, Guidance(5.0, 1.0))(x, 0.7)
    torch.testing.assert_close(data_from_velocity(x, v, 0.7).std(), data_from_velocity(x, cond, 0.7).std())
