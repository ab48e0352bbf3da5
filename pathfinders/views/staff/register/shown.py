"""A plan as tables."""

from __future__ import annotations

from typing import Any

from pathfinders.succession.plan import Plan
from pathfinders.views.public.practices import MEMBERSHIP_TAGS
from registry.changes import Change
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table
from registry.timeline import last_day

FLAGS = {"dormant": "Dormant: carried", "closes": "Closes later: carried"}
SHOWN_APART = ("membership",)
"""Facts that the table of members tells."""


def _days(start: Any, after: Any) -> str:
    last = last_day(after)
    return f"{long_date(start) if start else 'Before records'}{f' to {long_date(last)}' if last else ' on'}"


def _last(row: Any) -> str:
    last = last_day(row.after)
    return long_date(last) if last else ""


def _said(change: Change) -> str:
    return "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in change.values if value)


MEMBERS = (
    Column("code", "Practice", href="/practices/{code}/"),
    Column("name", "Name"),
    Column("status", "Membership", kind="tag", tags=MEMBERSHIP_TAGS),
    Column("gone", "From"),
    Column("to", "To", empty="No consortium"),
    Column("start", "From the day", kind="date"),
    Column("after", "To (last day)", show=_last, empty="no last day"),
    Column("flag", "Note", show=lambda m: FLAGS.get(m.flag, "Joins only then" if m.joins else ""), empty=""),
)
FACTS = (
    Column("begins", "What", show=lambda c: "Begins" if c.begins else "Ends or is replaced"),
    Column("kind", "Kind of fact", show=lambda c: c.kind.replace("_", " ").capitalize()),
    Column("values", "What it says", show=_said),
    Column("start", "Days", show=lambda c: _days(c.start, c.after)),
)
FIGURES = (
    Column("name", "Body", show=lambda f: f"{f.name} ({f.ref})" if f.ref else f"{f.name} (new)"),
    Column("kind", "Kind", show=lambda f: f.kind.capitalize()),
    Column("practices_before", "Practices before", kind="number", empty="none"),
    Column("practices_after", "Practices after", kind="number", empty="none"),
    Column("people_before", "People before", kind="number", empty="none"),
    Column("people_after", "People after", kind="number", empty="none"),
)
ROLES = (
    Column("name", "Person"),
    Column("role", "Role"),
    Column("gone", "Ends for"),
    Column("to", "Begins for", show=lambda r: ", ".join(r.to), empty="None"),
    Column("on", "On", kind="date"),
)


def shown(plan: Plan) -> dict[str, Any]:
    """Context of `staff/register/preview.html`."""

    def table(columns: Any, rows: Any, caption: str) -> Table | None:
        return Table(columns, list(rows), caption, caption_spoken=True) if rows else None

    facts = [c for c in plan.changes if c.kind not in SHOWN_APART or not plan.members]
    return {
        "figures": table(FIGURES, plan.figures, "Figures before and after"),
        "members": table(MEMBERS, plan.members, "Members carried over"),
        "facts": table(FACTS, facts, "What ends and what begins"),
        "roles": table(ROLES, plan.roles, "Roles that move"),
    }
