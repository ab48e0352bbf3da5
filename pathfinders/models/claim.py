from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from registry.models.fact import Fact, fact_constraints, fact_indexes


class Metric(models.TextChoices):
    """What a claim counts."""

    PATHFINDERS = "pathfinders", "Pathfinders"
    PRACTICES = "practices", "Practices"
    PEOPLE = "people", "People"
    SHARE = "share", "Share of the population"
    AVERAGE_PEOPLE = "average_people", "Average people in a pathfinder"
    AVERAGE_PRACTICES = "average_practices", "Average practices in a pathfinder"


class Extent(models.TextChoices):
    """Of which pathfinders a claim speaks: those of its wave, or all that were announced up to it."""

    WAVE = "wave", "Of the wave alone"
    CUMULATIVE = "cumulative", "Of all waves so far"


class ScopeKind(models.TextChoices):
    """Of what a claim speaks; `scope` then names it."""

    ENGLAND = "england", "England"
    SHA = "sha", "Strategic health authority, by its code"
    PCT = "pct", "Primary care trust, by its code"
    GROUP = "group", "A pathfinder, by its reference or the name that it had on the day"


class Rounding(models.TextChoices):
    """How exactly a claim was worded. What each allows: `pathfinders.rounding`."""

    EXACT = "exact", "To the unit"
    ROUNDED = "rounded", "Rounded to its last digit"
    ABOUT = "about", "About"
    NEARLY = "nearly", "Nearly"
    OVER = "over", "Over"


class Reconciliation(models.TextChoices):
    """Why a claim and the register, or two claims, do not agree (domain.md section 4)."""

    MERGED = "merged_since", "Merged since"
    SEVERAL = "several_consortia", "Several consortia in one pathfinder"
    BRANCH = "branch_as_practice", "Branch counted as practice"
    REGION = "wrong_region", "Filed under the wrong region"
    NOT_LISTED = "not_listed", "Announced but not listed"
    VINTAGE = "list_vintage", "List-size vintage"
    ROUNDING = "rounding", "Rounding"
    DENOMINATOR = "denominator", "Denominator differs"
    UNEXPLAINED = "unexplained", "Unexplained"


def first_day(published: str) -> date:
    """The day of publication, or the first of its month where only that is known."""
    return date.fromisoformat(published if len(published) == 10 else f"{published}-01")


class AnnouncedClaim(Fact):
    """A figure as somebody announced or printed it, kept unchanged beside what the register computes.

    Published numbers of 2010-11 did not add up (domain.md section 1, point 2), so each is a claim with its source; two
    sources, or one source twice, may claim different values of the same figure. Effective from its publication.
    `value`: pathfinders, practices or people, or per cent of the population. `published`: the day, or the month where
    the day is not known. `words`: the few words of the figure as printed. `reconciliation`: why it does not agree,
    blank where it does or where nobody has looked yet.
    """

    NAME = "announced_claim"
    KEY = ("ref",)
    ref = models.CharField(max_length=10, db_collation="C")
    wave = models.PositiveSmallIntegerField(null=True)
    metric = models.CharField(max_length=20, choices=Metric)
    extent = models.CharField(max_length=12, choices=Extent)
    scope_kind = models.CharField(max_length=10, choices=ScopeKind)
    scope = models.CharField(max_length=200)
    value = models.DecimalField(max_digits=12, decimal_places=1)
    rounding = models.CharField(max_length=10, choices=Rounding)
    words = models.CharField(max_length=100)
    publisher = models.CharField(max_length=100)
    title = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    published = models.CharField(max_length=10)
    note = models.CharField(max_length=500, blank=True)
    reconciliation = models.CharField(max_length=20, choices=Reconciliation, blank=True)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "ref",
            ref_shape=Q(ref__regex=r"^AC\d{4,}$"),
            wave_numbered=Q(wave=None) | Q(wave__gte=1),
            extent_known=Q(extent="cumulative") | Q(extent="wave", wave__isnull=False),
            known=Q(
                metric__in=Metric.values,
                rounding__in=Rounding.values,
                scope_kind__in=ScopeKind.values,
                reconciliation__in=["", *Reconciliation.values],
            ),
            scoped=~Q(scope="") & (~Q(scope_kind="england") | Q(scope="England")),
            valued=Q(value__gte=0) & (~Q(metric="share") | Q(value__lte=100)),
            sourced=~Q(publisher="") & ~Q(words=""),
            published_shape=Q(published__regex=r"^\d{4}-\d{2}(-\d{2})?$"),
        )
        indexes = [*fact_indexes("ref"), models.Index(fields=["wave"], name="%(class)s_of_wave")]
