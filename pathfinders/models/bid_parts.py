"""What a bid is made of: rows that its lead writes while it is a draft, and that Postgres locks after."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from consortia.models import Consortium
from pathfinders.models.bid import Bid
from pathfinders.models.criteria import Criterion
from pathfinders.querysets import BidPartQuerySet
from practices.models import Practice
from registry.triggers import log_stays

LOCKED_AFTER_DRAFT = """
IF NOT EXISTS (
    SELECT 1 FROM pathfinders_bid b WHERE b.id = COALESCE(NEW.bid_id, OLD.bid_id) AND b.state = 'draft'
) THEN
    RAISE EXCEPTION 'what a bid says is fixed once it is submitted (%)', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN COALESCE(NEW, OLD);
"""
NAMED_AS_SUBMITTED = """
IF to_jsonb(NEW) - 'consortium_id' IS DISTINCT FROM to_jsonb(OLD) - 'consortium_id' AND NOT EXISTS (
    SELECT 1 FROM pathfinders_bid b WHERE b.id = OLD.bid_id AND b.id = NEW.bid_id AND b.state = 'draft'
) THEN
    RAISE EXCEPTION 'what a bid says is fixed once it is submitted (%)', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""
OF_THE_SAME_BID = """
IF NOT EXISTS (SELECT 1 FROM pathfinders_bidconsortium c WHERE c.id = NEW.consortium_id AND c.bid_id = NEW.bid_id) THEN
    RAISE EXCEPTION 'a bid''s practice is in a consortium of that bid' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


def locked_after_draft(operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="locked_after_draft", when=pgtrigger.Before, operation=operation, func=LOCKED_AFTER_DRAFT
    )


def _tracked() -> tuple[pghistory.Tracker, ...]:
    return pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()


@pghistory.track(*_tracked(), meta=log_stays())
class BidConsortium(models.Model):
    """A consortium inside a bid. `consortium` is the one minted for it at release."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="consortia")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    form = models.CharField(max_length=200, blank=True)
    consortium = models.OneToOneField(Consortium, models.PROTECT, related_name="bid", null=True, blank=True)

    objects = BidPartQuerySet.as_manager()

    class Meta:
        ordering = ["bid", "position"]
        verbose_name_plural = "bid consortia"
        constraints = [
            models.UniqueConstraint("bid", "position", name="one_consortium_a_position"),
            models.CheckConstraint(name="bid_consortium_is_named", condition=~Q(name="")),
        ]
        triggers = [
            locked_after_draft(pgtrigger.Insert | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="named_as_submitted",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=NAMED_AS_SUBMITTED,
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(*_tracked(), meta=log_stays())
class BidPractice(models.Model):
    """A practice that a bid names: a claim of the bid, not a membership (domain.md rule 3)."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="practices")
    consortium = models.ForeignKey(BidConsortium, models.PROTECT, related_name="practices")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="bid_claims")

    objects = BidPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("bid", "practice", name="one_claim_a_practice_a_bid")]
        triggers = [
            locked_after_draft(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_the_same_bid",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=OF_THE_SAME_BID,
            ),
        ]


@pghistory.track(*_tracked(), meta=log_stays())
class Answer(models.Model):
    """What a bid says on one criterion."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="answers")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    text = models.TextField()

    objects = BidPartQuerySet.as_manager()

    class Meta:
        ordering = ["bid", "criterion__position"]
        constraints = [
            models.UniqueConstraint("bid", "criterion", name="one_answer_a_criterion"),
            models.CheckConstraint(name="answer_says_something", condition=~Q(text="")),
        ]
        triggers = [locked_after_draft(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete)]
