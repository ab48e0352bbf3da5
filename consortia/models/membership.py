from __future__ import annotations

from typing import NamedTuple

from django.db import models
from django.db.models import Q

from consortia.models.consortium import Consortium
from consortia.models.word import reason_known
from practices.models import Practice
from registry.models.fact import Fact, fact_constraints, fact_indexes


class MembershipStatus(models.TextChoices):
    """How sure a membership is. All five count in coverage, `confirmed` apart (architecture.md section 7)."""

    CLAIMED = "claimed", "Claimed by the consortium"
    CONFIRMED = "confirmed", "Confirmed by the practice"
    DISPUTED = "disputed", "Disputed by the practice"
    UNDECIDED = "undecided", "Practice undecided"
    ALLOCATED = "allocated", "Allocated"


class Proof(models.TextChoices):
    """By what a practice's answer came, or a status otherwise. Signed paper counts apart."""

    NONE = "", "Nothing yet"
    LINK = "link", "Link in a mail"
    LETTER = "letter", "Code of a printed letter"
    SIGNED_IN = "signed_in", "Signed in"
    PAPER = "paper", "Signed on paper"
    SETTLED = "settled", "A dispute was settled"


class MembershipReason:
    """The reasons (keys of `MembershipWord`) that the register itself gives."""

    FOUNDING = "founding"
    JOINED = "joined"
    TRANSFERRED = "transferred"
    MERGED_IN = "merged_in"
    PRACTICE_MERGER = "practice_merger"
    ALLOCATED = "allocated"
    CORRECTED = "corrected"
    IMPORTED = "imported"
    SETTLED = "settled"


class Belonging(NamedTuple):
    """The values of a membership's timeline, in the order of its fields."""

    consortium: int
    status: str
    reason: str
    proof: str = ""
    basis: str = ""


class Membership(Fact):
    """A practice's membership of a consortium; at most one a day, kept by Postgres (domain.md rule 3).

    `reason`: why it began or last changed, a key of `MembershipWord`. `proof`: by what an answer came. `basis`: the
    legal basis of an allocation, and of nothing else (rule 20).
    """

    NAME = "membership"
    KEY = ("practice",)
    ADDED = ("proof", "basis")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="memberships", db_index=False)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="memberships")
    status = models.CharField(max_length=10, choices=MembershipStatus)
    reason = models.CharField(max_length=20)
    proof = models.CharField(max_length=10, choices=Proof, blank=True, default="")
    basis = models.CharField(max_length=500, blank=True, default="")

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "practice",
            status_known=Q(status__in=MembershipStatus.values),
            proof_known=Q(proof__in=Proof.values),
            basis_of_allocation=Q(basis="") | Q(status=MembershipStatus.ALLOCATED),
            unanswered=~Q(status=MembershipStatus.CLAIMED) | Q(proof__in=["", Proof.SETTLED]),
        )
        indexes = fact_indexes("practice")
        triggers = [*Fact.Meta.triggers, reason_known()]
