from __future__ import annotations

from django.db import models
from django.db.models import Q

from registry import clock
from registry.models.fact import VisibleQuerySet
from registry.triggers import append_only


class LetterTemplate(models.Model):
    """The words of one step's letter, a version a row; the newest is used, and before the first the built-in one.

    `subject` and `body` hold placeholders, as "{name}" (`pathfinders.letters` lists those of each step).
    """

    step = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    saved_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=clock.now)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["step", "version"]
        constraints = [
            models.UniqueConstraint("step", "version", name="one_letter_template_a_version"),
            models.CheckConstraint(
                name="letter_template_is_whole", condition=Q(version__gte=1) & ~Q(subject="") & ~Q(body="")
            ),
        ]
        triggers = append_only("letter templates")
