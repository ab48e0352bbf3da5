"""Pages by cursor: where the last page ended, signed, with both dates of the walk pinned in it.

A page is found by the key of the row before it (keyset), not by counting rows, so deep pages cost what the first
does; and because the dates are pinned, rows written meanwhile neither shift nor repeat a page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db.models import Expression, F, Q, QuerySet
from django.http import QueryDict

from registry.api.questions import bad

PAGING = ("cursor", "page_size", "as_of", "known_at")


def _signer() -> signing.Signer:
    """Without the time of day: the same page has the same bytes, as its ETag says."""
    return signing.Signer(salt="registry.api.cursor")


@dataclass(frozen=True)
class Ordering:
    """A list's order: an expression (or none), then the key that tells two rows apart; `-` reverses all of it."""

    name: str
    by: Expression | F | None
    key: tuple[str, ...]
    descending: bool = False

    def columns(self) -> tuple[str, ...]:
        return (("_order",) if self.by is not None else ()) + self.key

    def apply(self, rows: QuerySet, *, backwards: bool = False) -> QuerySet:
        if self.by is not None:
            rows = rows.annotate(_order=self.by)
        sign = "-" if self.descending != backwards else ""
        return rows.order_by(*[sign + c for c in self.columns()])

    def after(self, values: list[Any], *, backwards: bool = False) -> Q:
        """Rows that come after these values: (a, b) > (x, y), spelled out so that each column may use its index."""
        way = "lt" if self.descending != backwards else "gt"
        columns, after = self.columns(), Q()
        for i, column in enumerate(columns):
            same = dict(zip(columns[:i], values[:i], strict=True))
            after |= Q(**same, **{f"{column}__{way}": values[i]})
        return after & Q(**{f"{columns[0]}__{way}e": values[0]})


@dataclass(frozen=True)
class Cursor:
    """Where a page starts: after a row with these values, before which there are `position` rows with it (or, going
    backwards, before that row and `position` rows). `count` is the whole list's, counted once: the dates are pinned."""

    values: list[Any]
    backwards: bool
    count: int
    position: int
    question: str
    dates: dict[str, str]

    def text(self) -> str:
        values = [packed(v) for v in self.values]
        told = [values, self.backwards, self.count, self.position, self.question, self.dates]
        return _signer().sign_object(told, compress=True)

    @classmethod
    def read(cls, text: str, question: str) -> Cursor:
        """Raises Refused (400) for a cursor that is broken, or that belongs to another question."""
        try:
            values, backwards, count, position, asked, dates = _signer().unsign_object(text)
            values = [unpacked(v) for v in values]
        except (signing.BadSignature, ValueError, TypeError):
            raise bad(
                "cursor", "bad_cursor", "cursor is not one that this register gave; start again without it."
            ) from None
        if asked != question:
            raise bad("cursor", "other_question", "cursor belongs to other filters or another order; start again.")
        return cls(values, backwards, count, position, asked, dates)


def fingerprint(path: str, query: QueryDict) -> str:
    """What a cursor belongs to: the list, its filters and its order."""
    asked = sorted((k, v) for k in query for v in query.getlist(k) if k not in PAGING and v)
    return hashlib.sha256(repr((path, asked)).encode()).hexdigest()[:16]


def packed(value: Any) -> Any:
    """A value of a row as JSON has it, so that `unpacked` gives the same value again."""
    for kind, name in ((datetime, "t"), (date, "d")):
        if isinstance(value, kind):
            return {name: value.isoformat()}
    return {"n": str(value)} if isinstance(value, Decimal) else value


def unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    name, text = next(iter(value.items()))
    kinds: dict[str, Callable[[str], Any]] = {"t": datetime.fromisoformat, "d": date.fromisoformat, "n": Decimal}
    return kinds[name](text)
