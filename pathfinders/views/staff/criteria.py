"""The criteria as staff publish them: every set, and the next version of the national one."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from pathfinders.models import NATIONAL
from pathfinders.published import published_sets
from pathfinders.views.access import StaffOnly
from pathfinders.views.criteria import PublishCriteria, sets_table
from registry.authorization import Permission, may

CRITERIA = ("Criteria", "/staff/criteria/")


class Criteria(StaffOnly, TemplateView):
    template_name = "staff/criteria.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        may_publish = may(user, Permission.PUBLISH_CRITERIA)
        return super().get_context_data(
            title="Criteria",
            about="What bids are judged by. An SHA publishes its own beside the national ones; a bid locks the sets in "
            "force when it is submitted.",
            table=sets_table(published_sets(user)),
            publish=[("/staff/criteria/new/", "Publish new national criteria")] if may_publish else [],
            **kwargs,
        )


class PublishNational(StaffOnly, PublishCriteria):
    permission = Permission.PUBLISH_CRITERIA
    title = "Publish national criteria"
    scope = NATIONAL
    back = ("Cancel", "/staff/criteria/")
    crumbs = (CRITERIA,)
    extra_context = {"about": "These are the national criteria, which every bid answers."}
