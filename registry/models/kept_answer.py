from __future__ import annotations

from django.db import models

from registry import clock


class KeptAnswer(models.Model):
    """What the API answered to a write under a client's `Idempotency-Key`, so that the same request sent again acts
    no second time (`registry.api.idempotency`). Written in the transaction of the write; by the real clock."""

    user = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    key = models.CharField(max_length=255)
    route = models.TextField()
    sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    content = models.BinaryField()
    at = models.DateTimeField(default=clock.real_now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_answer_a_key"),
            models.CheckConstraint(
                name="kept_answer_is_no_refusal", condition=models.Q(status__gte=200, status__lt=300)
            ),
        ]
        indexes = [models.Index(fields=["at"], name="kept_answer_age")]
