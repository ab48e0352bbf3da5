"""Taking back a change of a cluster by a compensating one, while nothing builds on it (features B9)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from practices.models import ParentBody
from registry import journal
from registry.actions.checks import require_reason
from registry.errors import wrong_state
from registry.ledger import Ledger, outside
from registry.models import Entry, EntryKind, User
from registry.undoing import take_back
from transitions.models import ClusterParticulars, ClusterPlace
from transitions.permissions import require_everywhere

UNDONE = ("set_cluster", "place_in_cluster", "leave_cluster", "end_cluster")
"""The actions whose entries are taken back."""


def undo_cluster(*, by: User, entry: Entry, why: str) -> Entry:
    """What stood before the entry stands again. Raises Refused: 403; 409 where it is no change of a cluster, was undone,
    or something builds on it: who was placed since in a cluster that would not be there; 422 without a reason."""
    require_everywhere(by)
    if entry.action not in UNDONE:
        raise wrong_state(f"Entry {entry.number} is no change of a cluster that somebody recorded here.")
    source = {"undoes": entry.number}
    with journal.entry(
        by=by, action="undo_cluster", kind=EntryKind.VOID, reason=require_reason(why), source=source
    ) as writer:
        ledger = _ledger([entry])
        if entry.number in ledger.settled:
            raise wrong_state(f"Entry {entry.number} was undone already.")
        take_back(writer, entry, settled=ledger.settled)
        if words := _placed_since(ledger, entry.number):
            raise wrong_state(f"Entry {entry.number} cannot be undone: {words}")
    assert writer.entry is not None
    return writer.entry


def undoable(*, by: User, entries: Sequence[Entry]) -> dict[int, str]:
    """By number of each of these changes of clusters, why it cannot be undone; "" where it can. Those that have no way
    back are left out."""
    own = [entry for entry in entries if entry.action in UNDONE]
    ledger = _ledger(own)

    def why_not(number: int) -> str:
        words = ledger.why_not(number, by, of_others=True) or _placed_since(ledger, number)
        return words[:1].upper() + words[1:]

    return {entry.number: why_not(entry.number) for entry in own}


def _ledger(entries: Sequence[Entry]) -> Ledger:
    """All that was ever recorded of the clusters and bodies that these entries told of, and of who was in them."""
    told = Q(opened_by__in=entries) | Q(closed_by__in=entries)
    clusters = ClusterParticulars.objects.filter(told).values("cluster")
    ever = ClusterPlace.objects.filter(Q(cluster__in=clusters) | told).values("body")
    ledger = Ledger(UNDONE)
    ledger.add(ClusterParticulars.objects.filter(cluster__in=clusters))
    ledger.add(ClusterPlace.objects.filter(body__in=ever))
    return ledger


def _placed_since(ledger: Ledger, number: int) -> str:
    """Words on the last entry that placed a body on a day on which its cluster would not be there without that of
    `number`; "" where none did."""
    lives = {
        key: ledger.stood(model, key, number - 1) for model, key in ledger.of(number) if model is ClusterParticulars
    }
    found = [
        (opened, key[0])
        for (model, key), rows in ledger.rows.items()
        if model is ClusterPlace
        for spell, opened, closed in rows
        if closed is None and opened > number and spell.values in lives and outside(lives[spell.values], spell)
    ]
    if not found:
        return ""
    later, body = max(found)
    return f"entry {later} has placed {ParentBody.objects.get(pk=body).code} in it since. Undo that first."


def changes_of(cluster: object) -> list[Entry]:
    """The entries that told of the cluster or of who is in it, the newest first."""
    numbers: set[int] = set()
    for model in (ClusterParticulars, ClusterPlace):
        for pair in model.objects.filter(cluster=cluster).values_list("opened_by_id", "closed_by_id"):
            numbers |= {number for number in pair if number}
    return list(Entry.objects.filter(number__in=numbers).order_by("-number"))
