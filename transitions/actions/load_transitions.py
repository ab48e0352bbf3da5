"""Loads the project's own facts of the transition. What a person has told of the same stands; twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from practices.models import BodyParticulars, ParentBody
from registry import clock, journal
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from registry.models.fact import Lower
from transitions import reference
from transitions.actions.clusters import minted
from transitions.actions.milestones import set_milestone
from transitions.models import ClusterParticulars, ClusterPlace, Milestone
from transitions.permissions import require_everywhere
from transitions.reference import Placed, Version


@dataclass(frozen=True)
class Loaded:
    """How many were recorded: clusters, places in them, versions of milestones; codes that the register lacks."""

    clusters: int
    places: int
    milestones: int
    unknown: list[str]


def load_transitions(*, by: User, upto: date | None = None) -> Loaded:
    """Clusters, and milestones with their versions, known by `upto` (today, where not said). Raises Refused (403)."""
    upto = upto or clock.today()
    clusters, places, unknown = load_clusters(by=by, upto=upto)
    return Loaded(clusters, places, load_milestones(by=by, upto=upto), unknown)


def load_clusters(*, by: User, upto: date | None = None) -> tuple[int, int, list[str]]:
    """The clusters begun by `upto` (today), with the bodies of each, in one entry: how many clusters and places were
    recorded, and the codes that the register does not have. A body that has a place keeps it."""
    require_everywhere(by)
    begun = [p for p in reference.places() if p.start <= (upto or clock.today())]
    bodies = {b.code: b.pk for b in ParentBody.objects.filter(code__in=[p.body for p in begun])}
    reason = "Clusters of trusts and of authorities, as the project ships them"
    with journal.entry(by=by, action="load_transitions", kind=EntryKind.IMPORT, reason=reason) as entry:
        entry.load(BodyParticulars, [(pk,) for pk in bodies.values()])
        entry.load(ClusterPlace)
        known = _known()
        before, placed = len(known), 0
        for (name, kind, start), group in groupby(begun, key=lambda p: (p.cluster, p.kind, p.start)):
            wanted = [bodies[p.body] for p in group if p.body in bodies and _free(entry, bodies[p.body], p)]
            if not wanted:
                continue
            if (name, kind) not in known:
                known[name, kind] = minted(entry, name, kind, reference.SOURCES[kind], start).pk
            for pk in wanted:
                entry.set(ClusterPlace, (pk,), start, None, (known[name, kind],))
            placed += len(wanted)
    return len(known) - before, placed, [p.body for p in begun if p.body not in bodies]


def tellings(upto: date | None = None) -> Iterator[tuple[date, Callable[[User], Entry | None]]]:
    """The versions of the milestones known by `upto` (None: all), each with the day on which it was made known and what
    records it, in that order: a story tells each on its day. One of which the register knows is not told again."""
    for version in reference.versions():
        if upto is None or version.known_from <= upto:
            yield version.known_from, lambda by, told=version: _tell(by, told)  # type: ignore[misc]


def load_milestones(*, by: User, upto: date | None = None) -> int:
    """Record the versions known by `upto` (today), each as made known on its day: how many were new. Raises Refused."""
    return sum(tell(by) is not None for _, tell in tellings(upto or clock.today()))


def _tell(by: User, version: Version) -> Entry | None:
    """Record a version; nothing where one was told of that very day already, or what stands says just that."""
    told = Milestone.objects.current().filter(key=version.key)
    if told.annotate(first=Lower("effective")).filter(first=version.known_from).exists():
        return None
    return set_milestone(by=by, **version._asdict())


def _known() -> dict[tuple[str, str], int]:
    """The clusters that there are, by every name and kind that they bear or bore."""
    rows = ClusterParticulars.objects.current().values_list("name", "kind", "cluster_id")
    return {(name, kind): cluster for name, kind, cluster in rows}


def _free(entry: Writer, body: int, place: Placed) -> bool:
    """Whether the body lives on the day and nothing was told yet of its place."""
    lives = entry.timeline(BodyParticulars, (body,)).at(place.start) is not None
    return lives and not len(entry.timeline(ClusterPlace, (body,)))


__all__ = ["Loaded", "load_clusters", "load_milestones", "load_transitions", "tellings"]
