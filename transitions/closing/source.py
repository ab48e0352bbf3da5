"""The evidence that the close itself is: of the stage "closed" of every trust."""

from __future__ import annotations

from datetime import date
from typing import Any

from registry.actions.checks import said
from transitions.actions.evidence import Source
from transitions.models import EvidenceKind, EvidenceParticulars


def of_close(on: date) -> Source:
    return Source(
        EvidenceKind.DOCUMENT.value, f"The national close of {said(on)}", "This register", None, said(on), ""
    )


def values(told: Source) -> tuple[Any, ...]:
    """As the fact holds them."""
    return tuple(getattr(told, f.name) for f in EvidenceParticulars.value_fields())


def standing(told: Source) -> int | None:
    """The evidence that stands word for word."""
    fields = dict(zip([f.name for f in EvidenceParticulars.value_fields()], values(told), strict=True))
    return (
        EvidenceParticulars.objects.current()
        .filter(**fields)
        .order_by("pk")
        .values_list("evidence", flat=True)
        .first()
    )
