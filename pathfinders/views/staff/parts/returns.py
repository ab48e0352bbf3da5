"""The returns of a bid for information, with what its lead changed in answer to each; and the service clock."""

from __future__ import annotations

from typing import Any

from pathfinders.models import Bid, Reason, Return
from pathfinders.service import Clock, Standing, clock_of
from pathfinders.since_return import changes_since
from pathfinders.views.shown import CLOCK_TAGS
from registry import clock
from registry.pages.forms import long_date


def returns_of(bid: Bid, user: Any, *, changes: bool = True) -> list[dict[str, Any]]:
    """Newest first, with the words of their reasons; `changes`: with what was changed in answer (staff's page)."""
    found = list(Return.objects.visible_to(user).filter(bid=bid).select_related("returned_by").order_by("-number"))
    labels = dict(Reason.objects.values_list("key", "label")) if found else {}
    return [
        {
            "row": row,
            "reasons": [labels[key] for key in row.reasons if key in labels],
            "changes": changes_since(row) if changes else [],
        }
        for row in found
    ]


def clock_row(bid: Bid, returns: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The service clock in words, with its tag; None where it does not run."""
    waiting = [r["row"].returned_on for r in returns if r["row"].answered_on is None]
    found = clock_of(bid, clock.today(), waiting[0] if waiting else None)
    return {"tag": CLOCK_TAGS[found.standing], "words": clock_words(found)} if found else None


def clock_words(told: Clock) -> str:
    days = f"{told.used} of {told.target} working days"
    if told.standing == Standing.PAUSED:
        return f"{days}; the clock stands still while the bid is returned"
    return f"{days}; {'was' if told.over else 'is'} due to be decided by {long_date(told.due_on)}"
