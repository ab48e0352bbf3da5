"""The table of a bid's moves hangs together (domain.md rule 9). No database."""

import pytest

from pathfinders.states import ACTIONS, EMBARGOED, BidState, moves, rows

ENDS = {BidState.RELEASED, BidState.WITHDRAWN}


def reachable(start: BidState) -> set[BidState]:
    found, todo = {start}, [start]
    while todo:
        state = todo.pop()
        new = {r.to for r in rows() if r.state == state} - found
        found |= new
        todo += new
    return found


def test_every_state_is_reached_from_a_draft():
    assert reachable(BidState.DRAFT) == set(BidState)


@pytest.mark.parametrize("state", list(BidState))
def test_every_state_reaches_an_end(state):
    assert reachable(state) & ENDS


def test_nothing_leaves_a_withdrawal_and_only_a_settled_wish_reopens_a_released_bid():
    assert not [r for r in rows() if r.state == BidState.WITHDRAWN and r.to != r.state]
    opened = {r.action: r.to for r in rows() if r.state == BidState.RELEASED and r.to != r.state}
    assert opened == {"take_up_again": "assessing", "uphold_review": "assessing", "reverse": "assessed"}


def test_nothing_is_released_that_was_not_decided_nor_decided_that_was_not_assessed():
    assert {a for a, b in moves() if b == "released"} == {"decided"}
    assert {a for a, b in moves() if b == "decided"} == {"assessed"}
    assert {r.action: r.state for r in rows() if r.to == "assessed" and r.state != r.to} == {
        "complete_assessment": "assessing",
        "reverse": "released",
    }


def test_the_bidder_may_do_the_same_in_every_embargoed_state():
    """Else a button that comes or goes would tell of a decision. The same for PCTs, SHAs and practices."""
    for action in ACTIONS.values():
        if action.permission in ("draft_bid", "give_opinion", "answer_claim"):
            assert len({state in action.moves for state in EMBARGOED}) == 1, action.name


def test_staffs_steps_before_release_leave_the_bidders_version_alone():
    """But for a return, of which the bidder is told at once."""
    told = {r.action for r in rows() if r.state in EMBARGOED and ACTIONS[r.action].lead_side}
    assert told == {"withdraw", "return_bid", "release"}


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda a: a.name)
def test_each_action_says_in_which_state_it_is_not_available(action):
    assert "{state}" in action.otherwise and action.label and action.done
