"""What waits for staff after an announcement: reviews, wishes to leave, conditions, deferrals."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from pathfinders.models import Outcome
from pathfinders.states import BidState
from pathfinders.views.access import StaffOnly, staff_bids
from pathfinders.views.staff.bid import QUEUE
from pathfinders.views.staff.parts.after import conditions_open, reviews_waiting, wishes_waiting
from registry import clock
from registry.pages.tables import Column, Table, look_up

DUE = {True: ("Overdue", "red"), False: ("Open", "yellow")}


class Announced(StaffOnly, TemplateView):
    template_name = "staff/announced.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = self.request.user, clock.today()
        reviews = list(reviews_waiting(user).select_related("decision__bid").order_by("asked_on", "pk"))
        wishes = list(wishes_waiting(user).select_related("bid").order_by("asked_on", "pk"))
        conditions = list(conditions_open(user).select_related("decision__bid").order_by("due_on", "pk"))
        deferred = list(
            staff_bids(user).filter(state=BidState.RELEASED, outcome=Outcome.DEFERRED, later=None).order_by("ref")
        )
        return super().get_context_data(
            title="After the announcement",
            crumbs=[QUEUE],
            sections=[
                ("conditions", "Conditions that are open", _conditions(conditions, today)),
                ("reviews", "Reviews to settle", _table(_bid("decision.bid"), reviews, "Reviews", "Asked for")),
                ("wishes", "Wishes to leave the programme", _table(_bid("bid"), wishes, "Wishes", "Asked")),
                (
                    "deferred",
                    "Deferred, and not made again",
                    Table(_bid(""), deferred, "Deferred bids", caption_spoken=True) if deferred else None,
                ),
            ],
            **kwargs,
        )


def _bid(path: str) -> list[Column]:
    """The bid's reference and name; `path`: where the row holds it."""
    at = f"{path}." if path else ""
    return [
        Column(f"{at}ref", "Bid", href=lambda row: f"/staff/bids/{look_up(row, f'{at}ref')}/"),
        Column(f"{at}name", "Name"),
    ]


def _table(columns: list[Column], rows: list[Any], caption: str, when: str) -> Table | None:
    columns = [*columns, Column("asked_on", when, kind="date")]
    return Table(columns, rows, caption, caption_spoken=True) if rows else None


def _conditions(rows: list[Any], today: Any) -> Table | None:
    columns = [
        *_bid("decision.bid"),
        Column("text", "Condition"),
        Column("due_on", "Due", kind="date"),
        Column("evidence_on", "Evidence given", kind="date", empty="Not yet"),
        Column("state", "State", kind="tag", tags=DUE, show=lambda c: c.overdue(today)),
    ]
    return Table(columns, rows, "Conditions", caption_spoken=True) if rows else None
