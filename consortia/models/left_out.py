from __future__ import annotations

from django.db import models
from django.db.models import Q

from consortia.models.word import WordKind, reason_known
from practices.models import Practice
from registry.models.fact import Fact, fact_constraints, fact_indexes


class SaidBy(models.TextChoices):
    """Who said why a practice is in no consortium."""

    PRACTICE = "practice", "The practice"
    CONSORTIUM = "consortium", "The consortium that it left"
    PCT = "pct", "Its PCT"
    STAFF = "staff", "Programme staff"


class LeftOut(Fact):
    """Why a practice is in no consortium, and who said so. None on a day: nobody was asked.

    It never stands on a day on which the practice is a member, or is not there (consortia.consequences).
    """

    NAME = "left_out"
    KEY = ("practice",)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="reasons_left_out", db_index=False)
    reason = models.CharField(max_length=20)
    said_by = models.CharField(max_length=10, choices=SaidBy)

    class Meta(Fact.Meta):
        constraints = fact_constraints("practice", said_by_known=Q(said_by__in=SaidBy.values))
        indexes = fact_indexes("practice")
        triggers = [*Fact.Meta.triggers, reason_known(WordKind.LEFT_OUT)]
