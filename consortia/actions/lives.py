"""When a practice may belong to a consortium: inside the lives of both ends (domain.md rules 4 and 5).

Read through the open entry, so that what is decided on is what stands under its lock.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from consortia.models import Consortium, ConsortiumParticulars, Membership
from practices.models import GP_PRACTICE, LIVING, Practice, PracticeParticulars, PracticeStatus, Status
from registry.actions.checks import said
from registry.errors import Refused, wrong_state
from registry.journal import Key, Writer
from registry.timeline import Period, last_day

SETTING = [f.name for f in PracticeParticulars.value_fields()].index("setting")
ENGLISH = re.compile(r"[A-VX-Z]\d{5}")  # W is Wales; the Channel Islands have three letters


def shared_life(entry: Writer, practice: Practice, consortium: Consortium, on: date) -> Period:
    """The days around `on` on which the practice is a living GP practice and the consortium exists.

    Raises Refused, with the field, where `on` is not such a day.
    """
    return practice_life(entry, practice, on).common(consortium_life(entry, consortium, on))


def practice_life(entry: Writer, practice: Practice, on: date) -> Period:
    """The days around `on` on which the practice is a living GP practice (setting 4)."""
    statuses = entry.timeline(PracticeStatus, (practice.pk,))
    life = statuses.stretch(on, lambda values: values[0] in LIVING)
    if life is None:
        raise Refused("not_living", f"{practice.code} {_why_not_living(entry, practice, on)}.", field="practice")
    particulars = entry.timeline(PracticeParticulars, (practice.pk,))
    surgery = particulars.stretch(on, lambda values: values[SETTING] == GP_PRACTICE)
    if surgery is None:
        raise Refused(
            "not_gp_practice",
            f"{practice.code} was not a GP practice (prescribing setting 4) on {said(on)}; only those belong to "
            "consortia. Check the code.",
            field="practice",
        )
    return life.common(surgery)


def counting_days(entry: Writer, practice: Practice, on: date) -> Period:
    """The days around `on` on which the practice counts in coverage: an active GP practice of England (rule 5).

    Raises Refused where `on` is not such a day.
    """
    life = practice_life(entry, practice, on)
    active = entry.timeline(PracticeStatus, (practice.pk,)).stretch(on, lambda values: values[0] == Status.ACTIVE)
    if active is None or not ENGLISH.fullmatch(practice.code):
        raise Refused(
            "does_not_count",
            f"{practice.code} does not count on {said(on)}: only active GP practices of England do. "
            "Give a day on which it does, or check the code.",
            field="practice",
        )
    return life.common(active)


def consortium_life(entry: Writer, consortium: Consortium, on: date) -> Period:
    """The days around `on` on which the consortium exists."""
    particulars = entry.timeline(ConsortiumParticulars, (consortium.pk,))
    life = particulars.stretch(on)
    if life is not None:
        return life
    begins = particulars.next_start(on)
    why = f"begins on {said(begins)}, after {said(on)}" if begins else f"did not exist on {said(on)}"
    raise Refused("no_consortium", f"{consortium.ref} {why}. Give a day within its life.", field="consortium")


def require_inside_lives(entry: Writer, keys: Collection[Key]) -> None:
    """Refuse (409) what the open entry would leave of these practices' memberships outside the life of either end."""
    consortia = {c.pk: c for c in Consortium.objects.all()}
    practices = {p.pk: p for p in Practice.objects.filter(pk__in=[key[0] for key in keys])}
    for model in (PracticeStatus, PracticeParticulars):
        entry.load(model, keys)
    entry.load(ConsortiumParticulars)
    for key in keys:
        for spell in entry.timeline(Membership, key):
            practice, consortium = practices[key[0]], consortia[spell.values[0]]
            assert spell.start is not None  # a membership has a first day
            try:
                life = shared_life(entry, practice, consortium, spell.start)
            except Refused as refused:
                raise wrong_state(f"This would no longer be true: {refused.message}") from None
            if life.end is not None and (spell.end is None or spell.end > life.end):
                raise wrong_state(
                    f"{practice.code} would belong to {consortium.ref} beyond "
                    f"{said(last_day(life.end))}, the last day on which both are there. "  # type: ignore[arg-type]
                    "Correct that membership by hand."
                )


def _why_not_living(entry: Writer, practice: Practice, on: date) -> str:
    statuses = entry.timeline(PracticeStatus, (practice.pk,))
    values = statuses.at(on)
    if values is not None and values[0] == Status.CLOSED:
        closed = statuses.stretch(on, lambda v: v[0] == Status.CLOSED)
        last = last_day(closed.start) if closed else None
        told = f"; its last day was {said(last)}" if last else ""
        return f"was closed on {said(on)}{told}. Give a day before it closed, or another practice"
    if values is not None:
        return f"was only proposed on {said(on)}. Give a day after its opening"
    opens = statuses.next_start(on)
    told = f": it opened on {said(opens)}. Give a day from then on" if opens else ". Check the code"
    return f"was not open on {said(on)}{told}"
