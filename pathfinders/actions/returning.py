"""A bid goes back to its lead for information, and comes again; meanwhile the service clock stands still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pathfinders import letters, service
from pathfinders.actions.decision import usable_reasons
from pathfinders.actions.stages import open_stages
from pathfinders.actions.submission import refuse_incomplete
from pathfinders.actions.work import not_after_today, text_of, working_on
from pathfinders.letters import Letter
from pathfinders.models import Bid, Reason, Return
from registry import clock, outbox
from registry.actions.checks import said
from registry.errors import Refused
from registry.models import User


def return_bid(
    *,
    by: User,
    bid: Bid,
    version: int,
    reasons: Sequence[str | Reason],
    text: str,
    returned_on: date | None = None,
    letter: Letter | None = None,
) -> Bid:
    """Send a bid back to its lead: `reasons` of the vocabulary, and `text`, what is asked. `returned_on`: default today.

    The lead may change all but its date and lead, and is told in a letter sent at once. Raises Refused with the field:
    `reasons`, `text`, `returned_on`, `letter`.
    """
    with working_on(bid, by=by, action="return_bid", version=version) as case:
        day = returned_on or clock.today()
        _day_of_return(case, day)
        given = usable_reasons("returned", reasons, day)
        asked = text_of(text, field="text", what="What you ask", most=20_000)
        if not asked:
            raise Refused("blank", "Say what the bidder should add or put right.", field="text")
        case.returns.create(
            number=case.returns.count() + 1,
            reasons=[r.key for r in given],
            text=asked,
            returned_by=by,
            returned_on=day,
        )
        if case.lead.email:  # none where the person was erased
            lines = letters.reason_lines(given)
            told = {"day": said(day), "reasons": letters.listed("The reasons:", lines), "text": asked}
            sent = letters.edited(letter, "returned", case, must_hold=[r.label for r in given], **told)
            outbox.post(to=case.lead, about=case.ref, **sent)
    return case


def _day_of_return(bid: Bid, day: date) -> None:
    not_after_today(day, "A return", field="returned_on")
    submitted_on, _ = bid.locked()
    last = bid.returns.order_by("-number").values_list("answered_on", flat=True).first()
    since = last or submitted_on
    if day < since:
        happened = "sent back to you" if last else "submitted"
        raise Refused(
            "too_early",
            f"The bid was {happened} on {said(since)}; it cannot have been returned on {said(day)}.",
            field="returned_on",
        )


def answer_return(*, by: User, bid: Bid, version: int, declared: bool, answered_on: date | None = None) -> Bid:
    """The lead sends a returned bid back, as whole as at its submission. `answered_on`: default today.

    Its date due moves on by the length of the return; PCTs and SHAs of practices that are new in it are asked. Raises
    Refused 422 as `submit_bid` does.
    """
    with working_on(bid, by=by, action="answer_return", version=version) as case:
        back = case.returns.get(answered_on=None)
        day = answered_on or clock.today()
        _day_of_answer(back, day)
        sets = refuse_incomplete(case, declared=declared)
        back.answered_on = day
        back.save(update_fields=["answered_on"])
        if case.due_on:
            case.due_on = service.moved_on(case.due_on, back.returned_on, day)
        open_stages(case, day, sets)
        if case.lead.email:
            outbox.post(to=case.lead, about=case.ref, **letters.compose("return_answered", case, day=said(day)))
    return case


def _day_of_answer(back: Return, day: date) -> None:
    not_after_today(day, "Sending a bid back", field="answered_on")
    if day < back.returned_on:
        raise Refused(
            "too_early",
            f"The bid was returned to you on {said(back.returned_on)}; it cannot have been sent back on {said(day)}.",
            field="answered_on",
        )
