from __future__ import annotations

from django.db import models

from registry.triggers import append_only


class EmbargoView(models.Model):
    """Somebody opened a page that tells of an outcome before its release. Shown to programme administrators.

    `at` by the register's clock (in a demonstration, story time), `real_at` always the real instant.
    """

    who = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    path = models.CharField(max_length=300)
    wave = models.PositiveSmallIntegerField(null=True, blank=True)
    bid = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    real_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["wave", "who"], name="embargo_view_of_wave")]
        triggers = append_only("records of who saw embargoed pages")
