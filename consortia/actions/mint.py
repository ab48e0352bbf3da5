"""References are minted under the journal's lock, one after the other, and never reused (domain.md rule 1)."""

from __future__ import annotations

from datetime import date

from django.db.models.functions import Length

from consortia.models import Consortium, ConsortiumParticulars
from registry.journal import Writer
from registry.models import Identity


def next_ref(identity: type[Identity], prefix: str) -> str:
    """The reference after the highest given: GC0001, GC0002 ... GC9999, GC10000.

    Call it inside an open journal entry only: the entry's lock is what keeps two writers from the same number.
    """
    natural = identity.NATURAL
    last = identity.objects.order_by(Length(natural).desc(), f"-{natural}").values_list(natural, flat=True).first()
    number = int(last.removeprefix(prefix)) + 1 if last else 1
    return f"{prefix}{number:04d}"


def mint_consortium(entry: Writer, *, name: str, form: str, start: date) -> Consortium:
    """A new consortium, with its name and form from `start` on, in the entry that is open."""
    consortium = Consortium.objects.create(ref=next_ref(Consortium, "GC"))
    entry.set(ConsortiumParticulars, (consortium.pk,), start, None, (name, form))
    return consortium
