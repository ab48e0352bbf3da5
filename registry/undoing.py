"""Taking back a whole entry by a compensating one (features B9), while nothing builds on it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from registry.errors import wrong_state
from registry.journal import Key, Writer
from registry.models import Entry
from registry.models.fact import Fact, Lower, Upper, fact_kinds
from registry.timeline import Spell, Timeline


def take_back(
    writer: Writer, undone: Entry, *, leaving: Collection[type[Fact]] = (), settled: Collection[int] = ()
) -> dict[type[Fact], set[Key]]:
    """In the open entry: every key that `undone` touched says again, on each day, what it said just before.

    `leaving`: kinds that stay as they are. `settled`: later entries that were taken back whole, and those that did so,
    on which nothing rests. Returns the keys by kind. Raises Refused (409) where another later entry has touched one of
    them: something builds on it. That what is restored may still stand (lives, for one) is the calling action's business.
    """
    kinds = (model for model in fact_kinds().values() if model not in leaving)
    touched = {model: keys for model in kinds if (keys := _touched(model, undone))}
    if not touched:
        raise wrong_state(f"Entry {undone.number} changed no fact, so there is nothing to undo.")
    for model, keys in touched.items():
        if later := _built_on(model, keys, undone, settled):
            raise wrong_state(
                f"Entry {undone.number} cannot be undone: entry {later} has changed the same since. "
                "Undo that first, or correct what is wrong."
            )
    for model, keys in touched.items():
        before = _before(model, keys, undone)
        writer.load(model, keys)
        for key in keys:
            writer.put(model, key, before.get(key, Timeline()))
    return touched


def _names(model: type[Fact]) -> list[str]:
    return [f.attname for f in model.key_fields()]


def _touched(model: type[Fact], entry: Entry) -> set[Key]:
    return set(model._default_manager.filter(Q(opened_by=entry) | Q(closed_by=entry)).values_list(*_names(model)))


def _of(model: type[Fact], keys: set[Key]) -> Q:
    first = _names(model)[0]
    return Q(**{f"{first}__in": {key[0] for key in keys}})


def _built_on(model: type[Fact], keys: set[Key], entry: Entry, settled: Collection[int]) -> int | None:
    """The first later entry that changed any of the keys."""
    later = model._default_manager.filter(_of(model, keys)).filter(
        Q(opened_by__gt=entry.number) | Q(closed_by__gt=entry.number)
    )
    found = [
        number
        for *key, opened, closed in later.values_list(*_names(model), "opened_by_id", "closed_by_id")
        if tuple(key) in keys
        for number in (opened, closed)
        if number is not None and number > entry.number and number not in settled
    ]
    return min(found, default=None)


def _before(model: type[Fact], keys: set[Key], entry: Entry) -> dict[Key, Timeline]:
    """What stood under each key just before the entry."""
    stood = model._default_manager.filter(_of(model, keys), opened_by__lt=entry.number).filter(
        Q(closed_by=None) | Q(closed_by__gte=entry.number)
    )
    values = [f.attname for f in model.value_fields()]
    names = _names(model)
    spells: dict[Key, list[Spell]] = {}
    rows = stood.annotate(_from=Lower("effective"), _to=Upper("effective")).order_by("_from")
    for row in rows.values_list(*names, *values, "_from", "_to"):
        key = row[: len(names)]
        if key in keys:
            spells.setdefault(key, []).append(Spell(row[-2], row[-1], row[len(names) : -2]))
    return {
        key: Timeline(sorted(found, key=lambda s: (s.start is not None, s.start or s.end)))
        for key, found in spells.items()
    }
