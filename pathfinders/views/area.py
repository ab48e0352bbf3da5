"""The home of PCT and SHA staff."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.views.generic import TemplateView

from pathfinders.models import Bid, BidPractice
from pathfinders.views.access import Guarded
from pathfinders.views.shown import STATE_TAGS
from practices.models import BodyParticulars
from registry.authorization import Permission, objects_of
from registry.moment import Moment
from registry.pages.tables import Column, Table


class AreaHome(Guarded, TemplateView):
    """Submitted bids with a practice of the user's PCT or SHA, in the state that may be shown (the embargo)."""

    permission = Permission.SEE_REGION_CASEWORK
    template_name = "area/region.html"
    columns = (
        Column("ref", "Reference"),
        Column("name", "Name"),
        Column("shown_state", "State", kind="tag", tags=STATE_TAGS),
        Column("practice_count", "Practices", kind="number"),
        Column("submitted_on", "Submitted", kind="date"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        pcts, shas = objects_of(user, "pct_lead"), objects_of(user, "sha_assessor")  # type: ignore[arg-type]
        rows = list(Bid.objects.in_region(user).shown_to(user).order_by("-submitted_on", "ref"))
        named = BidPractice.objects.visible_to(user).filter(bid__ref__in=[r["ref"] for r in rows])
        counts = dict(named.order_by().values_list("bid__ref").annotate(n=Count("pk")))
        for row in rows:
            row["practice_count"] = counts.get(row["ref"], 0)
        bodies = BodyParticulars.objects.at(Moment.now()).filter(body__code__in=pcts | shas)
        return super().get_context_data(
            title="Bids in your area",
            bodies=list(bodies.values_list("name", "body__code").order_by("name")),
            table=Table(self.columns, rows, "Bids in your area", caption_spoken=True),
            count=len(rows),
            **kwargs,
        )
