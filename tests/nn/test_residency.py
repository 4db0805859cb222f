import pytest
import torch
from torch import Tensor

from backend.nn import residency
from backend.nn.residency import Resident, Staged


@pytest.fixture(autouse=True)
def another_memory(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A device whose memory is apart: what is sent there is a copy. Notes the sizes of what was sent."""
    sizes: list[int] = []

    def sent(home: Tensor, device: torch.device) -> Tensor:
        sizes.append(home.numel())
        return home.clone()

    monkeypatch.setattr(residency, "_sent", sent)
    return sizes


def test_staged_networks_are_on_the_device_only_while_in_use(another_memory: list[int]) -> None:
    used, waiting = torch.nn.Linear(3, 2), torch.nn.Linear(5, 5)
    home = used.weight.data_ptr()
    networks = Staged({"used": used, "waiting": waiting}, "cpu")
    with networks.use("used") as network:
        assert network is used and used.weight.data_ptr() != home
    assert used.weight.data_ptr() == home and another_memory == [6, 2]
    with networks.use("used"):
        pass
    assert used.weight.data_ptr() == home


def test_staged_networks_leave_the_device_after_a_failure() -> None:
    network = torch.nn.Linear(1, 1)
    home = network.weight.data_ptr()
    with pytest.raises(RuntimeError, match="on purpose"), Staged({"a": network}, "cpu").use("a"):
        raise RuntimeError("on purpose")
    assert network.weight.data_ptr() == home


def test_resident_networks_stay(another_memory: list[int]) -> None:
    network = torch.nn.Linear(1, 1)
    with Resident({"a": network}, "cpu").use("a") as used:
        assert used is network
    assert not another_memory
