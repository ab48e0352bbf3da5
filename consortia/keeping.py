"""Which bytes that people sent stay for memberships (registry.files.keeping): scans of signed paper, lists."""

from __future__ import annotations

from consortia.models import MembershipAnswer, MembershipUpload


def holds(sha256: str) -> bool:
    """For ever: an answer on paper and a list that was written are never removed."""
    return (
        MembershipAnswer.objects.filter(document=sha256).exists()
        or MembershipUpload.objects.filter(sha256=sha256).exists()
    )
