"""Twenty seeded kills of workers, servers and clients; two hundred by `python -m tests.server.kill_soak`."""

from tests.server.kill_soak import run


def test_twenty_kills_lose_nothing_and_do_nothing_twice(tmp_path):
    score = run(tmp_path, kills=20, seed=1)
    assert score.problems == [] and len(score.accepted) == 40
    assert max(score.recovery) < 10
