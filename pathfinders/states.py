"""How a bid moves: the one table that the guard, the buttons, their explanations, Postgres and the tests read.

States of domain.md rule 9, thin: a bid is drafted, submitted, assessed, decided, and released with its wave. A changed
mind before release is a new decision from `decided`; the old one stays. This module imports no model, so that
the models can build their triggers from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import TextChoices

from registry.authorization import SENTENCES, Permission, may
from registry.errors import not_allowed, wrong_state

if TYPE_CHECKING:
    from pathfinders.models import Bid


class BidState(TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    ASSESSING = "assessing", "Being assessed"
    ASSESSED = "assessed", "Assessed"
    DECIDED = "decided", "Decided, not released"
    RELEASED = "released", "Released"
    WITHDRAWN = "withdrawn", "Withdrawn"


S = BidState
UNDER_ASSESSMENT = "under_assessment"
"""What everybody but programme staff sees of a bid from its submission to its release (the embargo)."""
EMBARGOED = (S.SUBMITTED, S.ASSESSING, S.ASSESSED, S.DECIDED)
SHOWN_LABELS: dict[str, str] = {UNDER_ASSESSMENT: "Under assessment", **dict(BidState.choices), "released": "Decided"}
"""How a shown state is said to the bidder, PCT and SHA."""


class Whose(StrEnum):
    """Who, among those who hold the permission, may do it to this bid."""

    LEAD = "the bid's own lead or deputy"
    ASSESSOR = "the assigned assessor"
    INDEPENDENT = "anyone with the permission but the bid's lead, deputies and assessors"
    ANYONE = "anyone with the permission"


class Action(NamedTuple):
    """One thing that can be done to a bid.

    `moves`: from each state in which it can be done, the state it leads to. `otherwise`: what to say in another
    state ("{state}" is filled in). `done`: how the case log says that it happened. `lead_side`: whether it changes
    what the bidder reads, so moves `lead_version`. `by_wave`: done to a whole wave, never a button on a bid.
    """

    name: str
    label: str
    moves: dict[BidState, BidState]
    permission: Permission
    whose: Whose
    otherwise: str
    done: str
    lead_side: bool = False
    by_wave: bool = False


P = Permission
_TABLE = (
    Action(
        "edit",
        "Edit",
        {S.DRAFT: S.DRAFT},
        P.DRAFT_BID,
        Whose.LEAD,
        "A bid is changed only while it is a draft; this one is {state}.",
        "edited",
        lead_side=True,
    ),
    Action(
        "submit",
        "Submit",
        {S.DRAFT: S.SUBMITTED},
        P.DRAFT_BID,
        Whose.LEAD,
        "Only a draft is submitted; this bid is {state}.",
        "submitted",
        lead_side=True,
    ),
    Action(
        # From `decided` too: the bidder does not know of a decision before release, so a refusal would tell of it.
        "withdraw",
        "Withdraw",
        dict.fromkeys((S.DRAFT, *EMBARGOED), S.WITHDRAWN),
        P.DRAFT_BID,
        Whose.LEAD,
        "A bid can be withdrawn until its outcome is announced; this one is {state}.",
        "withdrawn by its lead",
        lead_side=True,
    ),
    Action(
        "assign",
        "Assign to an assessor",
        {S.SUBMITTED: S.ASSESSING, S.ASSESSING: S.ASSESSING},
        P.ASSIGN_BID,
        Whose.ANYONE,
        "A bid is assigned after it is submitted and before its assessment is complete; this one is {state}.",
        "assigned to an assessor",
    ),
    Action(
        "put_in_wave",
        "Put into a wave",
        {s: s for s in (S.SUBMITTED, S.ASSESSING, S.ASSESSED)},
        P.MANAGE_WAVES,
        Whose.ANYONE,
        "A bid is put into a wave after it is submitted and before it is decided; this one is {state}.",
        "put into a wave",
    ),
    Action(
        "record_finding",
        "Record a finding",
        {S.ASSESSING: S.ASSESSING},
        P.ASSESS_BID,
        Whose.ASSESSOR,
        "Findings are recorded while a bid is being assessed; this one is {state}.",
        "given a finding",
    ),
    Action(
        "complete_assessment",
        "Complete the assessment",
        {S.ASSESSING: S.ASSESSED},
        P.ASSESS_BID,
        Whose.ASSESSOR,
        "An assessment is completed while the bid is being assessed; this one is {state}.",
        "recommended by its assessor",
    ),
    Action(
        "reopen_assessment",
        "Reopen the assessment",
        {S.ASSESSED: S.ASSESSING},
        P.ASSESS_BID,
        Whose.ASSESSOR,
        "An assessment is reopened when it is complete and not yet decided; this bid is {state}.",
        "reopened by its assessor",
    ),
    Action(
        "decide",
        "Decide",
        {S.ASSESSED: S.DECIDED, S.DECIDED: S.DECIDED},
        P.DECIDE_BID,
        Whose.INDEPENDENT,
        "A bid is decided after its assessment is complete and until its wave is released; this one is {state}.",
        "decided",
    ),
    Action(
        "release",
        "Release",
        {S.DECIDED: S.RELEASED},
        P.RELEASE_WAVE,
        Whose.ANYONE,
        "A bid is released with its wave, once decided; this one is {state}.",
        "released with its wave",
        lead_side=True,
        by_wave=True,
    ),
)
ACTIONS: dict[str, Action] = {a.name: a for a in _TABLE}


class Row(NamedTuple):
    """One line of the table, flat: for the documentation, the trigger and the tests."""

    state: BidState
    action: str
    to: BidState
    permission: Permission
    whose: Whose


def rows() -> Iterator[Row]:
    for action in ACTIONS.values():
        for state, to in action.moves.items():
            yield Row(state, action.name, to, action.permission, action.whose)


def moves() -> list[tuple[str, str]]:
    """Every (from, to) that changes the state, sorted: what the trigger on bids lets through."""
    return sorted({(str(r.state), str(r.to)) for r in rows() if r.state != r.to})


def why_not(bid: Bid, user: Any, action: str) -> str | None:
    """The sentence that says why the user may not do this to the bid now, or None where they may.

    Never tells the true state to somebody from whom the embargo keeps it.
    """
    return _missing_right(bid, user, ACTIONS[action]) or _wrong_state(bid, user, ACTIONS[action])


def allowed_actions(bid: Bid, user: Any) -> list[str]:
    """The actions that the user may take on the bid now, in the table's order."""
    return [a.name for a in ACTIONS.values() if not a.by_wave and why_not(bid, user, a.name) is None]


def guard(bid: Bid, user: Any, action: str) -> BidState:
    """The state that the action leads to. Raises Refused: 403 without the right, 409 in the wrong state."""
    rule = ACTIONS[action]
    if sentence := _missing_right(bid, user, rule):
        raise not_allowed(sentence)
    if sentence := _wrong_state(bid, user, rule):
        raise wrong_state(sentence)
    return rule.moves[BidState(bid.state)]


def _missing_right(bid: Bid, user: Any, rule: Action) -> str | None:
    if not may(user, rule.permission):
        return f"You may not {SENTENCES[rule.permission]}. Ask a programme administrator for a role that may."
    if rule.whose == Whose.LEAD and not bid.belongs_to(user):
        return "This bid belongs to another lead; only they and their deputies may do this."
    if rule.whose == Whose.ASSESSOR and bid.assessor_id not in (None, user.pk):
        return f"This bid is assigned to {bid.assessor}; only they may do this. It can be handed over by assigning it."
    if rule.whose == Whose.INDEPENDENT and (part := _part_in(bid, user)):
        return f"You {part} this bid, so another approver must decide it."
    return None


def _part_in(bid: Bid, user: Any) -> str:
    """The part that the user has in the bid, which keeps them from deciding it (domain.md rule 10); "" for none."""
    if user.pk == bid.lead_id:
        return "lead"
    if bid.belongs_to(user):
        return "are a deputy of"
    return "assessed" if user.pk == bid.assessor_id or bid.was_assessed_by(user) else ""


def _wrong_state(bid: Bid, user: Any, rule: Action) -> str | None:
    if bid.state in rule.moves:
        return None
    return rule.otherwise.format(state=bid.shown_label(user).lower())
