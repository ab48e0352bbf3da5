from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from pathfinders.models.bid import Bid
from pathfinders.models.decision import Decision
from pathfinders.querysets import ReplyQuerySet, ReviewQuerySet
from registry.triggers import log_stays, no_removal

SETTLED_BY_ANOTHER = """
IF OLD.outcome <> '' OR (NEW.decision_id, NEW.grounds, NEW.asked_by_id, NEW.asked_on)
    IS DISTINCT FROM (OLD.decision_id, OLD.grounds, OLD.asked_by_id, OLD.asked_on) THEN
    RAISE EXCEPTION 'a review is never changed; it is settled once' USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.outcome <> '' AND EXISTS (
    SELECT 1 FROM pathfinders_decision d JOIN pathfinders_bid b ON b.id = d.bid_id
    WHERE d.id = NEW.decision_id AND (
        NEW.settled_by_id IN (b.lead_id, b.assessor_id)
        OR EXISTS (SELECT 1 FROM pathfinders_decision o WHERE o.bid_id = b.id AND o.decided_by_id = NEW.settled_by_id)
        OR EXISTS (SELECT 1 FROM pathfinders_findingevent f WHERE f.bid_id = b.id AND f.by_id = NEW.settled_by_id)
        OR EXISTS (SELECT 1 FROM pathfinders_bidevent e WHERE e.pgh_obj_id = b.id AND e.assessor_id = NEW.settled_by_id)
    )
) THEN
    RAISE EXCEPTION 'a review is settled by somebody who took no part in the bid' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""
SETTLED_ONCE = """
IF OLD.outcome <> '' OR (NEW.bid_id, NEW.text, NEW.asked_by_id, NEW.asked_on)
    IS DISTINCT FROM (OLD.bid_id, OLD.text, OLD.asked_by_id, OLD.asked_on) THEN
    RAISE EXCEPTION 'a wish to withdraw is never changed; it is settled once' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class ReviewOutcome(models.TextChoices):
    UPHELD = "upheld", "Upheld: the bid is assessed and decided again"
    TURNED_DOWN = "turned_down", "Turned down: the decision stands"


@pghistory.track(meta=log_stays())
class Review(models.Model):
    """A lead's wish that an announced decision be looked at again: once a decision, settled by somebody who took no
    part. The old decision stays whatever comes of it."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="review")
    grounds = models.TextField()
    asked_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    asked_on = models.DateField()
    outcome = models.CharField(max_length=12, choices=ReviewOutcome, blank=True)
    note = models.TextField(blank=True)
    settled_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+", null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["decision"]
        constraints = [
            models.CheckConstraint(name="review_has_grounds", condition=~Q(grounds="")),
            models.CheckConstraint(
                name="review_settled_is_whole",
                condition=Q(outcome="", note="", settled_by=None, settled_on=None)
                | Q(outcome__in=ReviewOutcome.values, settled_by__isnull=False, settled_on__gte=F("asked_on"))
                & ~Q(note=""),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="settled_by_another", when=pgtrigger.Before, operation=pgtrigger.Update, func=SETTLED_BY_ANOTHER
            ),
            *no_removal("reviews"),
        ]


class WithdrawalOutcome(models.TextChoices):
    GRANTED = "granted", "Granted: it leaves the programme"
    REFUSED = "refused", "Refused: it stays"


@pghistory.track(meta=log_stays())
class Withdrawal(models.Model):
    """A pathfinder's wish to leave the programme, after its announcement; granted from `ends_on`, or refused."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="withdrawals")
    text = models.TextField()
    asked_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    asked_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=WithdrawalOutcome, blank=True)
    note = models.TextField(blank=True)
    ends_on = models.DateField(null=True, blank=True)
    settled_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+", null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ["bid", "pk"]
        constraints = [
            models.UniqueConstraint("bid", condition=Q(outcome=""), name="one_open_withdrawal_a_bid"),
            models.CheckConstraint(name="withdrawal_says_why", condition=~Q(text="")),
            models.CheckConstraint(
                name="withdrawal_settled_is_whole",
                condition=Q(outcome="", settled_by=None, settled_on=None, ends_on=None)
                | Q(outcome="granted", settled_by__isnull=False, settled_on__isnull=False, ends_on__isnull=False)
                | Q(outcome="refused", settled_by__isnull=False, settled_on__isnull=False, ends_on=None) & ~Q(note=""),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="settled_once", when=pgtrigger.Before, operation=pgtrigger.Update, func=SETTLED_ONCE
            ),
            *no_removal("wishes to withdraw"),
        ]
