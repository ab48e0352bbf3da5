from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import F, Q

from consortia.models.consortium import Consortium
from consortia.states import WAITING_TRANSFERS, TransferState, begins, moves_by_the_table
from practices.models import Practice
from registry import clock
from registry.authorization import Permission, may, objects_of
from registry.triggers import log_stays, no_removal


class TransferQuerySet(models.QuerySet["TransferRequest"]):
    def visible_to(self, user: Any) -> TransferQuerySet:
        """Programme staff; the two sides; and the consortium that is left once both agreed: it is told, not asked."""
        if may(user, Permission.SETTLE_MEMBERSHIP):
            return self
        own = objects_of(user, "consortium_lead") | objects_of(user, "consortium_deputy")
        return self.filter(
            Q(practice__code__in=objects_of(user, "practice_manager"))
            | Q(to_consortium__ref__in=own)
            | Q(from_consortium__ref__in=own, state=TransferState.AGREED)
        )

    def waiting(self) -> TransferQuerySet:
        return self.filter(state__in=WAITING_TRANSFERS)


@pghistory.track(exclude=["text"], meta=log_stays())
class TransferRequest(models.Model):
    """A wish that a practice belongs to another consortium from a day: asked by the practice or by the one that it
    goes to, agreed by the other. `text`: what the asker wrote. `entry`: of the move, once agreed.
    """

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="transfers")
    from_consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="+", null=True, blank=True)
    to_consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="+")
    on = models.DateField()
    state = models.CharField(max_length=15, choices=TransferState)
    text = models.TextField(blank=True)
    asked_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+", null=True, blank=True)
    asked_on = models.DateField()
    at = models.DateTimeField(default=clock.now)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+", null=True, blank=True)
    entry = models.ForeignKey("registry.Entry", models.PROTECT, related_name="+", null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="transfer_goes_elsewhere",
                condition=Q(from_consortium=None) | ~Q(from_consortium=F("to_consortium")),
            ),
            models.CheckConstraint(
                name="transfer_state_is_whole",
                condition=Q(state__in=WAITING_TRANSFERS, ended_on=None, entry=None)
                | Q(
                    state__in=["declined", "withdrawn"],
                    ended_on__isnull=False,
                    ended_on__gte=F("asked_on"),
                    entry=None,
                )
                | Q(state="agreed", ended_on__isnull=False, ended_on__gte=F("asked_on"), entry__isnull=False),
            ),
            models.UniqueConstraint(
                "practice", "to_consortium", name="one_waiting_transfer", condition=Q(state__in=WAITING_TRANSFERS)
            ),
        ]
        triggers = [begins(TransferState), moves_by_the_table(TransferState), *no_removal("transfers")]
