from __future__ import annotations

from django.db import models
from django.db.models import Q

from registry.models import VisibleQuerySet
from registry.triggers import append_only


class SnapshotWhy(models.TextChoices):
    NIGHT = "night", "At the end of a day"
    RELEASE = "release", "At the release of a wave"
    ASKED = "asked", "Asked for"


class PublishedSnapshot(models.Model):
    """A set of files of the register at a moment: `as_of`, as known when `entry` was the newest. Never changed.

    `ref` is that moment as addresses have it, "2011-09-01.57". `made_at`: real time.
    """

    ref = models.CharField(max_length=30, primary_key=True, db_collation="C")
    as_of = models.DateField()
    entry = models.ForeignKey("registry.Entry", models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=SnapshotWhy)
    wave = models.PositiveSmallIntegerField(null=True)
    made_at = models.DateTimeField()

    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("as_of", "entry", name="one_snapshot_a_moment"),
            models.CheckConstraint(name="snapshot_ref_shape", condition=Q(ref__regex=r"^\d{4}-\d\d-\d\d\.\d+$")),
            models.CheckConstraint(name="snapshot_why_known", condition=Q(why__in=SnapshotWhy.values)),
            models.CheckConstraint(
                name="snapshot_of_its_wave",
                condition=Q(why=SnapshotWhy.RELEASE, wave__isnull=False)
                | (~Q(why=SnapshotWhy.RELEASE) & Q(wave=None)),
            ),
        ]
        triggers = append_only("snapshots")

    def __str__(self) -> str:
        return self.ref


class PublishedFile(models.Model):
    """One file of a snapshot: its bytes lie on disk under their hash (pathfinders.snapshots.store).

    `columns`: the fields that a list had when it was written: a later version of the program, which may have more of
    them, makes the same bytes again. `content`: what no fact gives (the licence, the dictionary), kept here.
    """

    snapshot = models.ForeignKey(PublishedSnapshot, models.PROTECT, related_name="files")
    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    rows = models.PositiveIntegerField(null=True)
    columns = models.JSONField(default=list)
    content = models.TextField(blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("snapshot", "name", name="one_file_a_name"),
            models.CheckConstraint(name="snapshot_file_hashed", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]
        triggers = append_only("files of snapshots")

    def __str__(self) -> str:
        return f"{self.snapshot_id}/{self.name}"
