"""One consortium, for its lead and deputies: what waits, how its members stand, and the button that reminds."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.generic import TemplateView, View

from consortia.models import Consortium, ConsortiumParticulars, own_consortia
from consortia.waiting import Waiting, remindable, waiting
from pathfinders.views.access import Guarded
from pathfinders.views.lead.parts.waiting import MOST, members_first, people_of
from practices.models import Practice
from registry.authorization import Permission
from registry.errors import Refused, wrong_state
from registry.moment import Moment

HOME = ("Your consortia and bids", "/lead/")


class OwnConsortium(Guarded):
    """Mixin: `self.consortium`, one that the user leads or deputises in today. Anybody else's is not found."""

    permission = Permission.KEEP_MEMBERSHIP

    @cached_property
    def consortium(self) -> Consortium:
        ref, user = self.kwargs["ref"].upper(), self.request.user  # type: ignore[attr-defined]
        found = Consortium.objects.visible_to(user).filter(ref=ref).first() if ref in own_consortia(user) else None
        if found is None:
            raise Http404(f"You keep no consortium {ref[:20]}. Those that you keep are on your home page.")
        return found

    @cached_property
    def moment(self) -> Moment:
        return Moment.now()

    @cached_property
    def called(self) -> str:
        """Its name today, or the reference where it is not there."""
        names = ConsortiumParticulars.objects.visible_to(self.request.user).at(self.moment)  # type: ignore[attr-defined]
        return names.filter(consortium=self.consortium).values_list("name", flat=True).first() or self.consortium.ref

    @property
    def href(self) -> str:
        return f"/lead/consortia/{self.consortium.ref}/"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [HOME, (self.called, self.href)]


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
