"""How to get the data."""

from __future__ import annotations

from typing import Any

from pathfinders import reference
from pathfinders.api.views import RESOURCES
from pathfinders.reads import snapshots
from pathfinders.reads.coverage import Question, denominator_of
from pathfinders.reads.england import england
from pathfinders.reads.tally import registered
from pathfinders.views.public.base import PublicRecord
from pathfinders.views.public.snapshots import listed
from registry.models import Entry
from registry.moment import Moment
from registry.pages.tables import Column, Table

SAYS = {
    "practices": "GP practices and other prescribing units",
    "parents": "Bodies above practices: PCTs, care trusts, SHAs, CCGs",
    "pcts": "Primary care trusts",
    "shas": "Strategic health authorities",
    "consortia": "Consortia with the members that count",
    "memberships": "Which practice was in which consortium, on a day or over time",
    "pathfinders": "Pathfinders announced by a day",
    "waves": "Released waves",
    "decisions": "Decisions of released waves, with reasons and findings",
    "announcements": "What was announced, claim by claim, beside what the register computes",
    "services": "Local services as they were claimed: planned, running or stopped",
    "coverage": "Practices and people in pathfinders, each figure with its denominator",
    "unaffiliated": "Practices in no consortium",
    "milestones": "Dates of the programme, planned and as they came, with each version",
    "transitions": "How far each trust had handed over, who says so, and what it planned",
    "budgets": "Budgets of trusts by year and service line: delegated, retained, to whom",
    "surveys": "Surveys of the hand-over, each with its base",
    "local-bodies": "Boards, senates and other arrangements under trusts and consortia",
    "clusters": "Clusters of trusts and of authorities; the bodies in them stay in being",
    "crosswalk": "Whose a body’s practices and people are on another day",
    "changes": "The journal: every change ever recorded",
    "snapshots": "Sets of files of the register at a moment, which never change",
}


class DataPage(PublicRecord):
    template_name = "public/data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        newest = Entry.objects.visible_to(self.request.user).order_by("-number").first()
        offered = [(name, f"/api/v1/{name}/", SAYS[name]) for name in RESOURCES if name in SAYS]
        found = snapshots.shown(self.request.user)
        return super().get_context_data(
            title="Get the data",
            offered=offered,
            newest=newest,
            snapshots=found,
            listed=listed(found) if found else None,
            denominators=denominators(self.request.user, self.moment),
            **kwargs,
        )


def denominators(user: Any, moment: Moment) -> Table:
    """Every whole that a share can be asked of: what this register counts on the day, then the published figures."""
    counted = denominator_of(Question(), moment, registered(england(user, moment).cells))
    rows = [counted, *(named._asdict() for named in reference.ENGLAND.values())]
    columns = (
        Column("name", "Name"),
        Column("value", "People", kind="number"),
        Column("date", "Of", kind="date"),
        Column("source", "Source"),
    )
    return Table(columns, rows, "Denominators", caption_spoken=True)
