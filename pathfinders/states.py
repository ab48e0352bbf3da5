"""How a bid moves: the one table that the guard, the buttons, their explanations, Postgres and the tests read.

States of domain.md rule 9: a bid is drafted, submitted, assessed (now and then returned for information), decided, and
released with its wave. A changed mind before release is a new decision from `decided`; after it, a review upheld, a
minister's wish or a deferral taken up again opens the case for a new decision. Old decisions stay. This module imports
no model, so that the models can build their triggers from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
    RETURNED = "returned", "Returned for information"
    ASSESSED = "assessed", "Assessed"
    DECIDED = "decided", "Decided, not released"
    RELEASED = "released", "Released"
    WITHDRAWN = "withdrawn", "Withdrawn"


S = BidState
UNDER_ASSESSMENT = "under_assessment"
"""What everybody but programme staff sees of a bid from its submission to its release (the embargo)."""
EMBARGOED = (S.SUBMITTED, S.ASSESSING, S.ASSESSED, S.DECIDED)
OPEN_STATES = (S.SUBMITTED, S.ASSESSING, S.RETURNED, S.ASSESSED, S.DECIDED)
"""From submission to release: somebody has work with it."""
SHOWN_LABELS: dict[str, str] = {
    UNDER_ASSESSMENT: "Under assessment",
    **dict(BidState.choices),
    "returned": "Returned to you for information",
    "released": "Decided",
}
SHOWN_CHOICES = list(SHOWN_LABELS.items())
"""How a shown state is said to the bidder, PCT and SHA."""


class Whose(StrEnum):
    """Who, among those who hold the permission, may do it to this bid."""

    LEAD = "the bid's own lead or deputy"
    ASSESSOR = "the assigned assessor"
    INDEPENDENT = "anyone with the permission who had no part in the bid"
    INDEPENDENT_OF_LEAD = "anyone with the permission but the bid's lead and deputies"
    NO_PART = "anyone with the permission who had no part in the bid and did not decide it"
    BODY = "the PCTs of its practices and the SHAs above them"
    PRACTICE = "the managers of the practices that it names"
    ANYONE = "anyone with the permission"


class Action(NamedTuple):
    """One thing that can be done to a bid.

    `moves`: from each state in which it can be done, the state it leads to. `otherwise`: what to say in another
    state ("{state}" is filled in). `done`: how the case log says that it happened. `lead_side`: whether it changes
    what the bidder reads, so moves `lead_version`. `by_wave`: done to a whole wave, never a button on a bid.
    `unless`: in a state where it could be done, the sentence that says why this bid cannot have it, or None.
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
    unless: Callable[[Bid], str | None] = lambda bid: None


def _announced_approval(bid: Bid) -> str | None:
    """A pathfinder does not withdraw its bid: it asks to leave the programme."""
    if bid.was_approved:
        return "This bid was approved and announced: ask to withdraw from the programme instead."
    return None


def _reviewable(bid: Bid) -> str | None:
    if bid.outcome == "approved":
        return "This bid was approved without conditions: there is nothing to review."
    if bid.review() is not None:
        return f"A review of decision {bid.decision_number} has been asked for already; it is asked for once."
    return None


def _asked_for_review(bid: Bid) -> str | None:
    review = bid.review()
    if review is None or review.outcome:
        return f"No review of decision {bid.decision_number} is waiting to be settled."
    return None


def _deferred(bid: Bid) -> str | None:
    return None if bid.outcome == "deferred" else "Only a deferred bid is taken up again for a later wave."


def _in_the_programme(bid: Bid) -> str | None:
    if not bid.was_approved:
        return "Only a pathfinder asks to leave the programme."
    if bid.withdrawal() is not None:
        return "It has asked to withdraw already."
    if not bid.is_in_programme():
        return "It is no pathfinder any more."
    return None


def _asks_to_withdraw(bid: Bid) -> str | None:
    return None if bid.withdrawal() is not None else "This pathfinder has not asked to withdraw."


def _has_conditions(bid: Bid) -> str | None:
    return None if bid.conditions().exists() else "No condition of this bid's approval is open."


def _may_bid_again(bid: Bid) -> str | None:
    if bid.state == S.RELEASED and bid.was_approved:
        return "This bid was approved: there is nothing to bid for again."
    later = bid.later_bid()
    return f"It has been resubmitted already, as {later.ref}." if later else None


P = Permission
OUTSIDE = (P.DRAFT_BID, P.GIVE_OPINION, P.ANSWER_CLAIM)
"""The permissions of those outside programme staff; every other action is casework."""
OWN_BID = "This is your own bid; you read it as its lead does, and somebody else must do this."
"""All that staff are told of any casework on a bid of their own: it may tell neither its state nor its assessor."""
_TABLE = (
    Action(
        "edit",
        "Edit",
        {S.DRAFT: S.DRAFT, S.RETURNED: S.RETURNED},
        P.DRAFT_BID,
        Whose.LEAD,
        "A bid is changed only while it is a draft, or returned to you; this one is {state}.",
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
        dict.fromkeys((S.DRAFT, *OPEN_STATES), S.WITHDRAWN),
        P.DRAFT_BID,
        Whose.LEAD,
        "A bid can be withdrawn until its outcome is announced; this one is {state}.",
        "withdrawn by its lead",
        lead_side=True,
        unless=_announced_approval,
    ),
    Action(
        "answer_return",
        "Send it back",
        {S.RETURNED: S.ASSESSING},
        P.DRAFT_BID,
        Whose.LEAD,
        "A bid is sent back when it has been returned for information; this one is {state}.",
        "sent back by its lead",
        lead_side=True,
    ),
    Action(
        "request_review",
        "Ask for a review",
        {S.RELEASED: S.RELEASED},
        P.DRAFT_BID,
        Whose.LEAD,
        "A review is asked for once the outcome is announced; this bid is {state}.",
        "put up for review by its lead",
        lead_side=True,
        unless=_reviewable,
    ),
    Action(
        "resubmit",
        "Bid again",
        {S.RELEASED: S.RELEASED, S.WITHDRAWN: S.WITHDRAWN},
        P.DRAFT_BID,
        Whose.LEAD,
        "A bid is made again after it was declined, deferred or withdrawn; this one is {state}.",
        "copied into a new bid",
        lead_side=True,
        unless=_may_bid_again,
    ),
    Action(
        "ask_to_withdraw",
        "Ask to withdraw from the programme",
        {S.RELEASED: S.RELEASED},
        P.DRAFT_BID,
        Whose.LEAD,
        "A pathfinder asks to withdraw once it is announced; this bid is {state}.",
        "asked to be withdrawn from the programme",
        lead_side=True,
        unless=_in_the_programme,
    ),
    Action(
        "give_opinion",
        "Comment or assess as PCT or SHA",
        {s: s for s in OPEN_STATES},
        P.GIVE_OPINION,
        Whose.BODY,
        "A PCT comments and an SHA assesses from a bid's submission until its outcome is announced; this one is {state}.",
        "commented on by a PCT or SHA",
    ),
    Action(
        "assign",
        "Assign to an assessor",
        {S.SUBMITTED: S.ASSESSING, S.ASSESSING: S.ASSESSING, S.RETURNED: S.RETURNED},
        P.ASSIGN_BID,
        Whose.ANYONE,
        "A bid is assigned after it is submitted and before its assessment is complete; this one is {state}.",
        "assigned to an assessor",
    ),
    Action(
        "put_in_wave",
        "Put into a wave",
        {s: s for s in (S.SUBMITTED, S.ASSESSING, S.RETURNED, S.ASSESSED)},
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
        "return_bid",
        "Return for information",
        {S.ASSESSING: S.RETURNED},
        P.ASSESS_BID,
        Whose.ASSESSOR,
        "A bid is returned while it is being assessed; this one is {state}.",
        "returned for information",
        lead_side=True,
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
        "answer_condition",
        "Give evidence on a condition",
        {S.RELEASED: S.RELEASED},
        P.DRAFT_BID,
        Whose.LEAD,
        "Conditions are answered once the approval is announced; this bid is {state}.",
        "given evidence on a condition",
        lead_side=True,
        unless=_has_conditions,
    ),
    Action(
        "discharge_condition",
        "Discharge a condition",
        {S.RELEASED: S.RELEASED},
        P.DISCHARGE_CONDITION,
        Whose.INDEPENDENT_OF_LEAD,
        "Conditions are discharged once the approval is announced; this bid is {state}.",
        "discharged from a condition",
        lead_side=True,
        unless=_has_conditions,
    ),
    Action(
        "answer_claim",
        "Answer for one's practice",
        {s: s for s in OPEN_STATES},
        P.ANSWER_CLAIM,
        Whose.PRACTICE,
        "A practice answers from a bid's submission until its outcome is announced; this one is {state}.",
        "answered by a practice",
    ),
    Action(
        "take_up_again",
        "Take up again",
        {S.RELEASED: S.ASSESSING},
        P.ASSIGN_BID,
        Whose.ANYONE,
        "A deferred bid is taken up again once its deferral is announced; this one is {state}.",
        "taken up again after its deferral",
        lead_side=True,
        unless=_deferred,
    ),
    Action(
        "uphold_review",
        "Uphold the review",
        {S.RELEASED: S.ASSESSING},
        P.REVIEW_DECISION,
        Whose.NO_PART,
        "A review is settled while the decision that it is about stands; this bid is {state}.",
        "opened again by a review",
        lead_side=True,
        unless=_asked_for_review,
    ),
    Action(
        "turn_down_review",
        "Turn the review down",
        {S.RELEASED: S.RELEASED},
        P.REVIEW_DECISION,
        Whose.NO_PART,
        "A review is settled while the decision that it is about stands; this bid is {state}.",
        "reviewed: its decision stands",
        lead_side=True,
        unless=_asked_for_review,
    ),
    Action(
        "reverse",
        "Open for a minister's new decision",
        {S.RELEASED: S.ASSESSED},
        P.REVIEW_DECISION,
        Whose.INDEPENDENT,
        "A minister's change of mind follows an announced decision; this bid is {state}.",
        "opened for a new decision on behalf of a minister",
        lead_side=True,
    ),
    Action(
        "settle_withdrawal",
        "Settle its wish to withdraw",
        {S.RELEASED: S.RELEASED},
        P.SETTLE_WITHDRAWAL,
        Whose.INDEPENDENT,
        "A pathfinder's wish to withdraw is settled after its announcement; this bid is {state}.",
        "settled: its wish to withdraw",
        lead_side=True,
        unless=_asks_to_withdraw,
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
    rule = ACTIONS[action]
    return _missing_right(bid, user, rule) or _wrong_state(bid, user, rule) or rule.unless(bid)


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
    if sentence := rule.unless(bid):
        raise wrong_state(sentence)
    return rule.moves[BidState(bid.state)]


def missing_right(bid: Bid, user: Any, action: str) -> str | None:
    """The sentence that says why this user may never do this to the bid, whatever its state, or None."""
    return _missing_right(bid, user, ACTIONS[action])


def is_casework(action: str) -> bool:
    """Whether it is a step of programme staff, which nobody takes on a bid of their own."""
    return ACTIONS[action].permission not in OUTSIDE


def _missing_right(bid: Bid, user: Any, rule: Action) -> str | None:
    """Never looks at the state, nor at whose work an own bid is: what it says of one is the same in every state."""
    if not may(user, rule.permission):
        return f"You may not {SENTENCES[rule.permission]}. Ask a programme administrator for a role that may."
    if is_casework(rule.name) and bid.belongs_to(user):
        return OWN_BID
    if rule.whose == Whose.LEAD and not bid.belongs_to(user):
        return "This bid belongs to another lead; only they and their deputies may do this."
    if rule.whose == Whose.ASSESSOR and bid.assessor_id not in (None, user.pk):
        return f"This bid is assigned to {bid.assessor}; only they may do this. It can be handed over by assigning it."
    if rule.whose in (Whose.INDEPENDENT, Whose.NO_PART) and (part := _part_in(bid, user)):
        return f"You {part} this bid, so somebody else must do this."
    if rule.whose in (Whose.ASSESSOR, Whose.INDEPENDENT, Whose.NO_PART) and bid.is_of_interest_to(user):
        return "You have declared an interest in this bid, so somebody else must do this."
    if rule.whose == Whose.NO_PART and bid.was_decided_by(user):
        return "You decided this bid, so somebody else must settle its review."
    if rule.whose == Whose.NO_PART and bid.was_assigned_to(user):
        return "This bid was assigned to you once, so somebody else must settle its review."
    if rule.whose == Whose.BODY and bid.belongs_to(user):
        return "This is your own bid, so somebody else of your trust or region must do this."
    if rule.whose == Whose.PRACTICE and not bid.names_practice_of(user):
        return "No practice of yours is in this bid."
    if rule.whose == Whose.BODY and not bid.is_in_region_of(user):
        return "No practice of your trust or region is in this bid."
    return None


def _part_in(bid: Bid, user: Any) -> str:
    """The part that the user has in another's bid, which keeps them from deciding it (domain.md rule 10); "" for none."""
    if user.pk == bid.assessor_id or bid.was_assessed_by(user):
        return "assessed"
    if bid.was_replied_to_by(user):
        return "replied for a PCT or SHA about"
    return "manage a practice of" if bid.names_practice_of(user) else ""


def _wrong_state(bid: Bid, user: Any, rule: Action) -> str | None:
    if bid.state in rule.moves:
        return None
    return rule.otherwise.format(state=bid.shown_label(user).lower())
