"""What a bid's page says of the time after its announcements: reviews, wishes, conditions, interests, rounds, bids beside it."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value

from pathfinders.models import (
    Bid,
    Condition,
    Decision,
    PathfinderParticulars,
    Reason,
    ReleasedDecision,
    Review,
    StaffInterest,
    Withdrawal,
)
from pathfinders.rounds import findings_by_decision
from pathfinders.views.access import staff_bids
from pathfinders.views.shown import FINDING_TAGS, OUTCOME_TAGS
from registry import clock


def after(bid: Bid, user: Any) -> dict[str, Any]:
    """For the template `staff/parts/after.html`, under one name."""
    interests = StaffInterest.objects.visible_to(user).in_bid(bid).select_related("user", "bid", "consortium")
    told = {"interests": interests, "earlier": bid.earlier, "later": bid.later_bid()}
    return {"after": told | (_decided_so_far(bid, user) if bid.decision_number else {})}


def _decided_so_far(bid: Bid, user: Any) -> dict[str, Any]:
    today = clock.today()
    reviews = Review.objects.visible_to(user).filter(decision__bid=bid).order_by("decision__number")
    return {
        "rounds": decided(bid, user),
        "reviews": reviews.select_related("decision", "asked_by", "settled_by"),
        "wishes": Withdrawal.objects.visible_to(user).filter(bid=bid).select_related("asked_by", "settled_by"),
        "conditions": [
            {"row": c, "overdue": c.overdue(today), "stands": c.decision.number == bid.decision_number}
            for c in conditions_of(bid, user)
        ],
    }


def conditions_of(bid: Bid, user: Any) -> QuerySet[Condition]:
    """Every condition of every decision on the bid."""
    rows = Condition.objects.visible_to(user).filter(decision__bid=bid)
    return rows.select_related("decision", "discharged_by").order_by("decision__number", "position")


def decided(bid: Bid, user: Any) -> list[dict[str, Any]]:
    """Each decision with its reasons in words and the findings as they stood when it was made, newest first."""
    rounds, reasons = findings_by_decision(bid), {r.key: r for r in Reason.objects.visible_to(user)}
    rows = Decision.objects.visible_to(user).filter(bid=bid).select_related("decided_by").order_by("-number")
    return [
        {
            "decision": d,
            "tag": OUTCOME_TAGS[d.outcome],
            "reasons": [reasons[key] for key in d.reasons if key in reasons],
            "findings": [(f, FINDING_TAGS[f.finding]) for f in rounds.get(d.number, [])],
        }
        for d in rows
    ]


def reviews_waiting(user: Any) -> QuerySet[Review]:
    return Review.objects.visible_to(user).filter(outcome="", decision__bid__in=staff_bids(user))


def wishes_waiting(user: Any) -> QuerySet[Withdrawal]:
    return Withdrawal.objects.visible_to(user).filter(outcome="", bid__in=staff_bids(user))


def conditions_open(user: Any) -> QuerySet[Condition]:
    """Conditions of standing, announced approvals that are not discharged, of pathfinders that go on."""
    standing = PathfinderParticulars.objects.current().filter(
        effective__upper_inf=True, pathfinder__decisions__bid=OuterRef("decision__bid__ref")
    )
    told = ReleasedDecision.objects.current().filter(
        bid=OuterRef("decision__bid__ref"), number=OuterRef("decision__number")
    )
    last = Condition.objects.visible_to(user).filter(discharged_on=None, decision__bid__in=staff_bids(user))
    later = ReleasedDecision.objects.current().filter(
        bid=OuterRef("decision__bid__ref"), number__gt=OuterRef("decision__number")
    )
    return last.filter(Exists(told), Exists(standing), ~Exists(later))


def waiting_for_staff(user: Any) -> dict[str, int]:
    """How many of each wait for staff after their announcement. One query."""
    kinds = {
        "reviews": reviews_waiting(user),
        "wishes": wishes_waiting(user),
        "overdue": conditions_open(user).filter(due_on__lt=clock.today()),
    }
    first, *rest = (
        rows.order_by().values_list(Value(kind, output_field=CharField()), "pk") for kind, rows in kinds.items()
    )
    found = [kind for kind, _ in first.union(*rest, all=True)]
    return {kind: found.count(kind) for kind in kinds}
