"""Taking back a change of a cluster by a compensating one, while nothing builds on it (features B9)."""

from __future__ import annotations

from registry import journal
from registry.actions.checks import require_reason
from registry.errors import wrong_state
from registry.models import Entry, EntryKind, User
from registry.undoing import take_back
from transitions.models import ClusterParticulars, ClusterPlace
from transitions.permissions import require_everywhere

UNDONE = ("set_cluster", "place_in_cluster", "leave_cluster", "end_cluster")
"""The actions whose entries are taken back."""
UNDO = "undo_cluster"


def undo_cluster(*, by: User, entry: Entry, why: str) -> Entry:
    """What stood before the entry stands again. Raises Refused: 403; 409 where it is no change of a cluster, was undone,
    or something builds on it: who was placed since in a cluster that would not be there; 422 without a reason."""
    require_everywhere(by)
    if entry.action not in UNDONE:
        raise wrong_state(f"Entry {entry.number} is no change of a cluster that somebody recorded here.")
    source = {"undoes": entry.number}
    with journal.entry(by=by, action=UNDO, kind=EntryKind.VOID, reason=require_reason(why), source=source) as writer:
        settled = _settled()
        if entry.number in settled:
            raise wrong_state(f"Entry {entry.number} was undone already.")
        touched = take_back(writer, entry, settled=settled)
        for key in touched.get(ClusterParticulars, ()):
            life = writer.timeline(ClusterParticulars, key)
            for place in ClusterPlace.objects.current().filter(cluster=key[0], opened_by__gt=entry.number):
                if life.at(place.effective.lower) is None:
                    raise wrong_state(
                        f"Entry {entry.number} cannot be undone: entry {place.opened_by_id} has placed {place.body} in "
                        "it since. Undo that first."
                    )
    assert writer.entry is not None
    return writer.entry


def _settled() -> set[int]:
    """Entries that were taken back, and those that did so: together they changed nothing."""
    undoing = Entry.objects.filter(action=UNDO).values_list("number", "source__undoes")
    return {number for pair in undoing for number in pair}


def changes_of(cluster: object) -> list[Entry]:
    """The entries that told of the cluster or of who is in it, the newest first."""
    numbers: set[int] = set()
    for model in (ClusterParticulars, ClusterPlace):
        for pair in model.objects.filter(cluster=cluster).values_list("opened_by_id", "closed_by_id"):
            numbers |= {number for number in pair if number}
    return list(Entry.objects.filter(number__in=numbers).order_by("-number"))
