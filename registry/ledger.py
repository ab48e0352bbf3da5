"""What was recorded under some keys, entry by entry: which was taken back, and what later one rests on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from registry.actions.checks import said
from registry.journal import Key
from registry.models import Entry, User
from registry.models.fact import Fact, Lower, Upper
from registry.timeline import Spell, Timeline


class Ledger:
    """`undone_by_action`: the actions whose entries have a way back. All facts of a key are added before it is asked."""

    def __init__(self, undone_by_action: Iterable[str]) -> None:
        self.actions = frozenset(undone_by_action)
        self.rows: dict[tuple[type[Fact], Key], list[tuple[Spell, int, int | None]]] = defaultdict(list)

    def add(self, facts: Any) -> None:
        """All facts of some keys of one kind: a queryset of every version. One statement."""
        model = facts.model
        keys, values = ([f.attname for f in fields] for fields in (model.key_fields(), model.value_fields()))
        told = facts.annotate(_from=Lower("effective"), _to=Upper("effective"))
        for row in told.values_list(*keys, *values, "_from", "_to", "opened_by_id", "closed_by_id"):
            key, said_of, (start, end, opened, closed) = row[: len(keys)], row[len(keys) : -4], row[-4:]
            self.rows[model, key].append((Spell(start, end, said_of), opened, closed))

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

    def of(self, number: int) -> list[tuple[type[Fact], Key]]:
        """What the entry of that number changed."""
        return [key for key, numbers in self.touched.items() if number in numbers]

    def why_not(self, number: int, by: User, *, of_others: bool = False) -> str:
        """Why the entry cannot be undone for what is recorded since; "" where nothing rests on it. `of_others`: the
        person may undo what others recorded too."""
        if number in self.undone:
            return f"Entry {self.undone[number]} has undone it."
        later = {n for key in self.of(number) for n in self.touched[key] if n > number}
        if not later - self.settled:
            return ""
        last = self.entries[max(later - self.settled)]
        rests = f"Entry {last.number} of {said(last.at.date())} changed the same since:"
        if (of_others or last.actor == by.ref) and last.action in self.actions:
            return f"{rests} undo that first."
        return f"{rests} record what is right instead."

    def stood(self, model: type[Fact], key: Key, number: int) -> Timeline:
        """What was said just after the entry of that number."""
        spells = [
            spell
            for spell, opened, closed in self.rows[model, key]
            if opened <= number and (closed is None or closed > number)
        ]
        return Timeline(sorted(spells, key=lambda s: (s.start is not None, s.start or s.end)))


def outside(life: Timeline, spell: Spell) -> bool:
    """Whether the spell has a day that is none of the life."""
    left = Timeline([spell])
    for alive in life:
        left = left.clear(alive.start, alive.end)
    return len(left) > 0
