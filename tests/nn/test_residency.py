import torch

from backend.nn.residency import Resident, Staged


class Moved(torch.nn.Module):
    """Remembers where it was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[str] = []

    def to(self, device):
        self.places.append(str(device))
        return self


def test_staged_networks_are_on_the_device_only_while_in_use() -> None:
    used, waiting = Moved(), Moved()
    networks = Staged({"used": used, "waiting": waiting}, "cuda:1")
    with networks.use("used") as network:
        assert network is used and used.places == ["cuda:1"]
    assert used.places == ["cuda:1", "cpu"] and not waiting.places


def test_staged_networks_leave_the_device_after_a_failure() -> None:
    network = Moved()
    try:
        with Staged({"a": network}, "cuda").use("a"):
            raise RuntimeError
    except RuntimeError:
        assert network.places[-1] == "cpu"


def test_resident_networks_stay() -> None:
    network = Moved()
    with Resident({"a": network}, "cuda").use("a") as used:
        assert used is network
    assert network.places == ["cuda"]
