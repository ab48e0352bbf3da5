"""The way back from one's own newest change of a local body, while nothing later rests on it (rule 1)."""

from __future__ import annotations

from collections.abc import Iterable

from consortia.models import Consortium
from consortia.permissions import keeps
from practices.models import ParentBody
from registry import journal
from registry.errors import Refused, not_allowed, wrong_state
from registry.journal import Writer
from registry.ledger import Ledger, outside
from registry.models import Entry, EntryKind, User
from registry.timeline import differing
from registry.undoing import take_back
from transitions.actions.local_bodies import CONSORTIUM, PCT
from transitions.models import Delegation, EvidenceDocument, EvidenceParticulars, LocalBody, LocalBodyParticulars
from transitions.permissions import keeps_transition

UNDONE = ("set_local_body", "end_local_body")
"""The actions whose entries `undo_local_body` takes back."""


def undo_local_body(*, by: User, entry: Entry, why: str = "") -> Entry:
    """Take back one's own change of a local body: what stood before stands again, and what was delegated to it. Its
    source stays, for by now others may rest on it.

    Raises Refused: 403 for somebody else's change, or a body that one does not keep; 409 where a later entry, itself
    not taken back, has changed the same or rests on it, or where it was undone.
    """
    body = LocalBody.objects.filter(particulars__opened_by=entry).first()
    body = body or LocalBody.objects.filter(particulars__closed_by=entry).first()
    if entry.action not in UNDONE or body is None:
        raise wrong_state(f"Entry {entry.number} is no change of a local body.")
    if entry.actor != by.ref:
        raise Refused("not_allowed", f"Entry {entry.number} is not yours: who recorded it undoes it.", status=403)
    reason = why.strip() or f"Entry {entry.number} is undone: {entry.reason}"
    source = {"undoes": entry.number}
    with journal.entry(
        by=by, action="undo_local_body", kind=EntryKind.VOID, reason=reason[:1_000], source=source
    ) as writer:
        ledger = _ledger([body])
        _require_kept(by, ledger, body, entry.number)
        if entry.number in ledger.settled:
            raise wrong_state(f"Entry {entry.number} was undone already.")
        take_back(writer, entry, leaving=(EvidenceParticulars, EvidenceDocument), settled=ledger.settled)
        _require_nothing_rests(writer, body, entry.number)
    assert writer.entry is not None
    return writer.entry


def undoable(*, by: User, bodies: Iterable[LocalBody]) -> dict[int, Entry]:
    """By local body, the newest change of it that still holds, where it is the person's own and has a way back. Three
    questions, however many."""
    bodies = list(bodies)
    ledger, found = _ledger(bodies), {}
    for body in bodies:
        numbers = ledger.touched.get((LocalBodyParticulars, (body.pk,)), set()) - ledger.settled
        newest = ledger.entries[max(numbers)] if numbers else None
        if newest and newest.actor == by.ref and newest.action in UNDONE and not ledger.why_not(newest.number, by):
            found[body.pk] = newest
    return found


def _ledger(bodies: list[LocalBody]) -> Ledger:
    """All that was ever recorded of them, and of what was delegated to them."""
    ledger = Ledger(UNDONE)
    ledger.add(LocalBodyParticulars.objects.filter(local_body__in=bodies))
    ledger.add(Delegation.objects.filter(holder__in=[body.ref for body in bodies]))
    return ledger


def _require_kept(by: User, ledger: Ledger, body: LocalBody, number: int) -> None:
    """Raise Refused (403) unless the person keeps what it is, and what it was, under: the trust that it left or came
    to, else either of the two."""
    key = (body.pk,)
    before, after = (ledger.stood(LocalBodyParticulars, key, n) for n in (number - 1, number))
    for days in differing(before, after):
        told = [values for values in (days.before, days.after) if values is not None]
        moved = len({values[PCT] for values in told}) > 1
        for values in told:
            pct, group = values[PCT], values[CONSORTIUM]
            own = pct is not None and keeps_transition(by, ParentBody.objects.get(pk=pct))
            if not own and not (moved and pct is not None):
                own = group is not None and keeps(by, Consortium.objects.get(pk=group))
            if not own:
                raise not_allowed(f"You do not keep what {body.ref} is, or was, under: ask who keeps that.")


def _require_nothing_rests(writer: Writer, body: LocalBody, number: int) -> None:
    """Raise Refused (409) where a later entry delegated something to it, or had another replace it, that could no
    longer be said."""
    life = writer.timeline(LocalBodyParticulars, (body.pk,))
    since = Delegation.objects.current().filter(holder=body.ref, opened_by__gt=number)
    names = [field.attname for field in Delegation.key_fields()]
    for opened, *key in since.values_list("opened_by_id", *names):
        line = writer.timeline(Delegation, tuple(key))
        if any(outside(life, spell) for spell in line):
            raise wrong_state(
                f"Entry {number} cannot be undone: entry {opened} has delegated a budget to {body.ref} since. "
                "End that first."
            )
    if len(life):
        return
    later = LocalBodyParticulars.objects.current().filter(replaces=body).select_related("local_body").first()
    if later is not None:
        raise wrong_state(
            f"Entry {number} cannot be undone: {later.local_body.ref} is said to replace {body.ref}. Change that first."
        )
