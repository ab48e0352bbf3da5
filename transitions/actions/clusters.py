"""Clusters: trusts, or authorities, under one management. The statutory bodies stay (domain.md rule 17)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from consortia.actions.mint import next_ref
from practices.models import PCT_KINDS, BodyKind, BodyParticulars, ParentBody
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.errors import Refused, stale, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from registry.timeline import first_day_out
from transitions.models import Cluster, ClusterKind, ClusterParticulars, ClusterPlace
from transitions.permissions import require_everywhere

LENGTHS = {"name": 200, "source": 500}
MADE_OF = {ClusterKind.PCT: PCT_KINDS, ClusterKind.SHA: (BodyKind.SHA,)}
"""The kinds of body that a cluster of each kind is made of."""


def set_cluster(
    *,
    by: User,
    on: date,
    name: str,
    source: str,
    kind: str = ClusterKind.PCT,
    cluster: Cluster | None = None,
    why: str = "",
    correction: bool = False,
    seen: int | None = None,
) -> Cluster:
    """The cluster bears this name from `on`; without `cluster` it is a new one of that kind, which stays.

    `seen`: `newest_cluster_entry` when the form was drawn. Raises Refused: 403; 409 where the register says so already,
    or there is nothing to correct; 412 where it has changed since; 422.
    """
    require_everywhere(by)
    require_day(on)
    told = _told(name=name, source=source)
    if kind not in ClusterKind.values:
        raise Refused("bad_kind", f"“{kind[:10]}” is no kind of cluster: pct or sha.", field="kind")
    reason = require_reason(why) if cluster is not None else why.strip() or f"{told['name']} becomes a cluster"
    entry_kind = EntryKind.CORRECTION if correction else kind_on(on)
    with journal.entry(by=by, action="set_cluster", kind=entry_kind, reason=reason) as entry:
        if cluster is None:
            return minted(entry, told["name"], kind, told["source"], on)
        _require_seen(cluster, seen)
        life = entry.timeline(ClusterParticulars, (cluster.pk,))
        stands = next((spell for spell in life if spell.contains(on)), None)
        if stands is None:
            raise wrong_state(f"{cluster.ref} does not exist on {said(on)}. Check the day.")
        if stands.values[1] != kind:
            raise Refused("bad_kind", f"{cluster.ref} is one of another kind, which stays.", field="kind")
        values = (told["name"], kind, told["source"])
        if stands.values == values:
            raise Refused("no_change", "The register says just that already.", status=409)
        start = stands.start if correction else on
        entry.set(ClusterParticulars, (cluster.pk,), start, stands.end, values)
    return cluster


def place_in_cluster(
    *,
    by: User,
    cluster: Cluster,
    on: date,
    why: str,
    body: ParentBody | None = None,
    bodies: Sequence[ParentBody] = (),
    correction: bool = False,
    seen: int | None = None,
) -> Entry | None:
    """The body, or each of these `bodies`, is in this cluster from `on`, whatever it was in before, until the next that
    is told of it; all in one entry, or none.

    `correction`: what was told of the body on that day was wrong for all of its days. Raises Refused: 403; 409 where
    it is there already, or there is nothing to correct; 412; 422 for nobody, a body of another kind, or outside
    either's life.
    """
    require_everywhere(by)
    require_day(on)
    placed = dict.fromkeys([*bodies, *([body] if body is not None else [])])
    if not placed:
        raise Refused("nobody", "Give the code of each trust or authority.", field="bodies")
    entry_kind = EntryKind.CORRECTION if correction else kind_on(on)
    with journal.entry(by=by, action="place_in_cluster", kind=entry_kind, reason=require_reason(why)) as entry:
        _require_seen(cluster, seen)
        for one in placed:
            _place(entry, one, cluster, on, correction)
    return entry.entry


def _place(entry: Writer, body: ParentBody, cluster: Cluster, on: date, correction: bool) -> None:
    _fits(entry, body, cluster, on)
    line = entry.timeline(ClusterPlace, (body.pk,))
    stands = next((spell for spell in line if spell.contains(on)), None)
    if stands is None and correction:
        raise wrong_state(f"{body.code} is in no cluster on {said(on)}, so there is nothing to correct.")
    if stands is not None and stands.values == (cluster.pk,):
        raise Refused("no_change", f"{body.code} is in {cluster.ref} on {said(on)} already.", status=409)
    start = stands.start if stands is not None and correction else on
    end = stands.end if stands is not None else line.next_start(on)
    entry.set(ClusterPlace, (body.pk,), start, end, (cluster.pk,))


def leave_cluster(
    *,
    by: User,
    body: ParentBody,
    last_day: date,
    why: str,
    cluster: Cluster | None = None,
    seen: int | None = None,
) -> Entry | None:
    """The body is in no cluster after `last_day` (inclusive). `cluster`: the one that it is meant to be in then, which
    `seen` is of. Raises Refused: 403; 409 where it is in none, or another, then; 412; 422."""
    require_everywhere(by)
    out = first_day_out(require_day(last_day, "last_day"))
    assert out is not None
    with journal.entry(by=by, action="leave_cluster", kind=kind_on(out), reason=require_reason(why)) as entry:
        if cluster is not None:
            _require_seen(cluster, seen)
        line = entry.timeline(ClusterPlace, (body.pk,))
        stands = next((spell for spell in line if spell.contains(last_day)), None)
        if stands is None:
            raise wrong_state(f"{body.code} is in no cluster on {said(last_day)}.")
        if cluster is not None and stands.values != (cluster.pk,):
            raise wrong_state(f"{body.code} is not in {cluster.ref} on {said(last_day)}. Check the day.")
        if stands.end == out:
            raise Refused("no_change", f"{said(last_day)} is its last day there already.", status=409)
        entry.clear(ClusterPlace, (body.pk,), out, stands.end)
    return entry.entry


def end_cluster(*, by: User, cluster: Cluster, last_day: date, why: str, seen: int | None = None) -> Entry | None:
    """The cluster is no more after `last_day` (inclusive), and whoever is in it then is in none. Raises Refused: 403;
    409 where it is not there on that day, or ends then already; 412; 422."""
    require_everywhere(by)
    out = first_day_out(require_day(last_day, "last_day"))
    assert out is not None
    with journal.entry(by=by, action="end_cluster", kind=kind_on(out), reason=require_reason(why)) as entry:
        _require_seen(cluster, seen)
        life = entry.timeline(ClusterParticulars, (cluster.pk,))
        if life.at(last_day) is None:
            raise wrong_state(f"{cluster.ref} is not there on {said(last_day)}, so that cannot be its last day.")
        if life.spells[-1].end == out:
            raise Refused("no_change", f"{said(last_day)} is its last day already.", status=409)
        entry.cap(ClusterParticulars, (cluster.pk,), out)
    return entry.entry


def newest_cluster_entry(cluster: Cluster) -> int:
    """The newest entry that told of the cluster or of who is in it: what a form carries as `seen`."""
    told: Any = (ClusterParticulars.objects.filter(cluster=cluster), ClusterPlace.objects.filter(cluster=cluster))
    pairs = [pair for facts in told for pair in facts.values_list("opened_by_id", "closed_by_id")]
    return max((number for pair in pairs for number in pair if number), default=0)


def _require_seen(cluster: Cluster, seen: int | None) -> None:
    if seen is not None and newest_cluster_entry(cluster) > seen:
        raise stale(f"{cluster.ref} was changed since you opened the form. Look at what is saved now, and save again.")


def minted(entry: Writer, name: str, kind: str, source: str, on: date) -> Cluster:
    """A new cluster, within an open entry."""
    cluster = Cluster.objects.create(ref=next_ref(Cluster, "CL"))
    entry.new(ClusterParticulars, [(cluster.pk,)])
    entry.set(ClusterParticulars, (cluster.pk,), on, None, (name, kind, source))
    return cluster


def _fits(entry: Writer, body: ParentBody, cluster: Cluster, on: date) -> None:
    own = entry.timeline(ClusterParticulars, (cluster.pk,)).at(on)
    if own is None:
        raise Refused("outside_life", f"{cluster.ref} does not exist on {said(on)}. Check the day.", field="on")
    name, kind, _ = own
    told = entry.timeline(BodyParticulars, (body.pk,)).at(on)
    if told is None:
        raise Refused("outside_life", f"{body.code} does not exist on {said(on)}. Check the day.", field="on")
    if told[0] not in MADE_OF[ClusterKind(kind)]:
        what = ClusterKind(kind).label[:1].lower() + ClusterKind(kind).label[1:]
        raise Refused("wrong_kind", f"{name} is a {what}; {body.code} is none. Check the code.", field="body")


def _told(**words: str) -> dict[str, str]:
    told = {field: text.strip() for field, text in words.items()}
    for field, text in told.items():
        if len(text) > LENGTHS[field]:
            raise Refused("too_long", f"Give at most {LENGTHS[field]} characters.", field=field)
    if not told["name"]:
        raise Refused("no_name", "Say what the cluster is called.", field="name")
    require_reason(told["source"], "source")
    return told
