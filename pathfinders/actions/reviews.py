"""A changed mind after release: a review, a minister's reversal, a deferral taken up again (domain.md rule 9).

Each opens the case for a new decision with the next number; what was announced before stays as it was.
"""

from __future__ import annotations

import pghistory
from django.db.models import Q

from pathfinders import service
from pathfinders.actions.telling import tell_lead
from pathfinders.actions.work import text_of, working_on
from pathfinders.letters import Letter
from pathfinders.models import Bid, Decision, Review, ReviewOutcome, WithdrawalOutcome
from pathfinders.states import BidState
from registry import clock
from registry.actions.checks import said
from registry.errors import Refused, wrong_state
from registry.models import User

MOST = 20_000


def request_review(*, by: User, bid: Bid, version: int, grounds: str) -> Review:
    """The lead asks that the announced decision be looked at again: once a decision. Raises Refused on `grounds`."""
    with working_on(bid, by=by, action="request_review", version=version) as case:
        text = text_of(grounds, field="grounds", what="The grounds", most=MOST)
        if not text:
            raise Refused("no_grounds", "Say why the decision should be looked at again.", field="grounds")
        decision = Decision.objects.get(bid=case, number=case.released_number)
        review = Review.objects.create(decision=decision, grounds=text, asked_by=by, asked_on=clock.today())
        tell_lead(case, "review_received", day=said(review.asked_on))
    return review


def settle_review(
    *, by: User, bid: Bid, version: int, upheld: bool, note: str, letter: Letter | None = None
) -> Review:
    """Somebody without a part in the bid settles its review: upheld, it is assessed and decided again.

    Raises Refused: 403 for whoever had a part in it, 409 where no review waits, or where it is upheld and the bid left
    the programme or another stands in its place, 422 on `note`, which the lead reads.
    """
    action = "uphold_review" if upheld else "turn_down_review"
    with working_on(bid, by=by, action=action, version=version) as case:
        text = text_of(note, field="note", what="The note", most=MOST)
        if not text:
            raise Refused("no_note", "Say why: the lead reads this.", field="note")
        review = case.review()
        review.outcome = ReviewOutcome.UPHELD if upheld else ReviewOutcome.TURNED_DOWN
        review.note, review.settled_by, review.settled_on = text, by, clock.today()
        review.save()
        if upheld:
            _may_open_again(case)
            assess_again(case)
        step = "review_upheld" if upheld else "review_turned_down"
        tell_lead(case, step, letter=letter, must_hold=[text], day=said(review.settled_on), text=text)
    return review


def take_up_again(*, by: User, bid: Bid, version: int, letter: Letter | None = None) -> Bid:
    """Assess a deferred bid again, for a later wave. Raises Refused 409 where another bid stands in its place."""
    with working_on(bid, by=by, action="take_up_again", version=version) as case:
        if later := case.later_bid():
            raise _stands_for(case, later)
        _may_open_again(case)
        assess_again(case)
        tell_lead(case, "taken_up_again", letter=letter)
    return case


def reverse_decision(
    *, by: User, bid: Bid, version: int, on_behalf_of: str, reason: str, letter: Letter | None = None
) -> Bid:
    """Open an announced decision for a new one that a minister wishes. The findings stand; both the minister and the
    acting officer are in the case log. Raises Refused on `on_behalf_of` or `reason`; 409 as an upheld review."""
    minister = text_of(on_behalf_of, field="on_behalf_of", what="The minister", most=200)
    why = text_of(reason, field="reason", what="The reason", most=MOST)
    with (
        pghistory.context(on_behalf_of=minister, reason=why),
        working_on(bid, by=by, action="reverse", version=version) as case,
    ):
        if not minister:
            raise Refused("no_minister", "Name the minister on whose behalf you act.", field="on_behalf_of")
        if not why:
            raise Refused(
                "no_reason", "Say why the decision is to be made anew: the case log keeps it.", field="reason"
            )
        _may_open_again(case)
        _for_a_later_wave(case)
        tell_lead(case, "opened_again", letter=letter, must_hold=[minister], minister=minister)
    return case


def assess_again(case: Bid) -> None:
    """Take the recommendation back; findings stand until they are replaced."""
    case.recommendation, case.recommendation_note, case.assessed_on = "", "", None
    _for_a_later_wave(case)


def _may_open_again(case: Bid) -> None:
    """Raise Refused 409 where a new decision could undo what was granted, or found a second pathfinder of one bid: it
    left the programme at its own wish, or a bid of the same line is open or was approved."""
    left = case.withdrawals.filter(outcome=WithdrawalOutcome.GRANTED).order_by("-ends_on").first()
    if left is not None and left.ends_on is not None:
        raise wrong_state(
            f"{case.ref} left the programme at its own wish on {said(left.ends_on)}; it can bid again, with a new bid."
        )
    for other in _line_of(case):
        if other.was_approved or other.state not in (BidState.RELEASED, BidState.WITHDRAWN):
            raise _stands_for(case, other)


def _stands_for(case: Bid, other: Bid) -> Refused:
    which = "resubmits" if other.pk > case.pk else "was resubmitted as"
    how = "has been approved" if other.was_approved else f"is {BidState(other.state).label.lower()}"
    return wrong_state(
        f"{other.ref} {which} {case.ref} and {how}, so {case.ref} is not decided again beside it: "
        f"go on with {other.ref}, or have it withdrawn first."
    )


def _line_of(case: Bid) -> list[Bid]:
    """Every other bid that it resubmits or that resubmits it, however many bids lie between."""
    found, ahead = {case.pk: case}, {case.pk}
    while ahead:
        near = Bid.objects.filter(Q(earlier__in=ahead) | Q(later__in=ahead)).exclude(pk__in=found).distinct()
        ahead = {bid.pk for bid in near}
        found |= {bid.pk: bid for bid in near}
    return [bid for pk, bid in sorted(found.items()) if pk != case.pk]


def _for_a_later_wave(case: Bid) -> None:
    """Out of the wave that it was announced with, and a date for the new decision as for a bid that comes in today."""
    case.wave, case.due_on = None, service.due("decision", clock.today())
