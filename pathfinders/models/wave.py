from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from pathfinders.wave_states import WaveState, moves
from registry.authorization import Permission, may
from registry.models.fact import Fact, VisibleQuerySet, fact_constraints, fact_indexes
from registry.triggers import append_only, log_stays, no_removal

MOVES = ", ".join(f"'{a}>{b}'" for a, b in moves())
MOVES_BY_THE_TABLE = f"""
IF OLD.state = 'released' THEN
    RAISE EXCEPTION 'a released wave is never changed' USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({MOVES}) THEN
    RAISE EXCEPTION 'a wave does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.state = 'frozen' AND OLD.state <> 'frozen'
   AND NOT EXISTS (SELECT 1 FROM pathfinders_frozenlist WHERE wave_id = NEW.number) THEN
    RAISE EXCEPTION 'a wave is frozen with its list' USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.state = 'released' THEN
    IF NOT EXISTS (
        SELECT 1 FROM pathfinders_wavemanifest WHERE wave_id = NEW.number AND entry_id = NEW.released_by_id
    ) THEN
        RAISE EXCEPTION 'a wave is released with its manifest' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM pathfinders_wavestep AS confirmed WHERE wave_id = NEW.number AND action = 'confirm'
        AND id > (SELECT max(id) FROM pathfinders_wavestep WHERE wave_id = NEW.number AND action = 'freeze')
        AND by_id <> (
            SELECT frozen_by_id FROM pathfinders_frozenlist WHERE wave_id = NEW.number ORDER BY number DESC LIMIT 1
        )
    ) THEN
        RAISE EXCEPTION 'a wave is released once a second person confirmed its list'
            USING ERRCODE = 'restrict_violation';
    END IF;
END IF;
RETURN NEW;
"""
BEGINS = """
IF NEW.state IN ('closed', 'decided', 'frozen', 'released') THEN
    RAISE EXCEPTION 'a wave begins as forecast or open' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""
MOST_HOURS_EARLY = 72


class WaveQuerySet(models.QuerySet["Wave"]):
    def visible_to(self, user: Any) -> WaveQuerySet:
        """Programme staff see every wave; nobody else sees one before its release (embargo)."""
        return self if may(user, Permission.SEE_CASEWORK) else self.filter(state=WaveState.RELEASED)


class WavePartQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> WavePartQuerySet:
        """Rows of the work on a wave: programme staff's alone, after its release too."""
        return self if may(user, Permission.SEE_CASEWORK) else self.none()


@pghistory.track(meta=log_stays())
class Wave(models.Model):
    """A wave of the programme as staff work on it. What the public knows of it are the facts that its release writes.

    Its four dates are as they are expected now; each slip of one is a `WaveDate`. `release_at`: the instant set for
    its release, by `scheduled_by`. While `held_by` is there it is not released. `early_hours`: how long before that
    instant a bidder reads the own outcome, 0 for not at all.
    """

    number = models.PositiveSmallIntegerField(primary_key=True)
    state = models.CharField(max_length=10, choices=WaveState, default=WaveState.OPEN)
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    decides_on = models.DateField(null=True, blank=True)
    announced_on = models.DateField()
    release_at = models.DateTimeField(null=True, blank=True)
    scheduled_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+", null=True, blank=True)
    held_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+", null=True, blank=True)
    early_hours = models.PositiveSmallIntegerField(default=0)
    released_by = models.ForeignKey("registry.Entry", models.PROTECT, related_name="+", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = WaveQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(name="wave_is_numbered", condition=Q(number__gte=1)),
            models.CheckConstraint(name="wave_state_known", condition=Q(state__in=WaveState.values)),
            models.CheckConstraint(
                name="wave_released_by_an_entry",
                condition=Q(state="released", released_by__isnull=False, held_by=None)
                | (~Q(state="released") & Q(released_by=None)),
            ),
            models.CheckConstraint(
                name="wave_dates_in_order",
                condition=(Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gte=F("opens_on")))
                & (Q(closes_on=None) | Q(decides_on=None) | Q(decides_on__gte=F("closes_on")))
                & (Q(decides_on=None) | Q(announced_on__gte=F("decides_on"))),
            ),
            models.CheckConstraint(
                name="wave_scheduled_by_somebody",
                condition=Q(release_at=None, scheduled_by=None)
                | Q(release_at__isnull=False, scheduled_by__isnull=False, state__in=["frozen", "released"]),
            ),
            models.CheckConstraint(name="wave_early_by_days", condition=Q(early_hours__lte=MOST_HOURS_EARLY)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="moves_by_the_table", when=pgtrigger.Before, operation=pgtrigger.Update, func=MOVES_BY_THE_TABLE
            ),
            pgtrigger.Trigger(name="begins", when=pgtrigger.Before, operation=pgtrigger.Insert, func=BEGINS),
            *no_removal("waves"),
        ]

    def __str__(self) -> str:
        return f"Wave {self.number}"

    def frozen_list(self) -> FrozenList | None:
        """The list that was frozen last; the one that binds while the wave is frozen or released."""
        return self.lists.order_by("-number").first()  # type: ignore[attr-defined]


class WaveDateKind(models.TextChoices):
    OPENS = "opens_on", "Opens to bids"
    CLOSES = "closes_on", "Cut-off for bids"
    DECIDES = "decides_on", "Decisions by"
    ANNOUNCED = "announced_on", "Announcement"


class WaveDate(models.Model):
    """A date of a wave as it was given at one time; a slip is the next version, with its reason.

    `actual`: it happened on that day; otherwise that is what was expected. `said_on`: the day on which it was said.
    Public once `public` rows of it are told as `WaveDay`, or with the wave's release.
    """

    wave = models.ForeignKey(Wave, models.PROTECT, related_name="dates")
    kind = models.CharField(max_length=12, choices=WaveDateKind)
    version = models.PositiveSmallIntegerField()
    day = models.DateField()
    actual = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    said_on = models.DateField()
    by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")

    objects = WavePartQuerySet.as_manager()

    class Meta:
        ordering = ["wave", "kind", "version"]
        constraints = [
            models.UniqueConstraint("wave", "kind", "version", name="one_wave_date_a_version"),
            models.CheckConstraint(name="wave_date_kind_known", condition=Q(kind__in=WaveDateKind.values)),
            models.CheckConstraint(
                name="wave_date_slips_with_a_reason", condition=Q(version=1) | Q(actual=True) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="wave_date_actual_has_come", condition=Q(actual=False) | Q(day__lte=F("said_on"))
            ),
        ]
        triggers = append_only("dates of waves")


class WaveStep(models.Model):
    """One step of the work on a wave: the log that its page shows and that its checks read.

    `fingerprint`: of what the person had before them: the frozen list, the letters, or list and announcement.
    """

    wave = models.ForeignKey(Wave, models.PROTECT, related_name="steps")
    action = models.CharField(max_length=20)
    by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)

    objects = WavePartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        triggers = append_only("steps of waves")


class FrozenList(models.Model):
    """The list of a wave as it was frozen: bids with outcome, region and practices, and the figures they make.

    `content`: see `pathfinders.frozen`; `sha256` is of it in canonical JSON.
    """

    wave = models.ForeignKey(Wave, models.PROTECT, related_name="lists")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    figures = models.JSONField()
    sha256 = models.CharField(max_length=64)
    frozen_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()

    objects = WavePartQuerySet.as_manager()

    class Meta:
        ordering = ["wave", "number"]
        constraints = [
            models.UniqueConstraint("wave", "number", name="one_frozen_list_a_number"),
            models.CheckConstraint(name="frozen_list_hashed", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]
        triggers = append_only("frozen lists")


class WaveManifest(models.Model):
    """The wave as released: its sorted list, hashed, made once by its release and never changed (domain.md rule 12).

    Public. `content` is UTF-8 text that `pathfinders.reads.manifest` makes again from the facts as known at the
    release, for ever.
    """

    wave = models.OneToOneField(Wave, models.PROTECT, primary_key=True, related_name="manifest")
    entry = models.OneToOneField("registry.Entry", models.PROTECT, related_name="+")
    content = models.TextField()
    sha256 = models.CharField(max_length=64)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="wave_manifest_hashed", condition=Q(sha256__regex=r"^[0-9a-f]{64}$"))
        ]
        triggers = append_only("manifests")


class WaveRelease(Fact):
    """A wave, once released: effective from its announcement (domain.md rule 12)."""

    NAME = "wave_release"
    KEY = ("wave",)
    wave = models.PositiveSmallIntegerField()
    announced_on = models.DateField()

    class Meta(Fact.Meta):
        constraints = fact_constraints("wave", numbered=Q(wave__gte=1))
        indexes = fact_indexes("wave")


class WaveDay(Fact):
    """A date of a wave as the public was told it: a version each, with the reason of a slip. Effective from the day on
    which it was told."""

    NAME = "wave_day"
    KEY = ("wave", "kind", "version")
    wave = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=WaveDateKind)
    version = models.PositiveSmallIntegerField()
    day = models.DateField()
    actual = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "wave", "kind", "version", numbered=Q(wave__gte=1, version__gte=1), known=Q(kind__in=WaveDateKind.values)
        )
        indexes = fact_indexes("wave", "kind", "version")
