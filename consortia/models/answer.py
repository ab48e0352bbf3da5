from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from consortia.models.consortium import Consortium
from consortia.models.contact import Origin
from consortia.models.membership import Proof
from consortia.models.request import AddressFlag, CaseQuerySet, ConfirmationRequest
from practices.models import Practice
from registry import clock
from registry.triggers import log_stays, no_removal

ANSWER_STAYS = """
IF to_jsonb(NEW) - '{text,who,taken_back_on,taken_back_entry_id}'::text[]
    IS DISTINCT FROM to_jsonb(OLD) - '{text,who,taken_back_on,taken_back_entry_id}'::text[]
    OR NEW.who NOT IN ('', OLD.who) OR NEW.text NOT IN ('', OLD.text)
    OR OLD.taken_back_on IS NOT NULL
    AND (NEW.taken_back_on, NEW.taken_back_entry_id) IS DISTINCT FROM (OLD.taken_back_on, OLD.taken_back_entry_id) THEN
    RAISE EXCEPTION 'what a practice answered is never changed: it takes it back and answers again'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class Answer(models.TextChoices):
    """What a practice says to "X lists you as a member: is that right?"."""

    CONFIRMED = "confirmed", "Yes, we are a member"
    DISPUTED = "disputed", "No, we are not"
    UNDECIDED = "undecided", "We have not decided"


@pghistory.track(exclude=["text", "who"], meta=log_stays())
class MembershipAnswer(models.Model):
    """What a practice answered about its membership, by what way, and the entry of the journal that it made.

    `who` (name and post, as given) and `text` are personal and erasable. `origin` and `flag`: of the address that the
    link went to. `document`: SHA-256 of the scan where it was signed on paper; `recorded_by`: who recorded that, or the
    manager who was signed in. It can be taken back (`taken_back_on`), and never changed.
    """

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="answers")
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="answers")
    request = models.ForeignKey(ConfirmationRequest, models.PROTECT, related_name="answers", null=True, blank=True)
    answer = models.CharField(max_length=10, choices=Answer)
    reason = models.CharField(max_length=20, blank=True)
    text = models.TextField(blank=True)
    who = models.CharField(max_length=200, blank=True)
    how = models.CharField(max_length=10, choices=Proof)
    origin = models.CharField(max_length=10, choices=Origin, blank=True)
    flag = models.CharField(max_length=20, choices=AddressFlag, blank=True)
    document = models.CharField(max_length=64, blank=True)
    document_name = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+", null=True, blank=True)
    answered_on = models.DateField()
    at = models.DateTimeField(default=clock.now)
    entry = models.ForeignKey("registry.Entry", models.PROTECT, related_name="+", null=True, blank=True)
    taken_back_on = models.DateField(null=True, blank=True)
    taken_back_entry = models.ForeignKey("registry.Entry", models.PROTECT, related_name="+", null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="answer_known", condition=Q(answer__in=Answer.values)),
            models.CheckConstraint(
                name="answer_dispute_says_why",
                condition=~Q(answer="disputed") & Q(reason="") | Q(answer="disputed") & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="answer_on_paper_has_a_scan",
                condition=Q(how="paper", document__regex=r"^[0-9a-f]{64}$") | ~Q(how="paper") & Q(document=""),
            ),
            models.CheckConstraint(
                name="answer_came_from_somebody",
                condition=Q(how__in=["paper", "signed_in"], recorded_by__isnull=False)
                | Q(how__in=["link", "letter"], request__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_address_known",
                condition=Q(origin__in=["", *Origin.values], flag__in=AddressFlag.values),
            ),
            models.CheckConstraint(
                name="answer_taken_back_later",
                condition=Q(taken_back_on=None, taken_back_entry=None)
                | Q(taken_back_on__isnull=False, taken_back_on__gte=models.F("answered_on")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="stays", when=pgtrigger.Before, operation=pgtrigger.Update, func=ANSWER_STAYS),
            *no_removal("answers of practices"),
        ]
