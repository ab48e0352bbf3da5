from __future__ import annotations

from datetime import date

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from pathfinders.models.bid import Bid
from pathfinders.models.criteria import CriteriaSet, Criterion
from pathfinders.models.finding import FindingValue
from pathfinders.querysets import StageQuerySet
from practices.models import ParentBody
from registry.triggers import log_stays, no_removal

ASKED_AS_ASKED = """
IF (NEW.bid_id, NEW.kind, NEW.body_id, NEW.above_id, NEW.criteria_id, NEW.asked_on)
    IS DISTINCT FROM (OLD.bid_id, OLD.kind, OLD.body_id, OLD.above_id, OLD.criteria_id, OLD.asked_on) THEN
    RAISE EXCEPTION 'whom a bid was put to, when and on which criteria, is never changed'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class StageKind(models.TextChoices):
    PCT = "pct", "PCT comment"
    SHA = "sha", "SHA assessment"


class View(models.TextChoices):
    SUPPORT = "support", "Supports the bid"
    RESERVATIONS = "reservations", "Supports it with reservations"
    AGAINST = "against", "Does not support it"


class StageStatus(models.TextChoices):
    """How a stage stands on a day; a silent one blocks nothing."""

    WAITING = "waiting", "Waiting for a reply"
    REPLIED = "replied", "Replied"
    LATE = "late", "Replied after its date"
    NO_REPLY = "no_reply", "No reply"


@pghistory.track(meta=log_stays())
class Stage(models.Model):
    """A PCT's comment on a bid, or an SHA's assessment and recommendation: asked at submission, answered or not.

    One a body with a practice in the bid (`above`: the SHA above a PCT, as at the bid's date). `criteria`: the SHA's
    own set in force at submission, which the bid locked (domain.md rule 13). Unanswered by `due_on` it is "no reply".
    """

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="stages")
    kind = models.CharField(max_length=3, choices=StageKind)
    body = models.ForeignKey(ParentBody, models.PROTECT, related_name="+")
    above = models.ForeignKey(ParentBody, models.PROTECT, related_name="+", null=True, blank=True)
    criteria = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="+", null=True, blank=True)
    asked_on = models.DateField()
    due_on = models.DateField()
    view = models.CharField(max_length=12, choices=View, blank=True)
    text = models.TextField(blank=True)
    replied_on = models.DateField(null=True, blank=True)
    replied_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = StageQuerySet.as_manager()

    class Meta:
        ordering = ["bid", "kind", "body__code"]
        constraints = [
            models.UniqueConstraint("bid", "body", name="one_stage_a_body"),
            models.CheckConstraint(name="stage_kind_known", condition=Q(kind__in=StageKind.values)),
            models.CheckConstraint(name="stage_due_after_asked", condition=Q(due_on__gte=F("asked_on"))),
            models.CheckConstraint(name="stage_criteria_are_shas", condition=Q(criteria=None) | Q(kind="sha")),
            models.CheckConstraint(
                name="stage_reply_is_whole",
                condition=Q(view="", text="", replied_on=None, replied_by=None)
                | Q(view__in=View.values, replied_on__isnull=False, replied_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="asked_as_asked", when=pgtrigger.Before, operation=pgtrigger.Update, func=ASKED_AS_ASKED
            ),
            *no_removal("stages"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.body.code}"

    def status(self, today: date) -> StageStatus:
        """How it stands on a day (London)."""
        if self.replied_on is None:
            return StageStatus.NO_REPLY if today > self.due_on else StageStatus.WAITING
        return StageStatus.LATE if self.replied_on > self.due_on else StageStatus.REPLIED


@pghistory.track(meta=log_stays())
class StageFinding(models.Model):
    """What an SHA finds on one criterion of its own set."""

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="findings")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    finding = models.CharField(max_length=12, choices=FindingValue)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["stage", "criterion__position"]
        constraints = [
            models.UniqueConstraint("stage", "criterion", name="one_stage_finding_a_criterion"),
            models.CheckConstraint(name="stage_finding_is_known", condition=Q(finding__in=FindingValue.values)),
        ]
        triggers = no_removal("findings")
