from __future__ import annotations

import secrets
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from consortia.models.consortium import Consortium
from consortia.models.contact import Origin
from consortia.models.transfer import TransferRequest
from consortia.states import RequestState, begins, moves_by_the_table
from practices.models import Practice
from registry import clock
from registry.authorization import Permission, may, objects_of
from registry.triggers import log_stays, no_removal

QUESTION_STAYS = """
IF (NEW.practice_id, NEW.consortium_id, NEW.transfer_id, NEW.starts_on, NEW.channel, NEW.nonce, NEW.code, NEW.asked_on)
    IS DISTINCT FROM
    (OLD.practice_id, OLD.consortium_id, OLD.transfer_id, OLD.starts_on, OLD.channel, OLD.nonce, OLD.code, OLD.asked_on)
THEN
    RAISE EXCEPTION 'a question stays what was asked of whom: withdraw it and ask another'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""
"""A secret link or code that went out never comes to speak for another practice or another membership."""


def new_nonce() -> str:
    return secrets.token_urlsafe(24)


class Channel(models.TextChoices):
    MAIL = "mail", "Mail with a link"
    LETTER = "letter", "Printed letter with a code"


class AddressFlag(models.TextChoices):
    """What makes an answer from an address weaker."""

    NONE = "", "None"
    LEADS_OWN = "leads_own", "The lead’s own address"
    SERVES_SEVERAL = "serves_several", "Serves several practices"


def own_consortia(user: Any) -> set[str]:
    """The references of the consortia whose membership the user keeps today, as lead or deputy."""
    return objects_of(user, "consortium_lead") | objects_of(user, "consortium_deputy")


class CaseQuerySet(models.QuerySet):
    """Casework between a practice and a consortium: programme staff see all; a lead or deputy what is with a
    consortium of theirs; a practice's manager what is with their practice. Nobody else anything."""

    CONSORTIA = ("consortium",)

    def visible_to(self, user: Any) -> Any:
        if may(user, Permission.SETTLE_MEMBERSHIP):
            return self
        theirs = Q(practice__code__in=objects_of(user, "practice_manager"))
        for name in self.CONSORTIA:
            theirs |= Q(**{f"{name}__ref__in": own_consortia(user)})
        return self.filter(theirs)


@pghistory.track(exclude=["address", "nonce", "code"], meta=log_stays())
class ConfirmationRequest(models.Model):
    """A question to a practice, by mail with a link or by a printed letter with a code.

    `starts_on`: the first day of the membership asked about. With `transfer`: whether it agrees to that move. `address`
    is personal and erasable; `origin` and `flag` are as they were when it was sent. `nonce` is the secret of the link
    (which is signed, never stored), `code` of the letter. Sending the answer spends both. `version` counts what was
    mailed: a link mailed again is the same link.
    """

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="requests")
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="requests")
    transfer = models.ForeignKey(TransferRequest, models.PROTECT, related_name="requests", null=True, blank=True)
    starts_on = models.DateField()
    channel = models.CharField(max_length=10, choices=Channel)
    address = models.EmailField(blank=True)
    origin = models.CharField(max_length=10, choices=Origin, blank=True)
    flag = models.CharField(max_length=20, choices=AddressFlag, blank=True)
    nonce = models.CharField(max_length=40, unique=True, default=new_nonce)
    code = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.OPEN)
    asked_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    asked_on = models.DateField()
    asked_at = models.DateTimeField(default=clock.now)
    expires_on = models.DateField()
    reminded = models.PositiveSmallIntegerField(default=0)
    reminded_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="request_channel_known", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(
                name="request_address_known",
                condition=Q(origin__in=["", *Origin.values], flag__in=AddressFlag.values),
            ),
            models.CheckConstraint(name="request_expires_later", condition=Q(expires_on__gt=models.F("asked_on"))),
            models.CheckConstraint(
                name="request_state_is_whole",
                condition=Q(state="open", ended_on=None)
                | Q(
                    state__in=["answered", "withdrawn", "expired"],
                    ended_on__isnull=False,
                    ended_on__gte=models.F("asked_on"),
                ),
            ),
            models.CheckConstraint(
                name="request_reminded_is_whole",
                condition=Q(reminded=0, reminded_on=None)
                | Q(reminded__gt=0, reminded_on__isnull=False, reminded_on__gte=models.F("asked_on")),
            ),
            models.CheckConstraint(
                name="request_letter_has_a_code",
                condition=Q(channel="letter", address="") & ~Q(code="") | Q(channel="mail", code=""),
            ),
            models.UniqueConstraint(
                "practice",
                "consortium",
                "channel",
                name="one_open_request",
                condition=Q(state="open", transfer=None),
            ),
        ]
        indexes = [models.Index(fields=["expires_on"], name="request_open", condition=Q(state="open"))]
        triggers = [
            begins(RequestState),
            moves_by_the_table(RequestState),
            pgtrigger.Trigger(name="stays", when=pgtrigger.Before, operation=pgtrigger.Update, func=QUESTION_STAYS),
            *no_removal("questions to practices"),
        ]
