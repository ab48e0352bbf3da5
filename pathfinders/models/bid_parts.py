"""What a bid is made of: rows that its lead writes while it is a draft, and that Postgres locks after."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from consortia.models import Consortium
from pathfinders.models.bid import Bid
from pathfinders.models.criteria import Criterion
from pathfinders.querysets import BidPartQuerySet, ClaimQuerySet
from practices.models import Practice
from registry import clock
from registry.triggers import log_stays, refuse

LOCKED_AFTER_DRAFT = """
IF NOT EXISTS (
    SELECT 1 FROM pathfinders_bid b WHERE b.id = COALESCE(NEW.bid_id, OLD.bid_id) AND b.state IN ('draft', 'returned')
) THEN
    RAISE EXCEPTION 'what a bid says is fixed once it is submitted (%)', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN COALESCE(NEW, OLD);
"""
NAMED_AS_SUBMITTED = """
IF to_jsonb(NEW) - 'consortium_id' IS DISTINCT FROM to_jsonb(OLD) - 'consortium_id' AND NOT EXISTS (
    SELECT 1 FROM pathfinders_bid b WHERE b.id = OLD.bid_id AND b.id = NEW.bid_id AND b.state IN ('draft', 'returned')
) THEN
    RAISE EXCEPTION 'what a bid says is fixed once it is submitted (%)', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""
CLAIMED_AS_SUBMITTED = """
IF to_jsonb(NEW) - '{answer,answer_text,answered_by_id,answered_on}'::text[]
    IS DISTINCT FROM to_jsonb(OLD) - '{answer,answer_text,answered_by_id,answered_on}'::text[] AND NOT EXISTS (
    SELECT 1 FROM pathfinders_bid b WHERE b.id = OLD.bid_id AND b.id = NEW.bid_id AND b.state IN ('draft', 'returned')
) THEN
    RAISE EXCEPTION 'what a bid says is fixed once it is submitted (%)', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""
LEADS_AS_SUBMITTED = """
IF NOT EXISTS (
    SELECT 1 FROM pathfinders_bid b WHERE b.id = OLD.bid_id AND b.id = NEW.bid_id AND b.state IN ('draft', 'returned')
) AND (NEW.name <> ''
    OR (NEW.bid_id, NEW.position, NEW.could_gain) IS DISTINCT FROM (OLD.bid_id, OLD.position, OLD.could_gain)
) THEN
    RAISE EXCEPTION 'what a bid says is fixed once it is submitted: a leader is only erased (%)', TG_TABLE_NAME
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


class ClaimAnswer(models.TextChoices):
    CONFIRMED = "confirmed", "Confirmed"
    DISPUTED = "disputed", "Disputed"
    UNDECIDED = "undecided", "Undecided"


@pghistory.track(*_tracked(), meta=log_stays())
class BidPractice(models.Model):
    """A practice that a bid names: a claim of the bid, not a membership (domain.md rule 3).

    What the practice answers before release belongs to this row; silence never confirms.
    """

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="practices")
    consortium = models.ForeignKey(BidConsortium, models.PROTECT, related_name="practices")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="bid_claims")
    answer = models.CharField(max_length=10, choices=ClaimAnswer, blank=True)
    answer_text = models.TextField(blank=True)
    answered_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+", null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("bid", "practice", name="one_claim_a_practice_a_bid"),
            models.CheckConstraint(
                name="claim_answer_is_whole",
                condition=Q(answer="", answered_by=None, answered_on=None)
                | Q(answer__in=ClaimAnswer.values, answered_by__isnull=False, answered_on__isnull=False),
            ),
        ]
        triggers = [
            locked_after_draft(pgtrigger.Insert | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="claimed_as_submitted",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=CLAIMED_AS_SUBMITTED,
            ),
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


@pghistory.track(*_tracked(), exclude=["name", "post", "how"], meta=log_stays())
class BidLeader(models.Model):
    """A leader of a bid, with the answer to "Could you or your practice gain from what this consortium buys?".

    The answer is published at release (`LeaderInterest`); name and words about a person stay here, where they can be
    erased (architecture.md section 2); the case log does not repeat them, but keeps that, and why, they were erased.
    """

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="leaders")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    post = models.CharField(max_length=200, blank=True)
    could_gain = models.BooleanField()
    how = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = BidPartQuerySet.as_manager()

    class Meta:
        ordering = ["bid", "position"]
        constraints = [
            models.UniqueConstraint("bid", "position", name="one_leader_a_position"),
            models.CheckConstraint(name="leader_says_how_they_gain", condition=Q(could_gain=False) | ~Q(how="")),
            models.CheckConstraint(
                name="leader_is_named_unless_erased",
                condition=Q(erased_at=None) & ~Q(name="") | Q(erased_at__isnull=False, name="", post=""),
            ),
        ]
        triggers = [
            locked_after_draft(pgtrigger.Insert | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="leads_as_submitted", when=pgtrigger.Before, operation=pgtrigger.Update, func=LEADS_AS_SUBMITTED
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), meta=log_stays())
class Attachment(models.Model):
    """A file that a bid gives as evidence on a criterion, or on none in particular.

    Its bytes lie outside the database and the web root, under the SHA-256 of what they are (`registry.files.keeping`).
    """

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="attachments")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+", null=True, blank=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[("pdf", "PDF"), ("png", "PNG image"), ("jpeg", "JPEG image")])
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    objects = BidPartQuerySet.as_manager()

    class Meta:
        ordering = ["bid", "pk"]
        constraints = [
            models.UniqueConstraint("bid", "criterion", "sha256", name="one_attachment_a_file", nulls_distinct=False),
            models.CheckConstraint(name="attachment_kind_known", condition=Q(kind__in=["pdf", "png", "jpeg"])),
            models.CheckConstraint(name="attachment_hash_shape", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="attachment_has_a_plain_name", condition=~Q(name__regex=r"[/\\]") & ~Q(name="")
            ),
        ]
        triggers = [
            locked_after_draft(pgtrigger.Insert | pgtrigger.Delete),
            refuse("no_update", pgtrigger.Update, "attachments are never changed"),
        ]

    def __str__(self) -> str:
        return self.name
