"""New consortia: identity and particulars, inside an open journal entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr

from consortia.models import Consortium, ConsortiumParticulars
from registry.journal import Writer


def mint_consortium(entry: Writer, *, name: str, form: str, start: date) -> Consortium:
    """A new consortium under the next reference, with this name and form from `start` on."""
    return mint_consortia(entry, [(name, form)], start=start)[0]


def mint_consortia(entry: Writer, particulars: Sequence[tuple[str, str]], *, start: date) -> list[Consortium]:
    """New consortia of these (name, form), references in their order. The journal's lock keeps them apart."""
    last = Consortium.objects.aggregate(n=Max(Cast(Substr("ref", 3), IntegerField())))["n"] or 0
    refs = [f"GC{last + n:04}" for n in range(1, len(particulars) + 1)]
    minted = Consortium.objects.bulk_create([Consortium(ref=ref) for ref in refs])
    entry.load(ConsortiumParticulars, [(c.pk,) for c in minted])
    for consortium, (name, form) in zip(minted, particulars, strict=True):
        entry.set(ConsortiumParticulars, (consortium.pk,), start, None, (name, form))
    return minted
