"""The way back from one's own changes of a trust's stages and plans, while nothing later rests on them (rule 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from practices.models import BodyParticulars, ParentBody
from registry import journal
from registry.actions.checks import said
from registry.errors import Refused, wrong_state
from registry.journal import Key, Writer
from registry.ledger import Ledger
from registry.models import Entry, EntryKind, User
from registry.models.fact import Fact
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


class _Ledger(Ledger):
    """All that was ever recorded of a trust's stages and plans, entry by entry."""

    def __init__(self, pct: ParentBody) -> None:
        super().__init__(UNDONE)
        self.pct = pct
        for model in KINDS:
            self.add(model._default_manager.filter(body=pct))

    def told(self, number: int) -> list[Told]:
        return [
            Told(model, key[1], differing(self.stood(model, key, number - 1), self.stood(model, key, number)))
            for model, key in self.of(number)
        ]

    def why_not(self, number: int, by: User, *, of_others: bool = False) -> str:
        return super().why_not(number, by, of_others=of_others) or self._outlives(number)

    def _outlives(self, number: int) -> str:
        end = _end(_life(self.pct))
        for model, key in self.of(number):
            before = self.stood(model, key, number - 1)
            if end is not None and cut(before, end) != before:
                return _over(self.pct.code, end)
        return ""


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
