"""References are minted under the journal's lock, one after the other, and never reused (domain.md rule 1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models.functions import Length

from consortia.models import Consortium, ConsortiumParticulars
from registry.journal import Writer
from registry.models import Identity


def next_ref(identity: type[Identity], prefix: str) -> str:
    """The reference after the highest ever given. Call it inside an open journal entry: its lock keeps two apart."""
    return next_refs(identity, prefix, 1)[0]


def next_refs(identity: type[Identity], prefix: str, count: int) -> list[str]:
    """The next references in order: GC0001, GC0002 ... GC9999, GC10000."""
    natural = identity.NATURAL
    highest = identity._default_manager.order_by(Length(natural).desc(), f"-{natural}").first()
    last = int(str(highest).removeprefix(prefix)) if highest else 0
    return [f"{prefix}{number:04d}" for number in range(last + 1, last + count + 1)]


def mint_consortium(entry: Writer, *, name: str, form: str, start: date) -> Consortium:
    """A new consortium under the next reference, with this name and form from `start` on."""
    return mint_consortia(entry, [(name, form)], start=start)[0]


def mint_consortia(entry: Writer, particulars: Sequence[tuple[str, str]], *, start: date) -> list[Consortium]:
    """New consortia of these (name, form), references in their order."""
    refs = next_refs(Consortium, "GC", len(particulars))
    minted = Consortium.objects.bulk_create([Consortium(ref=ref) for ref in refs])
    entry.new(ConsortiumParticulars, [(c.pk,) for c in minted])
    for consortium, (name, form) in zip(minted, particulars, strict=True):
        entry.set(ConsortiumParticulars, (consortium.pk,), start, None, (name, form))
    return minted
