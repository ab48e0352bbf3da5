"""Clusters: trusts, or authorities, under one management. The statutory bodies stay (domain.md rule 17)."""

from __future__ import annotations

from datetime import date

from consortia.actions.mint import next_ref
from practices.models import PCT_KINDS, BodyKind, BodyParticulars, ParentBody
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.errors import Refused, wrong_state
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
) -> Cluster:
    """The cluster bears this name from `on`; without `cluster` it is a new one of that kind, which stays.

    Raises Refused: 403; 409 where the register says so already, or there is nothing to correct; 422.
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
    *, by: User, body: ParentBody, cluster: Cluster, on: date, why: str, correction: bool = False
) -> Entry | None:
    """The body is in this cluster from `on`, whatever it was in before, until the next that is told of it.

    `correction`: what was told of the body on that day was wrong for all of its days. Raises Refused: 403; 409 where
    it is there already, or there is nothing to correct; 422 for a body of another kind, or outside either's life.
    """
    require_everywhere(by)
    require_day(on)
    entry_kind = EntryKind.CORRECTION if correction else kind_on(on)
    with journal.entry(by=by, action="place_in_cluster", kind=entry_kind, reason=require_reason(why)) as entry:
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
    return entry.entry


def leave_cluster(*, by: User, body: ParentBody, last_day: date, why: str) -> Entry | None:
    """The body is in no cluster after `last_day` (inclusive). Raises Refused: 403; 409 where it is in none then; 422."""
    require_everywhere(by)
    out = first_day_out(require_day(last_day, "last_day"))
    assert out is not None
    with journal.entry(by=by, action="leave_cluster", kind=kind_on(out), reason=require_reason(why)) as entry:
        line = entry.timeline(ClusterPlace, (body.pk,))
        stands = next((spell for spell in line if spell.contains(last_day)), None)
        if stands is None:
            raise wrong_state(f"{body.code} is in no cluster on {said(last_day)}.")
        if stands.end == out:
            raise Refused("no_change", f"{said(last_day)} is its last day there already.", status=409)
        entry.clear(ClusterPlace, (body.pk,), out, stands.end)
    return entry.entry


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
