"""Practices merge: one becomes part of another (domain.md rule 14)."""

from __future__ import annotations

from datetime import date, timedelta

from consortia.actions.closing import close
from practices.models import LIVING, Practice, PracticeMergerKind, PracticeStatus, PracticeSuccession
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.authorization import Permission, require
from registry.errors import Refused, wrong_state
from registry.journal import Writer
from registry.models import Entry, User


def merge_practices(
    *, by: User, practice: Practice, into: Practice, on: date, reason: str, kind: str = PracticeMergerKind.ABSORB
) -> Entry | None:
    """From `on` the practice is part of another one: it closes the day before, and the other is its successor.

    In one entry. `kind`: "absorb" where the other goes on, "merge" where it is a new practice made of several. Its membership, its branches and its parent end as when it closes otherwise; the successor's stay as
    they are, for who belongs where is never derived (rule 23). Returns None where the register said so already.
    Raises Refused where the practice is not open the day before, the successor is not open on the day, the practice
    has another successor already (409), or the successor has itself, sooner or later, become part of the practice.
    """
    require(by, Permission.CHANGE_REGISTER)
    require_day(on)
    why = require_reason(reason, "reason")
    with journal.entry(by=by, action="merge_practices", kind=kind_on(on), reason=why) as entry:
        merge(entry, practice, into, on, kind)
    return entry.entry


def merge(entry: Writer, practice: Practice, into: Practice, on: date, kind: str = PracticeMergerKind.ABSORB) -> None:
    """The merger in an open entry, or in a sketch of one."""
    if kind not in PracticeMergerKind.values:
        known = ", ".join(PracticeMergerKind.values)
        raise Refused("bad_kind", f"“{kind}” is no kind of a merger of practices; give one of {known}.", field="kind")
    _require_no_circle(entry, practice, into)
    _require_open(entry, into, on)
    close(entry, practice, on - timedelta(days=1))
    key = (practice.pk, into.pk)
    if entry.timeline(PracticeSuccession, key).at(on) != (kind,):
        entry.set(PracticeSuccession, key, on, None, (str(kind),))


def _require_no_circle(entry: Writer, practice: Practice, into: Practice) -> None:
    """Nobody succeeds themselves, at whatever dates; and nobody merges into two."""
    if practice.pk == into.pk:
        raise Refused("circle", f"{practice.code} cannot merge into itself. Give another practice.", field="into")
    entry.load(PracticeSuccession)  # a few thousand in all
    follows: dict[int, set[int]] = {}
    for predecessor, successor in entry.keys(PracticeSuccession):
        follows.setdefault(predecessor, set()).add(successor)
    if follows.get(practice.pk, set()) - {into.pk}:
        raise wrong_state(f"{practice.code} has become part of another practice already. Correct that first.")
    reached, ahead = set(), [into.pk]
    while ahead:
        at = ahead.pop()
        if at == practice.pk:
            raise Refused(
                "circle",
                f"{into.code} has itself become part of {practice.code}, so {practice.code} cannot merge into it.",
                field="into",
            )
        if at not in reached:
            reached.add(at)
            ahead += follows.get(at, ())


def _require_open(entry: Writer, into: Practice, on: date) -> None:
    values = entry.timeline(PracticeStatus, (into.pk,)).at(on)
    if values is None or values[0] not in LIVING:
        raise Refused(
            "not_living",
            f"{into.code} is not open on {said(on)}, so nothing can become part of it then. Give another day or another "
            "practice.",
            field="into",
        )
