from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from pathfinders.models.claim import Extent, Metric, Reconciliation, Rounding, ScopeKind
from pathfinders.models.pathfinder import Pathfinder
from pathfinders.models.wave import Wave, WavePartQuerySet
from registry.models.fact import Fact, fact_constraints, fact_indexes
from registry.triggers import log_stays


class ServiceStatus(models.TextChoices):
    PLANNED = "planned", "Planned"
    RUNNING = "running", "Running"
    STOPPED = "stopped", "Stopped"


@pghistory.track(meta=log_stays())
class Announcement(models.Model):
    """What a wave's release will say: embargoed with it. Public from the release on, as `WaveAnnouncement`."""

    wave = models.OneToOneField(Wave, models.PROTECT, primary_key=True, related_name="announcement")
    title = models.CharField(max_length=200)
    text = models.TextField()
    notes = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")

    objects = WavePartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="announcement_says_something", condition=~Q(title="") & ~Q(text=""))
        ]


@pghistory.track(meta=log_stays())
class DraftClaim(models.Model):
    """A figure of the announcement: the columns of `AnnouncedClaim` that are not the same for all of them.

    `note` and `reconciliation`: why it is announced although the register computes otherwise.
    """

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="claims")
    position = models.PositiveSmallIntegerField()
    metric = models.CharField(max_length=20, choices=Metric)
    extent = models.CharField(max_length=12, choices=Extent)
    scope_kind = models.CharField(max_length=10, choices=ScopeKind)
    scope = models.CharField(max_length=200)
    value = models.DecimalField(max_digits=12, decimal_places=1)
    rounding = models.CharField(max_length=10, choices=Rounding)
    words = models.CharField(max_length=100)
    note = models.CharField(max_length=500, blank=True)
    reconciliation = models.CharField(max_length=20, choices=Reconciliation, blank=True)

    objects = WavePartQuerySet.as_manager()

    class Meta:
        ordering = ["announcement", "position"]
        constraints = [
            models.UniqueConstraint("announcement", "position", name="one_draft_claim_a_position"),
            models.CheckConstraint(name="draft_claim_worded", condition=~Q(words="") & ~Q(scope="") & Q(value__gte=0)),
        ]


@pghistory.track(meta=log_stays())
class DraftServiceClaim(models.Model):
    """What the announcement says of a local service: the columns of `ServiceClaim`."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="services")
    position = models.PositiveSmallIntegerField()
    scope_kind = models.CharField(max_length=10, choices=ScopeKind)
    scope = models.CharField(max_length=200)
    specialty = models.CharField(max_length=100)
    status = models.CharField(max_length=10, choices=ServiceStatus)
    measure = models.CharField(max_length=200, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    comparator = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=60, blank=True)
    words = models.CharField(max_length=300)

    objects = WavePartQuerySet.as_manager()

    class Meta:
        ordering = ["announcement", "position"]
        constraints = [
            models.UniqueConstraint("announcement", "position", name="one_draft_service_a_position"),
            models.CheckConstraint(
                name="draft_service_says_of_whom_and_what", condition=~Q(scope="") & ~Q(specialty="") & ~Q(words="")
            ),
        ]


class WaveAnnouncement(Fact):
    """The announcement of a wave, effective from its day."""

    NAME = "wave_announcement"
    KEY = ("wave",)
    wave = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    notes = models.TextField(blank=True)

    class Meta(Fact.Meta):
        constraints = fact_constraints("wave", numbered=Q(wave__gte=1), says=~Q(title="") & ~Q(text=""))
        indexes = fact_indexes("wave")


class WaveListing(Fact):
    """Under which region (SHA code, "" for none) an announcement listed a pathfinder. A wrong one is corrected, and the
    announcement's page shows the correction with its date."""

    NAME = "wave_listing"
    KEY = ("pathfinder",)
    pathfinder = models.ForeignKey(Pathfinder, models.PROTECT, related_name="listings", db_index=False)
    wave = models.PositiveSmallIntegerField()
    region = models.CharField(max_length=10, blank=True, db_collation="C")

    class Meta(Fact.Meta):
        constraints = fact_constraints("pathfinder", numbered=Q(wave__gte=1))
        indexes = fact_indexes("pathfinder")


class ServiceClaim(Fact):
    """What somebody claims of a local service of a consortium or place (domain.md rule 25): planned, running or stopped,
    a measure with value, unit, comparator and period where one was given; who says so, and when. Reference: AS0001."""

    NAME = "service_claim"
    KEY = ("ref",)
    ref = models.CharField(max_length=10, db_collation="C")
    wave = models.PositiveSmallIntegerField(null=True)
    scope_kind = models.CharField(max_length=10, choices=ScopeKind)
    scope = models.CharField(max_length=200)
    specialty = models.CharField(max_length=100)
    status = models.CharField(max_length=10, choices=ServiceStatus)
    measure = models.CharField(max_length=200, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    unit = models.CharField(max_length=40, blank=True)
    comparator = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=60, blank=True)
    words = models.CharField(max_length=300)
    publisher = models.CharField(max_length=100)
    published = models.CharField(max_length=10)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "ref",
            ref_shape=Q(ref__regex=r"^AS\d{4,}$"),
            wave_numbered=Q(wave=None) | Q(wave__gte=1),
            known=Q(status__in=ServiceStatus.values, scope_kind__in=ScopeKind.values),
            says=~Q(scope="") & ~Q(specialty="") & ~Q(words="") & ~Q(publisher=""),
            measured=Q(value=None) | (~Q(measure="") & ~Q(unit="")),
            published_shape=Q(published__regex=r"^\d{4}-\d{2}(-\d{2})?$"),
        )
        indexes = fact_indexes("ref")
