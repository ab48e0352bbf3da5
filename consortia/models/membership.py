from __future__ import annotations

from django.db import models
from django.db.models import Q

from consortia.models.consortium import Consortium
from practices.models import Practice
from registry.models.fact import Fact, fact_constraints, fact_indexes


class MembershipStatus(models.TextChoices):
    """How sure a membership is. All four count in coverage, `confirmed` apart (architecture.md section 7)."""

    CLAIMED = "claimed", "Claimed by the consortium"
    CONFIRMED = "confirmed", "Confirmed by the practice"
    DISPUTED = "disputed", "Disputed by the practice"
    ALLOCATED = "allocated", "Allocated"


class MembershipReason(models.TextChoices):
    """Why a membership began or changed (domain.md section 4)."""

    FOUNDING = "founding", "Founding member"
    JOINED = "joined", "Joined"
    TRANSFERRED = "transferred", "Transferred from another consortium"
    MERGED_IN = "merged_in", "Came with a merged consortium"
    PRACTICE_MERGER = "practice_merger", "Practices merged"
    ALLOCATED = "allocated", "Allocated by the NHS Commissioning Board"
    CORRECTED = "corrected", "Error corrected"
    IMPORTED = "imported", "Loaded from a file"


class Membership(Fact):
    """A practice's membership of a consortium; at most one a day, kept by Postgres (domain.md rule 3)."""

    NAME = "membership"
    KEY = ("practice",)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="memberships", db_index=False)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="memberships")
    status = models.CharField(max_length=10, choices=MembershipStatus)
    reason = models.CharField(max_length=20, choices=MembershipReason)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "practice",
            status_known=Q(status__in=MembershipStatus.values),
            reason_known=Q(reason__in=MembershipReason.values),
        )
        indexes = fact_indexes("practice")
