"""Figures to check an import against: GP practices of a day, by SHA and PCT."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from practices.models import (
    GP_PRACTICE,
    BodyParticulars,
    ListSize,
    ParentBody,
    PracticeParent,
    PracticeParticulars,
    PracticeStatus,
    Status,
)
from registry.moment import Moment


class Totals(NamedTuple):
    """Active GP practices on a day, by parent body and by the SHA above it; those under no body are under ""."""

    day: date
    practices: int
    by_parent: Counter[str]
    by_sha: Counter[str]
    with_list: int
    people: int


def at(user: object, day: date) -> Totals:
    """Setting 4, active on the day (domain.md rule 5). People: the latest list of a practice, else the earliest later
    one (rule 6)."""
    moment = Moment.of(as_of=day)
    active = PracticeStatus.objects.visible_to(user).at(moment).filter(status=Status.ACTIVE)
    gps = PracticeParticulars.objects.visible_to(user).at(moment).filter(setting=GP_PRACTICE)
    practices = set(active.values_list("practice_id", flat=True)) & set(gps.values_list("practice_id", flat=True))
    parents = dict(PracticeParent.objects.visible_to(user).at(moment).values_list("practice_id", "parent_id"))
    above: dict[int | None, int] = dict(
        BodyParticulars.objects.visible_to(user).at(moment).values_list("body_id", "above_id")
    )
    codes: dict[int | None, str] = dict(ParentBody.objects.visible_to(user).values_list("pk", "code"))
    by_parent = Counter(parents.get(p) for p in practices)
    by_sha: Counter[str] = Counter()
    for body, n in by_parent.items():
        by_sha[codes.get(above.get(body), "")] += n
    lists = _lists(user, moment)
    held = [lists[p] for p in practices if p in lists]
    named = Counter({codes.get(body, ""): n for body, n in by_parent.items()})
    return Totals(day, len(practices), named, by_sha, len(held), sum(held))


def _lists(user: object, moment: Moment) -> dict[int, int]:
    """Per practice its list size for the day: the latest up to it, else the earliest later."""
    best: dict[int, tuple[tuple[int, int], int]] = {}
    rows = ListSize.objects.visible_to(user).known(moment).values_list("practice_id", "effective", "patients")
    for practice, quarter, patients in rows:
        away = (quarter.lower - moment.as_of).days
        rank = (0, -away) if away <= 0 else (1, away)
        if practice not in best or rank < best[practice][0]:
            best[practice] = (rank, patients)
    return {practice: patients for practice, (_, patients) in best.items()}


def lines(totals: Totals, names: dict[str, str]) -> list[str]:
    """The totals by SHA as they are printed."""
    told = [f"Active GP practices on {totals.day:%-d %B %Y}:"]
    told += [
        f"  {code or 'under no SHA'} {names.get(code, ''):<26}{n:>7,}" for code, n in sorted(totals.by_sha.items())
    ]
    bodies = len([b for b in totals.by_parent if b])
    told.append(f"  {totals.practices:,} in all, under {bodies} parent bodies")
    told.append(f"  {totals.with_list:,} of them with a list size, {totals.people / 1e6:.2f} million people")
    return told
