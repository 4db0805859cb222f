"""backend/protocol/states.py: the tables, seen as a whole and walked at random."""

import itertools
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.protocol.errors import IllegalMove
from backend.protocol.messages import JobState, StageState
from backend.protocol.states import JOB_MOVES, STAGE_MOVES, TERMINAL, move_job, move_stage, outcome

ACTIONS = sorted({action for _, action in (*JOB_MOVES, *STAGE_MOVES)})


@pytest.mark.parametrize(
    ("move", "table", "states"), [(move_job, JOB_MOVES, JobState), (move_stage, STAGE_MOVES, StageState)]
)
def test_what_the_table_does_not_name_is_illegal(move, table, states):
    for state, action in itertools.product(get_args(states), ACTIONS):
        if (state, action) in table:
            assert move(state, action) in get_args(states)
        else:
            with pytest.raises(IllegalMove, match=f"'{state}' cannot '{action}'"):
                move(state, action)


def test_only_a_retry_leaves_a_terminal_state_and_nothing_leaves_done():
    for table in (JOB_MOVES, STAGE_MOVES):
        leaving = {(state, action) for state, action in table if state in TERMINAL}
        assert leaving == {("failed", "retry"), ("cancelled", "retry")}


@given(st.lists(st.sampled_from(ACTIONS), max_size=30))
def test_a_walk_never_leaves_the_states_and_ends_where_it_must(actions):
    state = "waiting"
    for action in actions:
        before = state
        try:
            state = move_stage(state, action)
        except IllegalMove:
            assert state == before
        assert state in get_args(StageState)


@pytest.mark.parametrize(
    ("stages", "end"),
    [
        ([], "done"),
        (["done", "done"], "done"),
        (["done", "running"], None),
        (["failed", "waiting"], None),
        (["failed", "done"], "failed"),
        (["failed", "cancelled", "done"], "cancelled"),
    ],
)
def test_outcome(stages, end):
    assert outcome(stages) == end


@given(st.lists(st.sampled_from(get_args(StageState)), max_size=8))
def test_a_job_has_an_outcome_exactly_when_nothing_can_happen(stages):
    assert (outcome(stages) is None) == bool({"waiting", "running"} & set(stages))
