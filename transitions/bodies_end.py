"""What a trust said of its hand-over, planned and delegated ends with it (domain.md rules 14 and 17)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from practices.models import BodyParticulars
from registry.journal import Writer
from registry.models.fact import Fact
from registry.timeline import Timeline
from transitions.models import Delegation, PlannedStage, TransitionStage

CLOSED = "closed"
"""The stage of a trust that is no more: the one that begins where its life ends."""
OF_BODY: tuple[type[Fact], ...] = (Delegation, PlannedStage, TransitionStage)
"""Facts whose key begins with the trust."""


def stages_end(entry: Writer) -> None:
    """Of each body that the entry ends: its stages, its plans and what it delegated. Asks nothing where none has ended.

    Called by `consequences.settle`.
    """
    ended = {}
    for key in entry.changed(BodyParticulars):
        after, before = _end(entry.timeline(BodyParticulars, key)), _end(entry.before(BodyParticulars, key))
        if after is not None and after != before:
            ended[key[0]] = after
    end_with(entry, ended)


def end_with(entry: Writer, ends: Mapping[int, date]) -> None:
    """By body, the first day on which it is no more."""
    if not ends:
        return
    for model in OF_BODY:
        entry.load(model)  # some hundreds of each
        for key in {*entry.keys(model), *entry.changed(model)}:
            if key[0] in ends:
                line = entry.timeline(model, key)
                kept = cut(line, ends[key[0]])
                if kept != line:
                    entry.put(model, key, kept)


def _end(life: Timeline) -> date | None:
    return life.spells[-1].end if len(life) else None


def cut(line: Timeline, day: date) -> Timeline:
    """Nothing of it from the day on, but for the stage that says so."""
    for spell in line:
        if spell.values[:1] != (CLOSED,) and (spell.end is None or spell.end > day):
            line = line.clear(max(day, spell.start) if spell.start else day, spell.end)
    return line
