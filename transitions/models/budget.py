from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from practices.models import ParentBody
from registry.models.fact import Fact, fact_constraints, fact_indexes
from transitions.models.evidence import Evidence
from transitions.models.word import TransitionWordKind, word_known

STATUTORY_FROM = date(2013, 4, 1)
"""Until this day a trust is accountable for its whole budget, whatever it delegated (domain.md rule 18)."""
YEAR = r"^\d{4}/\d{2}$"
WHOLE = "all"
"""The line of a trust's whole budget, beside which its service lines may stand."""


class Level(models.TextChoices):
    """How far responsibility for a delegated budget goes on a day (G4)."""

    INDICATIVE = "indicative", "Indicative"
    SHADOW = "shadow", "Shadow"
    DELEGATED = "delegated", "Delegated"
    STATUTORY = "statutory", "Statutory"


def _pounds() -> models.BigIntegerField:
    return models.BigIntegerField(null=True)


def _stated() -> Combinable:
    return Coalesce(F("delegated"), 0) + Coalesce(F("retained"), 0) + Coalesce(F("excluded"), 0)


class BudgetLine(Fact):
    """A trust's budget for one service line of a financial year ("2011/12"): its total and where it lies (G1).

    Whole pounds; null is not stated. `rounding`: the unit in pounds that the source rounds its figures to, 0 where they
    are exact. Delegated, retained and excluded make the total: each of the four may be half a unit off, so that they
    may differ by two units at most (rule 19). Where one is not stated, the others are not more than the total.
    """

    NAME = "budget_line"
    KEY = ("pct", "year", "line")
    pct = models.ForeignKey(ParentBody, models.PROTECT, related_name="budget_lines")
    year = models.CharField(max_length=7)
    line = models.CharField(max_length=30)
    total = _pounds()
    delegated = _pounds()
    retained = _pounds()
    excluded = _pounds()
    rounding = models.PositiveBigIntegerField(default=0)
    note = models.CharField(max_length=500, blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="budget_lines")

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "pct",
            "year",
            "line",
            year_shape=Q(year__regex=YEAR),
            stated=Q(total__isnull=False)
            | Q(delegated__isnull=False)
            | Q(retained__isnull=False)
            | Q(excluded__isnull=False),
            not_negative=Q(
                *[Q(**{f: None}) | Q(**{f"{f}__gte": 0}) for f in ("total", "delegated", "retained", "excluded")]
            ),
            not_more=Q(total=None) | Q(total__gte=_stated() - 2 * F("rounding")),
            adds_up=Q(total=None) | Q(delegated=None) | Q(retained=None) | Q(total__lte=_stated() + 2 * F("rounding")),
        )
        indexes = fact_indexes("pct", "year", "line")
        triggers = [*Fact.Meta.triggers, word_known("line", TransitionWordKind.LINE)]


class Delegation(Fact):
    """The part of a line that a consortium or local body answers for, and how far (G1, G4).

    `holder` is its reference. Before 1 April 2013 no level is statutory: the trust stays accountable (rule 18).
    """

    NAME = "delegation"
    KEY = ("pct", "year", "line", "holder")
    pct = models.ForeignKey(ParentBody, models.PROTECT, related_name="delegations")
    year = models.CharField(max_length=7)
    line = models.CharField(max_length=30)
    holder = models.CharField(max_length=10, db_collation="C")
    amount = models.BigIntegerField(null=True)
    level = models.CharField(max_length=12, choices=Level)
    note = models.CharField(max_length=500, blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="delegations")

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "pct",
            "year",
            "line",
            "holder",
            year_shape=Q(year__regex=YEAR),
            holder_shape=Q(holder__regex=r"^(GC|LB)\d{4,}$"),
            level_known=Q(level__in=Level.values),
            amount=Q(amount=None) | Q(amount__gte=0),
            statutory=~Q(level=Level.STATUTORY) | Q(effective__startswith__gte=STATUTORY_FROM),
        )
        indexes = [
            *fact_indexes("pct", "year", "line", "holder"),
            models.Index(fields=["holder"], name="delegation_holder_now", condition=Q(recorded__upper_inf=True)),
        ]
        triggers = [*Fact.Meta.triggers, word_known("line", TransitionWordKind.LINE)]
