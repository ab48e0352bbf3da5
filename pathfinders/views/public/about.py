"""What the register is, how it counts, how accessible it is, whose data it holds, and how a bid moves."""

from __future__ import annotations

from typing import Any

from pathfinders.diagram import arrows, drawing
from pathfinders.states import ACTIONS, BidState, Row, rows
from pathfinders.views.public.base import PublicStatic
from registry.authorization import ROLES
from registry.pages.tables import Column, Table


class AboutPage(PublicStatic):
    template_name = "public/about.html"
    extra_context = {"title": "About this register"}


class WorkflowPage(PublicStatic):
    """The table of states, printed from the table that guards every action."""

    template_name = "public/workflow.html"
    columns = (
        Column("state", "In the state", show=lambda row: row.state.label),
        Column("action", "this can be done", show=lambda row: ACTIONS[row.action].label),
        Column("whose", "by", show=lambda row: who(row)),
        Column("to", "and leads to", show=lambda row: row.to.label if row.to != row.state else "the same state"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = list(BidState)
        table = sorted(rows(), key=lambda row: order.index(row.state))
        return super().get_context_data(
            title="How a bid moves",
            crumbs=[("About", "/about/")],
            drawing=drawing(),
            ways=[(a.number, a.start.label, a.end.label, ", or ".join(a.actions)) for a in arrows()],
            table=Table(self.columns, table, "Every step of a bid", caption_spoken=True),
            **kwargs,
        )


def who(row: Row) -> str:
    """The roles that may, and which of their holders."""
    roles = [role.name for role in ROLES.values() if row.permission in role.permissions]
    return f"{', '.join(roles)}: {row.whose.value}"
