"""One consortium, for its lead and deputies: what waits, how its members stand, and the button that reminds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.generic import TemplateView, View

from consortia.waiting import Waiting, remindable, waiting
from pathfinders.views.lead.kept import HOME, OwnConsortium
from pathfinders.views.lead.parts.waiting import MOST, members_first, people_of
from practices.models import Practice
from registry.errors import Refused, wrong_state


class ConsortiumHome(OwnConsortium, TemplateView):
    template_name = "lead/consortium.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        found: list[Waiting] = waiting(user, [self.consortium.ref], self.moment)
        return super().get_context_data(
            title=f"{self.called} ({self.consortium.ref})",
            crumbs=[HOME],
            consortium=self.consortium,
            href=self.href,
            waiting=found[0] if found else None,
            tasks=found[0].tasks if found else (),
            people=people_of(user, self.moment, found).get(self.consortium.ref),
            members=members_first(user, self.moment, found).get(self.consortium.ref),
            most=MOST,
            **kwargs,
        )


class Remind(OwnConsortium, View):
    """The one press: every practice that has not answered for a week is written to again."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        due = remindable(user, [self.consortium], self.moment).get(self.consortium.pk, [])
        try:
            if not due:
                raise wrong_state("No practice waits to be reminded: each has answered, or was written to this week.")
            from consortia.actions.asking import remind

            practices = list(Practice.objects.visible_to(user).filter(pk__in=due).order_by("code"))
            count = remind(by=user, consortium=self.consortium, practices=practices)
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, f"{count} {'practice was' if count == 1 else 'practices were'} reminded")
        back = "/lead/" if request.POST.get("back") == "home" else self.href
        return HttpResponseRedirect(back)
