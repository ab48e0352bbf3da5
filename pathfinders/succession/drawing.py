"""A draft made into a plan: its facts in words, its members by name, its roles, its figures before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from pathfinders.succession.draft import Draft
from pathfinders.succession.figures import figures
from pathfinders.succession.people import role_moves
from pathfinders.succession.plan import Carried, Plan
from practices.models import PracticeParticulars, PracticeStatus, Status
from registry import journal
from registry.actions.checks import said
from registry.changes import changes_of

STEP = Decimal("0.000001")
Draw = Callable[[Draft], None]


def preview(on: date, draw: Draw) -> Plan:
    """The plan, from a sketch: nothing is locked or written."""
    draft = Draft(journal.sketch(), on, real=False)
    draw(draft)
    return plan_of(draft)


def plan_of(draft: Draft) -> Plan:
    members = _members(draft)
    changes = tuple(changes_of(draft.entry, draft.new))
    return Plan(
        title=draft.title,
        on=draft.on,
        changes=changes,
        members=members,
        roles=role_moves(draft),
        figures=figures(draft),
        warnings=tuple(draft.warnings),
        gone=tuple(b.ref for b in draft.gone),
        made=tuple(b.ref for b in (*draft.made, *draft.kept)) if draft.real else (),
    )


def shares(counts: Sequence[int]) -> list[Decimal]:
    """The parts of a whole, to six places, that sum to 1 exactly: what rounding leaves goes to the largest."""
    whole = sum(counts)
    found = [(Decimal(n) / whole).quantize(STEP, ROUND_DOWN) for n in counts]
    largest = counts.index(max(counts))
    found[largest] += 1 - sum(found)
    return found


def _members(draft: Draft) -> tuple[Carried, ...]:
    """The memberships that move, by name, flagged and warned of. One question for all names."""
    pks = {m.practice for m in draft.moves}
    told = PracticeParticulars.objects.current().filter(practice__in=pks, effective__contains=draft.on)
    names = dict(told.values_list("practice", "name")) if pks else {}
    return tuple(
        Carried(
            m.code,
            names.get(m.practice, ""),
            m.status,
            draft.label(m.gone),
            draft.label(m.to) if m.to else "",
            m.start,
            m.after,
            _flag(draft, m),
            m.joins,
        )
        for m in draft.moves
    )


def _flag(draft: Draft, move: Any) -> str:
    lives = draft.entry.timeline(PracticeStatus, (move.practice,))
    ended = lives.at(move.after) if move.after else None
    if move.after and ended is not None and ended[0] == Status.CLOSED:
        return "closes"
    if move.after and not any(m.practice == move.practice and m.start == move.after for m in draft.moves):
        draft.warnings.append(f"{move.code} leaves on {said(move.after)}, as recorded: it is carried until then.")
    if move.joins and not any(m.practice == move.practice and m.after == move.start for m in draft.moves):
        draft.warnings.append(f"{move.code} joins on {said(move.start)} only, as recorded: it joins the new one then.")
    status = lives.at(move.start)
    return "dormant" if status is not None and status[0] == Status.DORMANT else ""
