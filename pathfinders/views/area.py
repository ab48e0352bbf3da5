"""The home of a practice's manager."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from consortia.models import ConsortiumParticulars, Membership
from practices.models import Practice, PracticeParticulars
from registry.authorization import objects_of
from registry.errors import not_allowed
from registry.moment import Moment, read_snapshot


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
