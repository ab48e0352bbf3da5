"""What an open or sketched entry would do, fact by fact and by public names: for a preview (architecture.md 2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models.fields.related import ForeignKey

from registry.canonical import canonical
from registry.journal import Writer


@dataclass(frozen=True)
class Change:
    """One fact that ends or is replaced (`begins` False), or that begins. `after` is half-open, None: no end."""

    kind: str
    about: str
    values: tuple[tuple[str, str], ...]
    start: date | None
    after: date | None
    begins: bool

    @property
    def token(self) -> str:
        told = [self.kind, self.about, *self.values, str(self.start), str(self.after), self.begins]
        return f"{self.about}:{hashlib.sha256(canonical(told)).hexdigest()[:8]}"


def changes_of(entry: Writer, labels: Mapping[tuple[Any, int], str]) -> list[Change]:
    """Each fact that ends or begins, references by their codes, in a steady order.

    `labels`: what (identity, key) is called in place of its code; of one that a sketch made, whose key is below nought.
    """
    raw = list(entry.changes())
    wanted: dict[Any, set[int]] = {}
    for model, key, spell, _ in raw:
        for field, value in zip([*model.key_fields(), *model.value_fields()], (*key, *spell.values), strict=True):
            if isinstance(field, ForeignKey) and value is not None and value > 0:
                wanted.setdefault(field.related_model, set()).add(value)
    codes: dict[tuple[Any, int], str] = {}
    for target, pks in wanted.items():
        found = target._default_manager.filter(pk__in=pks).values_list("pk", target.NATURAL)
        codes |= {(target, pk): code for pk, code in found}
    codes |= labels

    def said_of(field: Any, value: Any) -> str:
        if isinstance(field, ForeignKey) and value is not None:
            return codes[field.related_model, value]
        return "" if value is None else str(value)

    changes = []
    for model, key, spell, begins in raw:
        keyed = [(f.name, said_of(f, v)) for f, v in zip(model.key_fields(), key, strict=True)]
        valued = [(f.name, said_of(f, v)) for f, v in zip(model.value_fields(), spell.values, strict=True)]
        about = " ".join(value for _, value in keyed)
        changes.append(Change(model.NAME, about, (*keyed, *valued), spell.start, spell.end, begins))
    return sorted(changes, key=lambda c: (c.kind, c.about, c.begins, c.start or date.min))
