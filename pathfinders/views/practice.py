"""The pages of a practice's manager: what the register says of the practice, and the bids that name it, to answer."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from consortia.models import ConsortiumParticulars, Membership
from pathfinders.actions import answer_claim
from pathfinders.forms.lead import ClaimForm
from pathfinders.models import BidPractice
from pathfinders.views.access import Guarded
from pathfinders.views.steps import StepPage
from practices.models import Practice, PracticeParticulars
from registry.authorization import Permission, objects_of
from registry.moment import Moment

ANSWER_TAGS = {
    "": ("Not answered", "grey"),
    "confirmed": ("Confirmed", "green"),
    "disputed": ("Disputed", "red"),
    "undecided": ("Undecided", "yellow"),
}


class ManagersOnly(Guarded):
    permission = Permission.ANSWER_CLAIM


class PracticeHome(ManagersOnly, TemplateView):
    """The practices that the user manages: each with its consortium today, and the open bids that name it."""

    template_name = "area/practice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            title="Your practice",
            practices=practices(user, objects_of(user, "practice_manager")),  # type: ignore[arg-type]
            **kwargs,
        )


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
    asked: dict[int, list[dict[str, Any]]] = {}
    for claim in BidPractice.objects.asked_of(user).select_related("bid", "consortium").order_by("bid__ref"):
        asked.setdefault(claim.practice_id, []).append({"claim": claim, "tag": ANSWER_TAGS[claim.answer]})
    rows = []
    for practice in found:
        member = members.get(practice.pk)
        rows.append(
            {
                "code": practice.code,
                "name": names.get(practice.pk, practice.code),
                "member": member,
                "group": groups.get(member.consortium_id, "") if member else "",
                "asked": asked.get(practice.pk, []),
            }
        )
    return rows


class AnswerClaim(ManagersOnly, StepPage):
    """One bid that names the practice: is it right? Nothing of staff's work is told here (the embargo)."""

    template_name = "area/answer.html"
    form_class = ClaimForm
    title = "A bid names your practice"
    button = "Send this answer"
    done = "Your answer was kept. You may change it until the bid’s outcome is announced"
    crumbs = (("Your practice", "/practice/"),)
    back = ("Back to your practice", "/practice/")

    @cached_property
    def claim(self) -> BidPractice:
        asked = BidPractice.objects.asked_of(self.request.user).select_related("bid", "consortium", "practice")
        found = asked.filter(bid__ref=self.kwargs["ref"], practice__code=self.kwargs["code"]).first()
        if found is None:
            raise Http404(
                "No open bid of that reference names your practice. Those that do are under “Your practice”."
            )
        return found

    def get(self, *args: Any, **kwargs: Any) -> Any:
        assert self.claim
        return super().get(*args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.claim.answer, "text": self.claim.answer_text}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = PracticeParticulars.objects.at(Moment.now()).filter(practice=self.claim.practice_id)
        name = names.values_list("name", flat=True).first() or self.claim.practice.code
        return super().get_context_data(claim=self.claim, name=name, **kwargs)

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        answer_claim(by=user, bid=self.claim.bid, practice=self.claim.practice, **form.cleaned_data)

    def get_success_url(self) -> str:
        return "/practice/"
