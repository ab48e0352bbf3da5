from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from pathfinders.models.bid import Bid
from pathfinders.models.criteria import Criterion
from pathfinders.querysets import CaseworkQuerySet
from registry.triggers import log_stays, no_removal

WHILE_ASSESSING = """
IF NOT EXISTS (SELECT 1 FROM pathfinders_bid b WHERE b.id = NEW.bid_id AND b.state = 'assessing')
    OR (TG_OP = 'UPDATE' AND (NEW.bid_id, NEW.criterion_id) <> (OLD.bid_id, OLD.criterion_id)) THEN
    RAISE EXCEPTION 'findings are recorded while their bid is being assessed' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class FindingValue(models.TextChoices):
    MET = "met", "Met"
    PARTLY = "partly", "Partly met"
    NOT = "not", "Not met"
    CANNOT_TELL = "cannot_tell", "Cannot tell"


@pghistory.track(meta=log_stays())
class Finding(models.Model):
    """What the assessor finds on one criterion; the case log keeps every earlier version."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="findings")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    finding = models.CharField(max_length=12, choices=FindingValue)
    note = models.TextField(blank=True)
    by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")

    objects = CaseworkQuerySet.as_manager()

    class Meta:
        ordering = ["bid", "criterion__position"]
        constraints = [
            models.UniqueConstraint("bid", "criterion", name="one_finding_a_criterion"),
            models.CheckConstraint(name="finding_is_known", condition=Q(finding__in=FindingValue.values)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="while_assessing",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=WHILE_ASSESSING,
            ),
            *no_removal("findings"),
        ]
