from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from registry import clock
from registry.authorization import Permission, may, objects_of


class MailState(models.TextChoices):
    HELD = "held", "Held until release"
    QUEUED = "queued", "To be sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"


class MailQuerySet(models.QuerySet["Mail"]):
    def visible_to(self, user: Any) -> MailQuerySet:
        """Programme staff: every letter, but not one to themselves that still waits for a release (the embargo).
        Anybody else signed in: the letters that left for them, or for a practice whose manager they are."""
        mine = Q(recipient=getattr(user, "ref", ""))
        waiting = mine & Q(state=MailState.HELD)
        if may(user, Permission.SEE_CASEWORK):
            return self.exclude(waiting)
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(mine | Q(recipient__in=objects_of(user, "practice_manager"))).exclude(waiting)


class Mail(models.Model):
    """The outbox: a letter written in the transaction of the step that it tells of; a worker sends it at least once.

    `message_id` is fixed when written, so that a letter sent twice is recognised as one. `held_for` names the wave
    whose release sends it. `to` and `body` are personal and erasable. `written_at` is by the register's clock (in a
    demonstration, story time); sending is by the real one.
    """

    message_id = models.CharField(max_length=120, unique=True)
    recipient = models.CharField(max_length=20)
    to = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    about = models.CharField(max_length=40, blank=True)
    held_for = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=MailState, default=MailState.QUEUED)
    written_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.real_now)
    last_error = models.TextField(blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="mail_state_is_whole",
                condition=(Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)))
                & (~Q(state="held") | ~Q(held_for="")),
            ),
        ]
        indexes = [models.Index(fields=["next_attempt_at"], name="mail_to_send", condition=Q(state="queued"))]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
