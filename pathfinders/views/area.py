"""Thin homes of a practice's manager, and of PCT and SHA staff."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from consortia.models import ConsortiumParticulars, Membership
from pathfinders.models import Bid, BidPractice
from pathfinders.views.access import Guarded
from pathfinders.views.shown import STATE_TAGS
from practices.models import BodyParticulars, Practice, PracticeParticulars
from registry.authorization import Permission, objects_of
from registry.errors import not_allowed
from registry.moment import Moment, read_snapshot
from registry.pages.tables import Column, Table


class PracticeHome(TemplateView):
    """The practices that the user manages, each with its consortium today. Only public facts."""

    template_name = "area/practice.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        codes = objects_of(request.user, "practice_manager")  # type: ignore[arg-type]
        if not codes:
            raise not_allowed("This page is for practice managers. Ask a programme administrator for that role.")
        with read_snapshot():
            found = practices(request.user, codes)
            page: Any = self.render_to_response(self.get_context_data(title="Your practice", practices=found))
            return page.render()


def practices(user: Any, codes: set[str]) -> list[dict[str, Any]]:
    now = Moment.now()
    found = list(Practice.objects.visible_to(user).filter(code__in=codes).order_by("code"))
    names = dict(PracticeParticulars.objects.at(now).filter(practice__in=found).values_list("practice", "name"))
    held = Membership.objects.visible_to(user).at(now).filter(practice__in=found).select_related("consortium")
    members = {m.practice_id: m for m in held}
    groups = dict(
        ConsortiumParticulars.objects.at(now)
        .filter(consortium__in=[m.consortium_id for m in members.values()])
        .values_list("consortium", "name")
    )
    rows = []
    for practice in found:
        member = members.get(practice.pk)
        rows.append(
            {
                "code": practice.code,
                "name": names.get(practice.pk, practice.code),
                "member": member,
                "group": groups.get(member.consortium_id, "") if member else "",
            }
        )
    return rows


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
