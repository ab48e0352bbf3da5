"""Practices and people that count (domain.md rules 5, 6), the day before a change and on its day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F

from consortia.models import Consortium, Membership
from pathfinders.models import Pathfinder, ProgrammePlace
from pathfinders.reads import practices
from pathfinders.succession.draft import CONSORTIA, PATHFINDERS, Draft
from pathfinders.succession.plan import Figures
from registry.moment import Moment

Counted = dict[int, dict[int, int]]
"""By consortium: the practices that count, with their patients."""


def figures(draft: Draft) -> tuple[Figures, ...]:
    """A row for each consortium and pathfinder concerned. The same few queries for any number of members."""
    bodies = [*draft.gone, *draft.kept, *draft.made]
    groups = {b.pk for b in bodies if isinstance(b, Consortium)}
    if not draft.gone:
        return ()
    inside = _standing_in(draft, groups, [b.pk for b in bodies if isinstance(b, Pathfinder)])
    wanted = groups | {c for found in inside.values() for pair in found for c in pair}
    before = _count(wanted, draft.on - timedelta(days=1))
    after = _moved(draft, _count(wanted, draft.on))
    return (
        *(_row(draft, "consortium", c, {c.pk}, {c.pk}, before, after) for c in bodies if isinstance(c, Consortium)),
        *(_row(draft, "pathfinder", p, *inside[p.pk], before, after) for p in _named(draft, inside)),
    )


def _named(draft: Draft, inside: dict[int, Any]) -> list[Pathfinder]:
    made = [b for b in draft.made if isinstance(b, Pathfinder)]
    return [
        *Pathfinder.objects.filter(pk__in=[pk for pk in inside if pk > 0 and pk not in {m.pk for m in made}]),
        *made,
    ]


def _row(
    draft: Draft, kind: str, body: Any, was: set[int], will_be: set[int], before: Counted, after: Counted
) -> Figures:
    family = CONSORTIA if kind == "consortium" else PATHFINDERS
    spells = draft.entry.timeline(family.particulars, (body.pk,))
    new = (type(body), body.pk) in draft.new
    stood, stands = not new, spells.at(draft.on) is not None
    old, now = _sum(before, was) if stood else (None, None), _sum(after, will_be) if stands else (None, None)
    name = draft.name(family, body)
    return Figures("" if new and not draft.real else body.ref, name, kind, *old, *now)


def _sum(counted: Counted, groups: set[int]) -> tuple[int, int]:
    """Each practice once, whatever consortium it is in (rule 6)."""
    distinct = {pk: patients for c in groups for pk, patients in counted.get(c, {}).items()}
    return len(distinct), sum(distinct.values())


def _count(consortia: set[int], day: date) -> Counted:
    rows = practices.eligible(practices.joined(None, Moment.of(day))).filter(
        _consortium__in=[c for c in consortia if c > 0]
    )
    found: Counted = {}
    for pk, consortium, patients in rows.values_list("pk", F("_member__consortium"), F("_list__patients")):
        found.setdefault(consortium, {})[pk] = patients or 0
    return found


def _moved(draft: Draft, counted: Counted) -> Counted:
    """The practices where the draft puts them on the day."""
    found: Counted = {}
    touched = draft.entry.changed(Membership)
    for consortium, held in counted.items():
        for pk, patients in held.items():
            belongs = draft.entry.timeline(Membership, (pk,)).at(draft.on) if (pk,) in touched else (consortium,)
            if belongs is not None:
                found.setdefault(belongs[0], {})[pk] = patients
    return found


def _standing_in(draft: Draft, groups: set[int], named: list[int]) -> dict[int, tuple[set[int], set[int]]]:
    """By pathfinder concerned: the consortia in it the day before, and those on the day."""
    current = ProgrammePlace.objects.current()
    eve = draft.on - timedelta(days=1)
    moved = draft.entry.changed(ProgrammePlace)
    concerned = {*named, *(p for p, _ in moved)}
    concerned |= set(
        current.filter(consortium__in=groups, effective__contains=draft.on).values_list("pathfinder", flat=True)
    )
    inside: dict[int, tuple[set[int], set[int]]] = {pk: (set(), set()) for pk in sorted(concerned)}
    for at, day in enumerate((eve, draft.on)):
        rows = current.filter(pathfinder__in=concerned, effective__contains=day)
        for pathfinder, consortium in rows.values_list("pathfinder", "consortium"):
            if at == 0 or (pathfinder, consortium) not in moved:
                inside[pathfinder][at].add(consortium)
    for pathfinder, consortium in moved:
        if draft.entry.timeline(ProgrammePlace, (pathfinder, consortium)).at(draft.on) is not None:
            inside[pathfinder][1].add(consortium)
    return inside
