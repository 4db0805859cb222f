"""backend/server/scheduler.py: every scheduling story is a table."""

from backend.server.scheduler import Seat, Waiting, assign


def task(job, key, kind="generate", generator="draft", rank=0, served=0, created=0.0):
    return Waiting(job, key, kind, generator, rank, served, created)


def chosen(waiting, seats, needs=None):
    return [(t.job, t.key, s.id) for t, s in assign(waiting, seats, needs or {})]


GENERATE, RENDER = Seat(0, "generate"), Seat(1, "render")


def test_nothing_to_do_or_nobody_to_do_it():
    assert chosen([], [GENERATE]) == []
    assert chosen([task("j", "mesh/a")], []) == []
    assert chosen([task("j", "mesh/a")], [RENDER]) == []


def test_each_kind_of_worker_gets_its_own_stages():
    waiting = [task("j", "condition", "render", "", 0), task("j", "mesh/a", rank=1)]
    assert chosen(waiting, [GENERATE, RENDER]) == [("j", "mesh/a", 0), ("j", "condition", 1)]


def test_the_first_box_is_finished_before_the_second_is_begun():
    waiting = [task("j", "mesh/b", rank=3), task("j", "placement/a", generator="", rank=2)]
    assert chosen(waiting, [Seat(0, "generate", frozenset({"draft"}))]) == [("j", "placement/a", 0)]


def test_jobs_take_turns():
    waiting = [task("large", "mesh/a", served=4), task("small", "mesh/a", created=9.0)]
    assert chosen(waiting, [GENERATE]) == [("small", "mesh/a", 0)]
    waiting = [task("large", "mesh/a", served=4), task("small", "mesh/a", served=5, created=9.0)]
    assert chosen(waiting, [GENERATE]) == [("large", "mesh/a", 0)]


def test_the_older_of_two_new_jobs_comes_first():
    waiting = [task("b", "mesh/a", created=1.0), task("a", "mesh/a", created=2.0)]
    assert chosen(waiting, [GENERATE]) == [("b", "mesh/a", 0)]


def test_two_workers_serve_two_jobs():
    waiting = [task("one", f"mesh/{n}", rank=n) for n in range(3)] + [task("two", "mesh/x", created=1.0)]
    assert chosen(waiting, [Seat(0, "generate"), Seat(1, "generate")]) == [("one", "mesh/0", 0), ("two", "mesh/x", 1)]


def test_a_model_in_memory_is_used_before_another_is_loaded():
    warm = Seat(0, "generate", frozenset({"painter"}))
    waiting = [task("j", "mesh/b", generator="lifter", rank=1), task("j", "material/a", generator="painter", rank=5)]
    assert chosen(waiting, [warm]) == [("j", "material/a", 0)]


def test_but_not_at_the_cost_of_another_jobs_turn():
    warm = Seat(0, "generate", frozenset({"painter"}))
    waiting = [task("old", "mesh/b", generator="lifter"), task("new", "material/a", generator="painter", served=3)]
    assert chosen(waiting, [warm]) == [("old", "mesh/b", 0)]


def test_a_stage_goes_only_where_it_fits():
    small, large = Seat(0, "generate", memory_gb=8), Seat(1, "generate", memory_gb=24)
    waiting = [task("j", "mesh/a", generator="big")]
    assert chosen(waiting, [small], {"big": 20}) == []
    assert chosen(waiting, [small, large], {"big": 20}) == [("j", "mesh/a", 1)]
    assert chosen(waiting, [Seat(2, "generate")], {"big": 20}) == [("j", "mesh/a", 2)]


def test_the_same_question_has_the_same_answer_in_any_order():
    waiting = [task(f"j{n % 3}", f"mesh/{n}", rank=n) for n in range(9)]
    seats = [Seat(n, "generate") for n in range(4)]
    assert chosen(waiting, seats) == chosen(waiting[::-1], seats)
    assert len({key for _, key, _ in chosen(waiting, seats)}) == 4
