"""The evidence that the close itself is: of the stage "closed" of every trust."""

from __future__ import annotations

from datetime import date
from typing import Any

from registry.actions.checks import said
from transitions.models import EvidenceKind, EvidenceParticulars


def of_close(on: date) -> tuple[Any, ...]:
    """As its particulars hold it: kind, title, publisher, day on which it said so, words, address."""
    return EvidenceKind.DOCUMENT.value, f"The national close of {said(on)}", "This register", None, said(on), ""


def standing(told: tuple[Any, ...]) -> int | None:
    """The evidence that stands word for word."""
    fields = dict(zip([f.name for f in EvidenceParticulars.value_fields()], told, strict=True))
    rows = EvidenceParticulars.objects.current().filter(**fields).order_by("pk")
    return rows.values_list("evidence", flat=True).first()
