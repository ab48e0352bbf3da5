"""Who sees which bids: every read of the programme starts here (architecture.md section 5)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.expressions import Combinable

from consortia.models import ConsortiumSuccession
from pathfinders.states import EMBARGOED, OPEN_STATES, UNDER_ASSESSMENT, BidState
from practices.models import BodyParticulars, PracticeParent
from registry import clock
from registry.authorization import Permission, may, objects_of

OUTSIDE_FIELDS = (
    "ref",
    "name",
    "form",
    "partners",
    "as_at",
    "submitted_on",
    "agrees_to_be_named",
)
"""What the bidder, PCT and SHA may read of a bid's row. None of it moves by staff's work."""


def _signed_in(user: Any) -> bool:
    return bool(getattr(user, "is_authenticated", False)) and user.is_active


class BidQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> BidQuerySet:
        """Programme staff: all. A lead and deputies: their own. An SHA or PCT: submitted ones with a practice of
        theirs on the bid's own date. Everybody else: none."""
        if not _signed_in(user):
            return self.none()
        if may(user, Permission.SEE_CASEWORK):
            return self
        return self.filter(_own(user) | _in_region(user))

    def own(self, user: Any) -> BidQuerySet:
        """Of these, the bids that the user leads or is a deputy of."""
        return self.filter(_own(user))

    def waiting(self) -> BidQuerySet:
        """Of these, the bids that are not drafts and whose outcome is not announced."""
        return self.filter(state__in=OPEN_STATES)

    def in_region(self, user: Any) -> BidQuerySet:
        """Of these, the submitted bids with a practice of the user's PCT or SHA on the bid's own date."""
        return self.filter(_in_region(user))

    def shown_to(self, user: Any) -> models.QuerySet[Any, dict[str, Any]]:
        """Rows (dicts) of what this user may read of each bid: OUTSIDE_FIELDS, `shown_state` and `shown_version` (the
        one to give with a step: `version` for staff on a case, `lead_version` for its lead and deputies).

        For pages and API of the bidder, PCT and SHA: the model's other fields are casework. A PCT or SHA is shown no
        version (None): a return moves `lead_version`, of which they are not told.
        """
        told = Case(
            *([When(~_own(user), then=F("state"))] if may(user, Permission.SEE_CASEWORK) else []),
            When(state__in=EMBARGOED, then=Value(UNDER_ASSESSMENT)),
            When(~_own(user), state=BidState.RETURNED, then=Value(UNDER_ASSESSMENT)),
            default=F("state"),
            output_field=models.CharField(),
        )
        version = Case(
            When(_own(user), then=F("lead_version")),
            *([When(~_own(user), then=F("version"))] if may(user, Permission.SEE_CASEWORK) else []),
            output_field=models.PositiveIntegerField(null=True),
        )
        shown = self.visible_to(user).annotate(shown_state=told, shown_version=version)
        return shown.values(*OUTSIDE_FIELDS, "shown_state", "shown_version")


def own_refs(user: Any) -> set[str]:
    """Bids and consortia that the user holds a lead's or deputy's role for, and the consortia that these came from: the
    bids of those are theirs still."""
    refs = objects_of(user, "consortium_deputy") | objects_of(user, "consortium_lead")
    if refs and not hasattr(user, "_refs_before"):  # asked of every bid of a list; read once, like the roles
        user._refs_before = ConsortiumSuccession.objects.before(refs, clock.today())
    return refs | getattr(user, "_refs_before", set())


def _own(user: Any) -> Combinable | Q:
    from pathfinders.models import BidConsortium

    if not _signed_in(user):
        return Q(pk__in=[])
    refs = own_refs(user)
    minted = BidConsortium.objects.filter(bid=OuterRef("pk"), consortium__ref__in=refs)
    return Q(lead=user) | Q(ref__in=refs) | (Exists(minted) if refs else Q(pk__in=[]))


def _in_region(user: Any) -> Combinable | Q:
    """Submitted bids that name a practice whose parent, or the body above it, the user works for."""
    from pathfinders.models import BidPractice

    pcts, shas = objects_of(user, "pct_lead"), objects_of(user, "sha_assessor")
    if not pcts and not shas:
        return Q(pk__in=[])
    of_sha = BodyParticulars.objects.current().filter(
        effective__contains=OuterRef(OuterRef(OuterRef("as_at"))),
        body=OuterRef("parent"),
        above__code__in=shas,
    )
    touching = (
        PracticeParent.objects.current()
        .filter(practice=OuterRef("practice"), effective__contains=OuterRef(OuterRef("as_at")))
        .filter(Q(parent__code__in=pcts) | Exists(of_sha))
    )
    named = BidPractice.objects.filter(Exists(touching), bid=OuterRef("pk"))
    return Q(submitted_on__isnull=False) & ~Q(state=BidState.DRAFT) & Exists(named)


class BidPartQuerySet(models.QuerySet):
    """Rows of a bid that its readers may read: consortia, practices, answers."""

    def visible_to(self, user: Any) -> BidPartQuerySet:
        from pathfinders.models import Bid

        if may(user, Permission.SEE_CASEWORK):
            return self
        return self.filter(bid__in=Bid.objects.visible_to(user))


class ClaimQuerySet(BidPartQuerySet):
    def asked_of(self, user: Any) -> ClaimQuerySet:
        """The rows of open bids that name a practice which the user manages: theirs to answer until the announcement."""
        if not _signed_in(user):
            return self.none()
        return self.filter(practice__code__in=objects_of(user, "practice_manager"), bid__state__in=OPEN_STATES)


class ReplyQuerySet(models.QuerySet):
    """Rows between staff and a bid's lead: returns, reviews, wishes to withdraw. The bid is at `BID`."""

    BID = "bid"

    def visible_to(self, user: Any) -> ReplyQuerySet:
        from pathfinders.models import Bid

        if may(user, Permission.SEE_CASEWORK):
            return self
        if not _signed_in(user):
            return self.none()
        return self.filter(**{f"{self.BID}__in": Bid.objects.own(user)})


class ReviewQuerySet(ReplyQuerySet):
    BID = "decision__bid"


class ConditionQuerySet(models.QuerySet):
    """Programme staff: all but those of a bid of their own before release; a lead: those of announced decisions."""

    def visible_to(self, user: Any) -> ConditionQuerySet:
        from pathfinders.models import Bid

        if not _signed_in(user):
            return self.none()
        own = Q(decision__bid__in=Bid.objects.own(user))
        told = own & Q(decision__number__lte=F("decision__bid__released_number"))
        return self.filter(~own | told) if may(user, Permission.SEE_CASEWORK) else self.filter(told)


def asked_of(user: Any) -> Q:
    """Stages that are the user's own to answer."""
    pcts, shas = objects_of(user, "pct_lead"), objects_of(user, "sha_assessor")
    return Q(kind="pct", body__code__in=pcts) | Q(kind="sha", body__code__in=shas)


class StageQuerySet(models.QuerySet):
    """A PCT: its own. An SHA: its own and those of its PCTs. Programme staff: all. Nobody: those of a bid of their own."""

    def visible_to(self, user: Any) -> StageQuerySet:
        from pathfinders.models import Bid

        if not _signed_in(user):
            return self.none()
        others = self.exclude(bid__in=Bid.objects.own(user))
        if may(user, Permission.SEE_CASEWORK):
            return others
        return others.filter(asked_of(user) | Q(above__code__in=objects_of(user, "sha_assessor")))


class CaseworkQuerySet(models.QuerySet):
    """Rows that only programme staff see: findings, decisions. Never of a bid of their own."""

    def visible_to(self, user: Any) -> CaseworkQuerySet:
        from pathfinders.models import Bid

        if not may(user, Permission.SEE_CASEWORK):
            return self.none()
        return self.exclude(bid__in=Bid.objects.own(user))
