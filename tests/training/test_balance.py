from backend.training.balance import balanced_groups
from backend.training.elastic_memory import MemoryModel, recomputed_blocks


def test_the_heaviest_go_apart() -> None:
    groups = balanced_groups([1, 9, 1, 8, 1], 2)
    assert groups == [[1, 2], [3, 0, 4]]


def test_equal_groups_take_no_more_than_their_share() -> None:
    groups = balanced_groups([100, 1, 1, 1, 1, 1], 3, equal_size=True)
    assert [len(g) for g in groups] == [2, 2, 2] and sorted(i for g in groups for i in g) == list(range(6))


def test_memory_decides_how_much_is_recomputed() -> None:
    model = MemoryModel(per_token=0.002, base=3.0)
    assert model.ratio(100, 24.0) == 1.0 and model.ratio(10**6, 24.0) < 0.01
    assert recomputed_blocks(1.0, 30) == (0, 1.0)
    assert recomputed_blocks(0.5, 30) == (16, 0.5)
    assert recomputed_blocks(0.0, 30)[0] == 30
