"""A lead submits a bid, or takes it back."""

from __future__ import annotations

from datetime import date

from pathfinders import letters, service
from pathfinders.actions.stages import open_stages
from pathfinders.actions.work import not_after_today, own_wave_locked, working_on
from pathfinders.claims_review import review
from pathfinders.models import Bid, CriteriaSet
from pathfinders.models.criteria import NATIONAL
from registry import outbox
from registry.actions.checks import said
from registry.authorization import Permission
from registry.casework import step
from registry.errors import Refused
from registry.models import User


def submit_bid(*, by: User, bid: Bid, version: int, declared: bool, submitted_on: date | None = None) -> Bid:
    """Hand the bid in: it locks its criteria, and cannot be changed after. A receipt goes to the lead; the PCTs and
    SHAs of its practices are asked for their opinions.

    `submitted_on` (default: the bid's own date) lets history be entered late. Raises Refused 422 with all that is
    missing in `detail` (`field`, `message`), the first as its own field and sentence.
    """
    with working_on(bid, by=by, action="submit", version=version) as draft:
        day = submitted_on or draft.as_at
        not_after_today(day, "A bid's submission", field="submitted_on")
        if day < draft.as_at:
            raise Refused(
                "too_early",
                f"This bid is as at {said(draft.as_at)}; it cannot have been submitted before then.",
                field="submitted_on",
            )
        sets = refuse_incomplete(draft, declared=declared)
        draft.criteria, draft.submitted_on = sets[0], day
        draft.due_on = service.due("decision", day)
        open_stages(draft, day, sets)
        outbox.post(to=draft.lead, about=draft.ref, **letters.receipt(draft))
    return draft


def withdraw_bid(*, by: User, bid: Bid, version: int) -> Bid:
    """Take a bid back, until its outcome is announced.

    A decision of which the bidder does not yet know stays in the case log and is never released, its letter neither:
    to refuse would tell of it. The bid's wave moves a version on, so that a release prepared before is told.
    """
    while True:
        try:
            return _withdraw(bid, by=by, version=version)
        except _MovedMeanwhileError:
            continue


class _MovedMeanwhileError(Exception):
    """Staff put the bid into another wave between the lock of its wave and its own."""


def _withdraw(bid: Bid, *, by: User, version: int) -> Bid:
    """One try, undone whole where the bid's wave was not the one locked: the bidder is never told of staff's move."""
    with step(by=by, action="withdraw", permission=Permission.DRAFT_BID):
        wave = own_wave_locked(bid)
        with working_on(bid, by=by, action="withdraw", version=version) as taken:
            if taken.wave_id != wave:
                raise _MovedMeanwhileError
            outbox.take_back(about=taken.ref)
            if taken.submitted_on:
                outbox.post(to=taken.lead, about=taken.ref, **letters.withdrawn(taken))
    return taken


def refuse_incomplete(bid: Bid, *, declared: bool) -> list[CriteriaSet]:
    """Raise Refused 422 with all that keeps the bid from being handed in, the first as its own field and sentence.
    Returns the sets that a complete one answers (`Bid.sets_in_force`)."""
    sets = bid.sets_in_force()
    missing = missing_from(bid, declared=declared, sets=sets)
    if missing:
        raise Refused("incomplete", missing[0]["message"], field=missing[0]["field"], detail=missing)
    return sets


def missing_from(bid: Bid, *, declared: bool, sets: list[CriteriaSet] | None = None) -> list[dict[str, str]]:
    """Everything that keeps the bid from being submitted, field by field, in the form's order. `sets`: its
    `sets_in_force`, where they are known."""
    sets = bid.sets_in_force() if sets is None else sets
    missing = [] if bid.name else [_need("name", "Name the bid.")]
    consortia = list(bid.consortia.all())
    if not consortia:
        missing.append(_need("consortia", "Name at least one consortium."))
    named = list(bid.practices.select_related("practice").order_by("practice__code"))
    empty = [c.name for c in consortia if c.pk not in {p.consortium_id for p in named}]
    if not named:
        missing.append(_need("practices", "Name at least one practice."))
    elif empty:
        missing.append(_need("practices", f"Name at least one practice of {empty[0]}, or take it out of the bid."))
    for row in review(bid, enumerate((p.practice.code for p in named), start=1), own=True):
        if not row["accepted"]:
            missing.append(_need("practices", f"{row['code']}: {row['message']}"))
    if not any(criteria.scope == NATIONAL for criteria in sets):
        missing.append(_need("as_at", f"No criteria had been published by {said(bid.as_at)}. Give a later date."))
    else:
        answered = set(bid.answers.order_by().values_list("criterion_id", flat=True))
        for criterion in bid.asked(sets):
            if criterion.pk not in answered:
                missing.append(_need(criterion.name_in_bid, f"Answer “{criterion.title}”."))
    if not declared:
        missing.append(_need("declared", "Confirm that what the bid says is true and that its practices agreed."))
    return missing


def _need(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}
