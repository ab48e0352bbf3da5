"""The tables of membership's casework: every pair of state and step that is not in one is refused with a sentence."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import pytest

from consortia.states import TABLES, RequestState, TransferState, UploadState, moved, rows, steps_from
from registry.errors import Refused

PAIRS = [(states, state, step) for states, table in TABLES.items() for state, step in product(states.values, table)]


@pytest.mark.parametrize("states, state, step", PAIRS, ids=lambda v: getattr(v, "name", None) or str(v))
def test_a_step_leads_where_the_table_says_or_is_refused(states, state, step):
    row = SimpleNamespace(state=state)
    if state in step.moves:
        assert moved(row, states, step.name) == step.moves[state]
        assert step in steps_from(states, state)
        return
    assert step not in steps_from(states, state)
    with pytest.raises(Refused) as refused:
        moved(row, states, step.name)
    assert refused.value.status == 409
    assert states(state).label.lower() in refused.value.message and "{" not in refused.value.message


def test_steps_are_named_once_and_lead_to_known_states():
    for states, table in TABLES.items():
        assert len({step.name for step in table}) == len(table)
        for step in table:
            assert {*step.moves, *step.moves.values()} <= {*states.values}


def test_every_state_is_reached_and_an_end_is_an_end():
    begins = {
        RequestState: {"open"},
        TransferState: {"at_practice", "at_consortium"},
        UploadState: {"waiting"},
    }
    ends = {
        RequestState: {"answered", "withdrawn", "expired"},
        TransferState: {"agreed", "declined", "withdrawn"},
        UploadState: {"undone", "discarded", "failed"},
    }
    for states, table in TABLES.items():
        reached = {to for step in table for to in step.moves.values()}
        assert {*states.values} - reached <= begins.get(states, {"open"})
        dead = {s for s in states.values if not steps_from(states, s)}
        assert dead == ends.get(states, {"corrected", "unchanged"})


def test_the_documented_rows_are_the_tables():
    assert len(list(rows())) == sum(len(step.moves) for table in TABLES.values() for step in table)
    assert {kind for kind, *_ in rows()} == {"request", "transfer", "upload", "report"}
