"""What the register is, how it counts, how accessible it is, whose data it holds, and how a bid moves."""

from __future__ import annotations

from typing import Any

from pathfinders.diagram import arrows, drawing
from pathfinders.states import ACTIONS, BidState, Row, rows
from pathfinders.views.public.base import PublicStatic
from pathfinders.wave_states import ACTIONS as WAVE_ACTIONS
from pathfinders.wave_states import WaveAction, WaveState
from registry.authorization import ROLES, Permission
from registry.pages.tables import Column, Table


class AboutPage(PublicStatic):
    template_name = "public/about.html"
    extra_context = {"title": "About this register"}


class WorkflowPage(PublicStatic):
    """The table of states, printed from the table that guards every action."""

    template_name = "public/workflow.html"
    wave_columns = (
        Column("state", "In the state", show=lambda row: row[0].label),
        Column("action", "this can be done", show=lambda row: row[1].label),
        Column("whose", "by", show=lambda row: roles(row[1].permission)),
        Column("to", "and leads to", show=lambda row: row[2].label if row[2] != row[0] else "the same state"),
    )
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
            title="How a bid and a wave move",
            crumbs=[("About", "/about/")],
            drawing=drawing(),
            ways=[(a.number, a.start.label, a.end.label, ", or ".join(a.actions)) for a in arrows()],
            table=Table(self.columns, table, "Every step of a bid", caption_spoken=True),
            wave_ways=wave_ways(),
            wave_table=Table(self.wave_columns, wave_steps(), "Every step of a wave", caption_spoken=True),
            **kwargs,
        )


def who(row: Row) -> str:
    """The roles that may, and which of their holders."""
    return f"{roles(row.permission)}: {row.whose.value}"


def roles(permission: Permission) -> str:
    """The names of the roles that hold it."""
    return ", ".join(role.name for role in ROLES.values() if permission in role.permissions)


def wave_steps() -> list[tuple[WaveState, WaveAction, WaveState]]:
    """Every (state, action, state it leads to) of a wave, by state."""
    return [(s, action, action.moves[s]) for s in WaveState for action in WAVE_ACTIONS.values() if s in action.moves]


def wave_ways() -> list[tuple[str, str, str]]:
    """Every way from one state of a wave to another, and what takes it there."""
    return [(start.label, end.label, action.label) for start, action, end in wave_steps() if start != end]
