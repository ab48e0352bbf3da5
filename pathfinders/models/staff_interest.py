from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from consortia.models import Consortium
from pathfinders.models.bid import Bid
from registry.triggers import log_stays, no_removal

ENDED_ONCE = """
IF OLD.ended_on IS NOT NULL OR to_jsonb(NEW) - 'ended_on' IS DISTINCT FROM to_jsonb(OLD) - 'ended_on' THEN
    RAISE EXCEPTION 'a declaration is never changed; it is ended once' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class StaffInterestQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> StaffInterestQuerySet:
        """Programme staff see their own declarations, and each other's but for those in bids of their own, which would
        tell who decides or assesses them; nobody else sees any."""
        from registry.authorization import Permission, may

        if not may(user, Permission.SEE_CASEWORK):
            return self.none()
        return self.filter(~Q(bid__in=Bid.objects.own(user)) | Q(bid=None) | Q(user=user.pk))

    def of(self, user: Any, bid: Bid) -> bool:
        """Whether a standing declaration of the user touches the bid. One question for the many who declared none."""
        mine = self.filter(user=user.pk, ended_on=None)
        return mine.exists() and mine.in_bid(bid).exists()

    def in_bid(self, bid: Bid) -> StaffInterestQuerySet:
        """Standing declarations that touch the bid: of itself, of one that it resubmits, or of a consortium that holds
        one of its practices or was minted for it."""
        from consortia.models import Membership

        chain, seen = [], bid
        while seen is not None:
            chain.append(seen.pk)
            seen = seen.earlier  # type: ignore[assignment]
        holding = (
            Membership.objects.current()
            .filter(practice__bid_claims__bid=bid.pk, effective__contains=bid.as_at)
            .values("consortium")
        )
        minted = Consortium.objects.filter(bid__bid__in=chain).values("pk")
        return self.filter(Q(ended_on=None)).filter(
            Q(bid__in=chain) | Q(consortium__in=holding) | Q(consortium__in=minted)
        )


@pghistory.track(meta=log_stays())
class StaffInterest(models.Model):
    """An interest that a member of staff declares in a bid or a consortium: while it stands they neither assess nor
    decide it (domain.md rule 10)."""

    user = models.ForeignKey("registry.User", models.PROTECT, related_name="interests")
    bid = models.ForeignKey(Bid, models.PROTECT, related_name="interests", null=True, blank=True)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="+", null=True, blank=True)
    text = models.TextField()
    declared_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = StaffInterestQuerySet.as_manager()

    class Meta:
        ordering = ["-declared_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="interest_in_one_thing",
                condition=Q(bid=None, consortium__isnull=False) | Q(bid__isnull=False, consortium=None),
            ),
            models.CheckConstraint(name="interest_says_what", condition=~Q(text="")),
            models.CheckConstraint(
                name="interest_ends_after", condition=Q(ended_on=None) | Q(ended_on__gte=F("declared_on"))
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="ended_once", when=pgtrigger.Before, operation=pgtrigger.Update, func=ENDED_ONCE),
            *no_removal("declarations (end them)"),
        ]
