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


def test_the_next_network_of_a_sequence_is_sent_while_another_works(another_memory: list[int]) -> None:
    networks = {name: torch.nn.Linear(size, 1, bias=False) for name, size in (("a", 2), ("b", 3), ("c", 4))}
    staged = Staged(networks, "cpu", ("a", "b", "a", "c"))
    with staged.use("a"):
        assert another_memory == [2, 3]  # b is there before it is asked for
    with staged.use("b"):
        assert another_memory == [2, 3, 2]
    with staged.use("a"), staged.use("c"):
        assert another_memory == [2, 3, 2, 4]  # nothing follows the last one
    with staged.use("a"):
        assert another_memory[4:] == [2, 3]  # and it begins again


def test_a_network_that_was_sent_and_not_used_is_dropped() -> None:
    networks = {name: torch.nn.Linear(1, 1) for name in "abc"}
    staged = Staged(networks, "cpu", ("a", "b", "c"))
    with staged.use("a"):
        pass
    with staged.use("c"):
        assert not staged._ahead
    home = networks["b"].weight.data_ptr()
    with staged.use("b"):
        assert networks["b"].weight.data_ptr() != home


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
