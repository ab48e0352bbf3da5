from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from pathfinders.models.bid import Bid
from pathfinders.querysets import ReplyQuerySet
from registry.triggers import log_stays, no_removal

ANSWERED_ONCE = """
IF OLD.answered_on IS NOT NULL
    OR to_jsonb(NEW) - 'answered_on' IS DISTINCT FROM to_jsonb(OLD) - 'answered_on' THEN
    RAISE EXCEPTION 'a return is never changed; it is answered once' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


@pghistory.track(meta=log_stays())
class Return(models.Model):
    """A bid sent back to its lead for information. The service clock stands still until it is answered.

    `reasons`: keys of `Reason`, sorted; `text`: what the lead was asked.
    """

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="returns")
    number = models.PositiveSmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=40))
    text = models.TextField()
    returned_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    returned_on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ["bid", "number"]
        constraints = [
            models.UniqueConstraint("bid", "number", name="one_return_a_number"),
            models.UniqueConstraint("bid", condition=Q(answered_on=None), name="one_open_return_a_bid"),
            models.CheckConstraint(name="return_is_reasoned", condition=~Q(reasons=[]) & ~Q(text="")),
            models.CheckConstraint(
                name="return_answered_after", condition=Q(answered_on=None) | Q(answered_on__gte=F("returned_on"))
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="answered_once", when=pgtrigger.Before, operation=pgtrigger.Update, func=ANSWERED_ONCE
            ),
            *no_removal("returns"),
        ]
