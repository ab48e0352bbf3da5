from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from consortia.models.consortium import Consortium
from consortia.querysets import SuccessionQuerySet
from registry.models.fact import Fact, fact_constraints, fact_indexes


class SuccessionKind(models.TextChoices):
    """How one body follows another (domain.md rules 14 and 15). A change of name is none: the body stays."""

    MERGE = "merge", "Merged into a new one"
    ABSORB = "absorb", "Became part of"
    SPLIT = "split", "Split into"


def succession_constraints() -> list[models.BaseConstraint]:
    """What Postgres keeps of any succession: nobody follows itself, and a split, and only a split, has shares."""
    return fact_constraints(
        "predecessor",
        "successor",
        kind_known=Q(kind__in=SuccessionKind.values),
        not_itself=~Q(predecessor=F("successor")),
        share=Q(kind="split", share__gt=Decimal(0), share__lte=Decimal(1)) | (~Q(kind="split") & Q(share=None)),
    )


class ConsortiumSuccession(Fact):
    """The consortium that another has become, or part of it, from the first day of `effective` on.

    `share`: of a split, the part of the practices that went to this successor; the shares of one consortium sum to 1.
    That, and that nobody succeeds themselves however long the chain, is kept under the journal's lock by the actions
    that write it and looked for by `check_invariants`.
    """

    NAME = "consortium_succession"
    KEY = ("predecessor", "successor")
    predecessor = models.ForeignKey(Consortium, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Consortium, models.PROTECT, related_name="predecessions")
    kind = models.CharField(max_length=10, choices=SuccessionKind)
    share = models.DecimalField(max_digits=7, decimal_places=6, null=True)

    objects = SuccessionQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = succession_constraints()
        indexes = fact_indexes("predecessor", "successor")
