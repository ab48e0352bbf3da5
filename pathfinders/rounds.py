"""What was found on each criterion when each decision was made: later rounds of findings take nothing away."""

from __future__ import annotations

from typing import NamedTuple

from pathfinders.models import Bid, Criterion, Finding, FindingValue
from registry.models import User


class Found(NamedTuple):
    """A finding as it stood when a decision was made; `by` assessed."""

    criterion: Criterion
    finding: str
    note: str
    by: User

    def get_finding_display(self) -> str:
        return str(FindingValue(self.finding).label)


def findings_by_decision(bid: Bid) -> dict[int, list[Found]]:
    """By the number of each decision, announced or not, its findings in the criteria's order. Four queries.

    From the case log: a finding was made before the decision that its step finds as the newest to come. Callers tell
    bidders of announced decisions only.
    """
    made = _made_after(bid)
    log = Finding.pgh_event_model.objects.filter(bid=bid.pk).order_by("pgh_id")  # type: ignore[attr-defined]
    told = list(log.values_list("criterion", "finding", "note", "by", "pgh_context"))
    criteria = {c.pk: c for c in Criterion.objects.filter(pk__in={row[0] for row in told})}
    people = {u.pk: u for u in User.objects.filter(pk__in={row[3] for row in told})}
    found: dict[int, list[Found]] = {}
    for number in range(1, bid.decision_number + 1):
        newest = {row[0]: row for row in told if made.get(row[4], 0) < number}
        rows = [Found(criteria[row[0]], row[1], row[2], people[row[3]]) for row in newest.values()]
        found[number] = sorted(rows, key=lambda f: f.criterion.position)
    return found


def _made_after(bid: Bid) -> dict[object, int]:
    """For each step of the case log, the number of the newest decision that the bid had then."""
    log = Bid.pgh_event_model.objects.filter(pgh_obj_id=bid.pk).order_by("-pgh_id")  # type: ignore[attr-defined]
    return dict(log.exclude(pgh_context=None).values_list("pgh_context", "decision_number"))
