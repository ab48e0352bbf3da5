"""Dates of the programme as made known, version by version, and a new one or a correction."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from pathfinders.forms.left_out import MilestoneForm
from pathfinders.views.access import StaffOnly
from pathfinders.views.steps import StepPage
from registry import clock
from registry.authorization import Permission, may
from registry.models.fact import Lower
from registry.moment import Moment
from registry.pages.tables import Column, ListPage
from transitions.actions import set_milestone
from transitions.milestones import DEADLINE
from transitions.models import Milestone

MILESTONES = ("Milestones", "/staff/milestones/")
NAMES = {DEADLINE: "Every practice is in a consortium"}


class Milestones(StaffOnly, ListPage):
    """Every version that the register says today, the latest of each milestone first."""

    title = "Milestones"
    noun = ("version", "versions")
    template_name = "staff/milestones.html"
    default_order = ("key", "-known_from")
    columns = (
        Column("key", "Key"),
        Column("name", "Milestone"),
        Column("day", "The day", kind="date"),
        Column("words", "In the source’s words"),
        Column("known_from", "Made known", kind="date", empty="before all records"),
        Column("settled", "Is it a plan?", show=lambda row: "It came" if row.settled else "Planned"),
        Column("why", "Why"),
        Column("source", "Source"),
    )

    def get_queryset(self) -> QuerySet:
        rows = Milestone.objects.visible_to(self.request.user).known(Moment.now())
        return rows.annotate(known_from=Lower("effective"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_edit=may(self.request.user, Permission.CHANGE_REGISTER), **kwargs)


class SetMilestone(StaffOnly, StepPage):
    permission = Permission.CHANGE_REGISTER
    title = "Record a milestone"
    button = "Record it"
    form_class = MilestoneForm
    crumbs = (MILESTONES,)
    back = ("Cancel", MILESTONES[1])
    success_url = MILESTONES[1]
    done = "The milestone was recorded"

    def get_initial(self) -> dict[str, Any]:
        key = self.request.GET.get("key", "")[:40]
        return {"key": key, "name": NAMES.get(key, ""), "known_from": clock.today()}

    def act(self, form: Any) -> None:
        set_milestone(by=self.request.user, **form.cleaned_data)  # type: ignore[arg-type]
