"""What a lead reads of a bid's announced decisions, and what can be done after them. Nothing of what is not announced."""

from __future__ import annotations

from typing import Any, NamedTuple

from pathfinders.actions.decision import hold
from pathfinders.models import (
    Bid,
    Condition,
    Decision,
    Reason,
    ReleasedDecision,
    Review,
    Withdrawal,
)
from pathfinders.rounds import findings_by_decision
from pathfinders.states import ACTIONS, BidState, why_not
from pathfinders.views.shown import FINDING_TAGS
from registry import clock
from registry.models import Mail, MailState
from registry.moment import Moment

PATHS = {
    "request_review": "review/",
    "answer_condition": "conditions/",
    "resubmit": "again/",
    "ask_to_withdraw": "leave/",
}
STATES = {"overdue": ("Overdue", "red"), "open": ("Open", "yellow"), "discharged": ("Discharged", "green")}


class Choice(NamedTuple):
    label: str
    href: str
    why: str | None


def after(bid: Bid, user: Any) -> dict[str, Any]:
    """For the template `lead/parts/after.html`, under one name."""
    ended = bid.state in (BidState.RELEASED, BidState.WITHDRAWN)
    choices = [Choice(ACTIONS[n].label, path, why_not(bid, user, n)) for n, path in PATHS.items()] if ended else []
    return {
        "announced": {
            "decisions": decisions(bid, user),
            "wishes": Withdrawal.objects.visible_to(user).filter(bid=bid).order_by("-pk"),
            "earlier": bid.earlier,
            "later": bid.later_bid(),
            "possible": [c for c in choices if c.why is None],
            "impossible": [c for c in choices if c.why is not None],
        }
    }


def decisions(bid: Bid, user: Any) -> list[dict[str, Any]]:
    """The announced decisions, newest first: reasons, findings with notes, conditions, the letter, the review of each."""
    if not bid.released_number:
        return []
    told = ReleasedDecision.objects.visible_to(user).at(Moment.now()).filter(bid=bid.ref)
    facts = list(told.select_related("pathfinder").order_by("-number"))
    reasons = {r.key: r for r in Reason.objects.visible_to(user)}
    rounds = findings_by_decision(bid)
    reviews = {r.decision.number: r for r in _reviews(bid, user)}
    conditions = list(
        Condition.objects.visible_to(user)
        .filter(decision__bid=bid)
        .select_related("decision", "discharged_by")
        .order_by("position")
    )
    texts = dict(Decision.objects.filter(bid=bid, number__in=[f.number for f in facts]).values_list("number", "text"))
    return [
        {
            "number": fact.number,
            "fact": fact,
            "reasons": [reasons[key] for key in fact.reasons.split() if key in reasons],
            "findings": [(f, FINDING_TAGS[f.finding]) for f in rounds.get(fact.number, [])],
            "conditions": [(c, _state(c)) for c in conditions if c.decision.number == fact.number],
            "letter": _letter(bid, fact),
            "text": texts.get(fact.number, ""),
            "review": reviews.get(fact.number),
        }
        for fact in facts
    ]


def announced_findings(bid: Bid, user: Any) -> dict[str, Any]:
    """The findings of the newest announced decision by their criterion's key; none before the first."""
    if not bid.released_number:
        return {}
    return {f.criterion.key: f for f in findings_by_decision(bid).get(bid.released_number, [])}


def _reviews(bid: Bid, user: Any) -> Any:
    return Review.objects.visible_to(user).filter(decision__bid=bid).select_related("decision")


def _state(condition: Condition) -> tuple[str, str]:
    if condition.discharged_on:
        return STATES["discharged"]
    return STATES["overdue" if condition.overdue(clock.today()) else "open"]


def _letter(bid: Bid, fact: ReleasedDecision) -> Mail | None:
    """The letter that left with the decision's wave, where it is still kept."""
    left = Mail.objects.filter(about=bid.ref, held_for=hold(fact.wave), recipient=bid.lead.ref)
    return left.exclude(state=MailState.HELD).exclude(body="").order_by("-pk").first()
