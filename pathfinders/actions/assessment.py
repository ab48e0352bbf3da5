"""Staff assess a bid: assign it, find on each criterion, recommend."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pathfinders.actions.work import not_after_today, text_of, waves_locked, working_on
from pathfinders.models import Bid, Criterion, Finding, FindingValue, Outcome, Wave
from registry import clock
from registry.authorization import Permission, may
from registry.casework import step
from registry.errors import Refused
from registry.models import User


def assign_bid(*, by: User, bid: Bid, version: int, assessor: User) -> Bid:
    """Give the bid to an assessor, or hand it over to another. Raises Refused on `assessor`: not one, its lead or a deputy."""
    with working_on(bid, by=by, action="assign", version=version) as case:
        if not may(assessor, Permission.ASSESS_BID):
            raise Refused("not_an_assessor", f"{assessor} is not an assessor; choose one who is.", field="assessor")
        if case.belongs_to(assessor):
            part = "leads" if assessor.pk == case.lead_id else "is a deputy of"
            raise Refused("own_bid", f"{assessor} {part} this bid and may not assess it.", field="assessor")
        if case.is_of_interest_to(assessor):
            raise Refused(
                "interest",
                f"{assessor} has declared an interest in this bid and may not assess it; choose another assessor.",
                field="assessor",
            )
        case.assessor = assessor
    return case


def put_in_wave(*, by: User, bid: Bid, version: int, wave: Wave | int | None) -> Bid:
    """Plan an undecided bid into an open wave, or (None) out of one. The wave's release waits for its decision."""
    with step(by=by, action="put_in_wave", permission=Permission.MANAGE_WAVES):
        chosen = waves_locked(bid, wave)
        with working_on(bid, by=by, action="put_in_wave", version=version) as case:
            case.wave = chosen
    return case


def record_finding(
    *, by: User, bid: Bid, version: int, criterion: Criterion | str, finding: str, note: str = ""
) -> Bid:
    """What the assessor finds on one criterion: met, partly, not, cannot_tell. All but "met" need a note."""
    key = criterion.key if isinstance(criterion, Criterion) else criterion
    return record_findings(by=by, bid=bid, version=version, findings={key: (finding, note)})


def record_findings(*, by: User, bid: Bid, version: int, findings: Mapping[str, tuple[str, str]]) -> Bid:
    """What the assessor finds on several national criteria at once: (finding, note) by the criterion's key.

    On its own criteria an SHA finds (`give_opinion`).
    """
    with working_on(bid, by=by, action="record_finding", version=version) as case:
        asked = {c.key: c for c in case.locked_criteria()}
        if unknown := sorted(set(findings) - set(asked)):
            sentence = f"“{unknown[0]}” is not among the national criteria that this bid answers."
            raise Refused("no_criterion", sentence, field=unknown[0])
        Finding.objects.bulk_create(
            [
                Finding(bid=case, criterion=asked[key], finding=finding, note=_note(finding, note), by=by)
                for key, (finding, note) in findings.items()
            ],
            update_conflicts=True,
            unique_fields=["bid", "criterion"],
            update_fields=["finding", "note", "by"],
        )
    return case


def _note(finding: str, note: str) -> str:
    """The note of a finding, trimmed; all but "met" need one."""
    if finding not in FindingValue.values:
        raise Refused("unknown_finding", "Choose met, partly met, not met or cannot tell.", field="finding")
    note = text_of(note, field="note", what="A note", most=20_000)
    if finding != FindingValue.MET and not note:
        raise Refused("no_note", "Say in a note what is missing: the bidder will be told why.", field="note")
    return note


def complete_assessment(
    *, by: User, bid: Bid, version: int, recommendation: str, note: str = "", assessed_on: date | None = None
) -> Bid:
    """Recommend an outcome, all findings made. `assessed_on`: the day of the recommendation (default: today)."""
    with working_on(bid, by=by, action="complete_assessment", version=version) as case:
        if recommendation not in Outcome.values:
            raise Refused("unknown_outcome", "Choose what you recommend.", field="recommendation")
        all_found(case)
        day = assessed_on or clock.today()
        not_after_today(day, "A recommendation", field="assessed_on")
        case.recommendation, case.assessed_on = recommendation, day
        case.recommendation_note = text_of(note, field="note", what="A note", most=20_000)
    return case


def reopen_assessment(*, by: User, bid: Bid, version: int) -> Bid:
    """Take the recommendation back, to correct findings before a decision."""
    with working_on(bid, by=by, action="reopen_assessment", version=version) as case:
        case.recommendation, case.recommendation_note, case.assessed_on = "", "", None
    return case


def all_found(bid: Bid) -> None:
    """Raise Refused, naming them, where a national criterion has no finding (domain.md rule 10)."""
    found = Finding.objects.filter(bid=bid.pk).values("criterion")
    without = list(bid.locked_criteria().exclude(pk__in=found))
    if without:
        names = ", ".join(c.title for c in without)
        raise Refused(
            "findings_missing",
            f"Record a finding on each criterion first. Without one: {names}.",
            field=without[0].key,
            detail=[{"field": c.key, "message": f"No finding on “{c.title}” yet."} for c in without],
        )
