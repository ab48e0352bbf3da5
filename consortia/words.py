"""The words of reasons, beside the facts that hold their keys."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery

from consortia.models.word import MembershipWord


def label_of(outer: str = "reason") -> Any:
    """The words of the reason whose key the outer row holds."""
    return Subquery(MembershipWord.objects.filter(key=OuterRef(outer)).values("label")[:1])


def choices(kind: str) -> list[tuple[str, str]]:
    """What a form offers: the reasons of a kind that may still be given."""
    return list(MembershipWord.objects.offered(kind).values_list("key", "label"))
