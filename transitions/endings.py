"""Places in clusters and local bodies end with what they are of or under; what is delegated to a holder, with it.

Each function takes an open entry and is called by `consequences.settle` (domain.md rules 4 and 17).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q

from consortia.models import Consortium, ConsortiumParticulars
from practices.models import BodyParticulars
from registry.journal import Key, Writer
from registry.models import Fact
from registry.timeline import Spell, Timeline
from transitions.models import ClusterParticulars, ClusterPlace, Delegation, LocalBody, LocalBodyParticulars

PCT, CONSORTIUM = 2, 3
"""Where in a spell's values they stand (`LocalBodyParticulars.value_fields`)."""


def places_end(entry: Writer) -> None:
    """A body is in a cluster only on days on which both are there."""
    bodies = {(pk,) for pk in _shortened(entry, BodyParticulars)}
    clusters = {(pk,) for pk in _shortened(entry, ClusterParticulars)}
    if not (bodies or clusters or entry.changed(ClusterPlace)):
        return
    entry.load(ClusterPlace)  # at most one a trust or authority
    lines = {key: entry.timeline(ClusterPlace, key) for key in _all(entry, ClusterPlace)}
    touched = bodies | entry.changed(ClusterPlace)
    lines = {key: line for key, line in lines.items() if key in touched or any(s.values in clusters for s in line)}
    entry.load(BodyParticulars, lines)
    entry.load(ClusterParticulars, [spell.values for line in lines.values() for spell in line])
    for key, line in lines.items():
        kept = _during(line, entry.timeline(BodyParticulars, key))
        kept = _joined(
            part for spell in kept for part in _during([spell], entry.timeline(ClusterParticulars, spell.values))
        )
        if kept != line:
            entry.put(ClusterPlace, key, kept)


def local_bodies_end(entry: Writer) -> None:
    """A local body is under its trust, and its consortium, while each is there; under none of them it is no more."""
    trusts, consortia = _shortened(entry, BodyParticulars), _shortened(entry, ConsortiumParticulars)
    if not (trusts or consortia or entry.changed(LocalBodyParticulars)):
        return
    entry.load(LocalBodyParticulars)  # a few hundred in all
    for key in _all(entry, LocalBodyParticulars):
        line = entry.timeline(LocalBodyParticulars, key)
        told = key in entry.changed(LocalBodyParticulars)
        if told or any(s.values[PCT] in trusts or s.values[CONSORTIUM] in consortia for s in line):
            kept = _joined(part for spell in line for part in _under_the_living(entry, spell))
            if kept != line:
                entry.put(LocalBodyParticulars, key, kept)


def delegations_end(entry: Writer) -> None:
    """Nothing is delegated to a local body or a consortium on days on which it is not there, whichever of the two was
    recorded first. After `local_bodies_end`."""
    told = set(entry.changed(Delegation))
    bodies, groups = _shortened(entry, LocalBodyParticulars), _shortened(entry, ConsortiumParticulars)
    if not (told or bodies or groups):
        return
    if bodies or groups:
        of_bodies = Q(holder__in=LocalBody.objects.filter(pk__in=bodies).values("ref"))
        of_groups = Q(holder__in=Consortium.objects.filter(pk__in=groups).values("ref"))
        stand = Delegation.objects.current().filter(of_bodies | of_groups)
        told |= set(stand.order_by().values_list(*[f.attname for f in Delegation.key_fields()]))
        entry.load(Delegation, told)
    for key, life in _lives_of_holders(entry, told):
        line = entry.timeline(Delegation, key)
        kept = _during(line, life)
        if kept != line:
            entry.put(Delegation, key, kept)


def _shortened(entry: Writer, model: type[Fact]) -> set[int]:
    """Those whose life the entry takes days from. Who is new, or is renamed, ends nothing, and nothing is asked of it."""
    found = set()
    for key in entry.changed(model):
        lost = entry.before(model, key)
        for spell in entry.timeline(model, key):
            lost = lost.clear(spell.start, spell.end)
        if lost.spells:
            found.add(key[0])
    return found


def _lives_of_holders(entry: Writer, keys: Iterable[Key]) -> Iterator[tuple[Key, Timeline]]:
    """Each delegation with the life of its holder; without those to a reference that the register does not know."""
    holders = {key[-1] for key in keys}
    found: dict[str, tuple[type[Fact], Key]] = {}
    for model, of in ((LocalBodyParticulars, LocalBody), (ConsortiumParticulars, Consortium)):
        refs = of.objects.filter(ref__in=holders).values_list("ref", "pk")
        found |= {ref: (model, (pk,)) for ref, pk in refs}
        entry.load(model, [key for of_model, key in found.values() if of_model is model])
    for key in sorted(keys):
        if key[-1] in found:
            yield key, entry.timeline(*found[key[-1]])


def _under_the_living(entry: Writer, spell: Spell) -> Timeline:
    """The days of the spell on which its trust or its consortium is there, each without the one that is not."""
    pct, consortium = spell.values[PCT], spell.values[CONSORTIUM]
    of_pct = _during([spell], entry.timeline(BodyParticulars, (pct,))) if pct else Timeline()
    of_both = of_consortium = Timeline()
    if consortium:
        of_consortium = _during([spell], entry.timeline(ConsortiumParticulars, (consortium,)))
        of_both = _during(of_pct, of_consortium)
    told = Timeline()
    for part in of_consortium:
        told = told.set(part.start, part.end, (*spell.values[:PCT], None, *spell.values[CONSORTIUM:]))
    for part in of_pct:
        told = told.set(part.start, part.end, (*spell.values[:CONSORTIUM], None, *spell.values[CONSORTIUM + 1 :]))
    for part in of_both:
        told = told.set(part.start, part.end, spell.values)
    return told


def _all(entry: Writer, model: type[Fact]) -> set[Key]:
    return {*entry.keys(model), *entry.changed(model)}


def _during(line: Iterable[Spell], life: Timeline) -> Timeline:
    """What of the line lies on days of the life."""
    whole = Timeline(line)
    return _joined(part for alive in life for part in whole.within(alive.start, alive.end))


def _joined(spells: Iterable[Spell]) -> Timeline:
    joined = Timeline()
    for spell in spells:
        joined = joined.set(*spell)
    return joined
