"""What the register says now of where practices belong, in a word a spell."""

from __future__ import annotations

from typing import Any

from consortia.models import LeftOut, Membership
from practices.models import Practice
from registry.invariants import findings
from registry.models.fact import Lower, Upper


def belongs(practice: Practice) -> list[tuple[str, ...]]:
    """(consortium, first day, first day out, status, reason, proof) by spell; "" for no end."""
    return _spells(Membership, practice, "consortium__ref", ("status", "reason", "proof"))


def left_out(practice: Practice) -> list[tuple[str, ...]]:
    return _spells(LeftOut, practice, "reason", ("said_by",))


def _spells(model: Any, practice: Practice, first: str, more: tuple[str, ...]) -> list[tuple[str, ...]]:
    rows = model.objects.current().filter(practice=practice)
    rows = rows.annotate(_f=Lower("effective"), _t=Upper("effective")).order_by("_f")
    return [
        (row[0], str(row[1] or ""), str(row[2] or ""), *row[3:]) for row in rows.values_list(first, "_f", "_t", *more)
    ]


def broken() -> list[str]:
    """The rules of the register that do not hold."""
    return [f.rule.name for f in findings() if f.rows]
