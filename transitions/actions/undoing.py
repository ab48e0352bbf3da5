"""The way back from one's own changes of a trust's stages and plans, while nothing later rests on them (rule 1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from practices.models import BodyParticulars, ParentBody
from registry import journal
from registry.actions.checks import said
from registry.errors import Refused, wrong_state
from registry.journal import Key, Writer
from registry.models import Entry, EntryKind, User
from registry.models.fact import Fact, Lower, Upper
from registry.timeline import Differing, Spell, Timeline, differing, last_day
from registry.undoing import take_back
from transitions.actions.trust import require_own
from transitions.bodies_end import cut
from transitions.models import EvidenceDocument, EvidenceParticulars, PlannedStage, TransitionStage
from transitions.permissions import keeps_transition

UNDONE = ("set_stage", "clear_stage", "plan_stage", "drop_plan")
"""The actions whose entries `undo_stage` takes back."""
KINDS: tuple[type[Fact], ...] = (TransitionStage, PlannedStage)


@dataclass(frozen=True)
class Told:
    """What an entry changed of one evidence's word, or of one plan: `other` is the key of either beside the trust; the
    days with what was said before and after."""

    model: type[Fact]
    other: Any
    days: list[Differing]


@dataclass(frozen=True)
class Change:
    """An own entry. `why_not`: why it cannot be undone; "" where it can. `undone_by`: the entry that took it back."""

    entry: Entry
    told: list[Told]
    why_not: str
    undone_by: int | None


def undo_stage(*, by: User, entry: Entry, why: str = "") -> Entry:
    """Take back one's own change of a trust's stage or plan: what stood before stands again. Its source stays, for by
    now others may rest on it.

    Raises Refused: 403 for somebody else's change or trust; 409 where a later entry, itself not taken back, has changed
    the same, where it was undone, or where what stood before lies outside the trust's life by now.
    """
    trusts = trusts_of(entry)
    if entry.action not in UNDONE or not trusts:
        raise wrong_state(f"Entry {entry.number} is no change of a stage or a plan.")
    for pct in trusts:
        require_own(by, pct)
    if entry.actor != by.ref:
        raise Refused("not_allowed", f"Entry {entry.number} is not yours: who recorded it undoes it.", status=403)
    reason = why.strip() or f"Entry {entry.number} is undone: {entry.reason}"
    source = {"undoes": entry.number}
    with journal.entry(by=by, action="undo_stage", kind=EntryKind.VOID, reason=reason, source=source) as writer:
        settled = set().union(*(_Ledger(pct).settled for pct in trusts))
        if entry.number in settled:
            raise wrong_state(f"Entry {entry.number} was undone already.")
        for model, keys in take_back(
            writer, entry, leaving=(EvidenceParticulars, EvidenceDocument), settled=settled
        ).items():
            for key in keys:
                _require_life(writer, model, key)
    assert writer.entry is not None
    return writer.entry


def own_changes(*, by: User, pct: ParentBody) -> list[Change]:
    """The person's own changes of this trust's stages and plans, the newest first. Four questions, however many."""
    if not keeps_transition(by, pct):
        return []
    ledger = _Ledger(pct)
    own = [e for e in ledger.entries.values() if e.actor == by.ref and e.action in UNDONE]
    return [
        Change(e, ledger.told(e.number), ledger.why_not(e.number, by), ledger.undone.get(e.number))
        for e in sorted(own, key=lambda e: -e.number)
    ]


def trusts_of(entry: Entry) -> list[ParentBody]:
    """The trusts whose stages or plans the entry changed."""
    found: set[int] = set()
    for model in KINDS:
        for end in ("opened_by", "closed_by"):
            found |= set(model._default_manager.filter(**{end: entry}).values_list("body_id", flat=True))
    return list(ParentBody.objects.filter(pk__in=found).order_by("code"))


class _Ledger:
    """All that was ever recorded of a trust's stages and plans, entry by entry."""

    def __init__(self, pct: ParentBody) -> None:
        self.pct = pct
        self.rows: dict[tuple[type[Fact], Key], list[tuple[Spell, int, int | None]]] = defaultdict(list)
        for model in KINDS:
            keys, values = ([f.attname for f in fields] for fields in (model.key_fields(), model.value_fields()))
            facts = model._default_manager.filter(body=pct).annotate(_from=Lower("effective"), _to=Upper("effective"))
            for row in facts.values_list(*keys, *values, "_from", "_to", "opened_by_id", "closed_by_id"):
                key, told, (start, end, opened, closed) = row[: len(keys)], row[len(keys) : -4], row[-4:]
                self.rows[model, key].append((Spell(start, end, told), opened, closed))

    @cached_property
    def touched(self) -> dict[tuple[type[Fact], Key], set[int]]:
        """By key, the entries that changed it."""
        return {
            key: {n for _, opened, closed in rows for n in (opened, closed) if n is not None}
            for key, rows in self.rows.items()
        }

    @cached_property
    def entries(self) -> dict[int, Entry]:
        return Entry.objects.in_bulk(set().union(*self.touched.values()))

    @cached_property
    def undone(self) -> dict[int, int]:
        """By entry that was taken back whole, the one that did so."""
        return {e.source["undoes"]: n for n, e in self.entries.items() if e.source.get("undoes") in self.entries}

    @cached_property
    def settled(self) -> set[int]:
        """Entries that were taken back, and those that did so: together they changed nothing."""
        return {*self.undone, *self.undone.values()}

    def told(self, number: int) -> list[Told]:
        found = []
        for (model, key), numbers in self.touched.items():
            if number in numbers:
                days = differing(self._stood(model, key, number - 1), self._stood(model, key, number))
                found.append(Told(model, key[1], days))
        return found

    def why_not(self, number: int, by: User) -> str:
        if number in self.undone:
            return f"Entry {self.undone[number]} has undone it."
        later = {n for numbers in self.touched.values() if number in numbers for n in numbers if n > number}
        if not later - self.settled:
            return self._outlives(number)
        first = self.entries[max(later - self.settled)]
        rests = f"Entry {first.number} of {said(first.at.date())} changed the same since:"
        if first.actor == by.ref and first.action in UNDONE:
            return f"{rests} undo that first."
        return f"{rests} record what is right instead."

    def _outlives(self, number: int) -> str:
        end = _end(_life(self.pct))
        for model, key in (at for at, numbers in self.touched.items() if number in numbers):
            before = self._stood(model, key, number - 1)
            if end is not None and cut(before, end) != before:
                return _over(self.pct.code, end)
        return ""

    def _stood(self, model: type[Fact], key: Key, number: int) -> Timeline:
        """What was said just after the entry of that number."""
        spells: Iterable[Spell] = (
            spell
            for spell, opened, closed in self.rows[model, key]
            if opened <= number and (closed is None or closed > number)
        )
        return Timeline(sorted(spells, key=lambda s: (s.start is not None, s.start or s.end)))


def _life(pct: ParentBody) -> Timeline:
    """The trust's life as the register says now."""
    rows = BodyParticulars.objects.current().filter(body=pct).order_by("effective")
    return Timeline(Spell(p.lower, p.upper, ()) for p in rows.values_list("effective", flat=True))


def _end(life: Timeline) -> Any:
    return life.spells[-1].end if len(life) else None


def _require_life(writer: Writer, model: type[Fact], key: Key) -> None:
    """What is said again is said of days of the trust's life, or says that it is closed."""
    end, line = _end(writer.timeline(BodyParticulars, key[:1])), writer.timeline(model, key)
    if end is not None and cut(line, end) != line:
        raise wrong_state(_over(ParentBody.objects.get(pk=key[0]).code, end))


def _over(code: str, end: Any) -> str:
    last = last_day(end)
    assert last is not None
    return f"{code} ended with {said(last)}, and what stood before goes on after it. Record what is right instead."
