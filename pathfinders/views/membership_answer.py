"""A practice's manager, signed in, answers whether a consortium lists the practice rightly, and takes it back."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse

from consortia.actions import answering
from consortia.holding import Held, held, standing
from consortia.models import Consortium, MembershipAnswer, MembershipStatus
from consortia.naming import name_of, place_of
from consortia.permissions import manages
from pathfinders.forms.answering import SignedInAnswerForm
from pathfinders.views.access import Guarded
from pathfinders.views.public.answer import told_of
from pathfinders.views.steps import StepPage
from practices.models import Practice
from registry import clock
from registry.authorization import Permission


class OwnMembership(Guarded, StepPage):
    """Mixin: the manager's practice and the consortium of the address. Anybody else's practice is not found."""

    permission = Permission.KEEP_PRACTICE
    crumbs = (("Your practice", "/practice/"),)
    back = ("Back to your practice", "/practice/")

    @cached_property
    def practice(self) -> Practice:
        found = Practice.objects.filter(code=self.kwargs["code"].upper()).first()
        if found is None or not manages(self.request.user, found):
            raise Http404("There is no practice of yours with that code. Yours are under “Your practice”.")
        return found

    @cached_property
    def consortium(self) -> Consortium:
        found = Consortium.objects.visible_to(self.request.user).filter(ref=self.kwargs["ref"].upper()).first()
        if found is None:
            raise Http404(f"There is no consortium {self.kwargs['ref'][:20]}.")
        return found

    @cached_property
    def latest(self) -> MembershipAnswer | None:
        """The practice's own last answer that stands, to this consortium."""
        rows = MembershipAnswer.objects.visible_to(self.request.user).filter(
            practice=self.practice, consortium=self.consortium, taken_back_on=None
        )
        return rows.select_related("practice", "consortium", "request").order_by("-pk").first()

    def get_success_url(self) -> str:
        return "/practice/"


class AnswerSignedIn(OwnMembership):
    template_name = "area/membership_answer.html"
    form_class = SignedInAnswerForm
    button = "Send this answer"
    done = "Your answer is recorded. You can take it back within 14 days"

    @cached_property
    def membership(self) -> Held:
        timeline = standing([self.practice.pk])[self.practice.pk]
        mine = held(timeline, self.consortium.pk, clock.today())
        if mine is None:
            raise Http404(
                f"The register does not say that {self.practice.code} belongs to {self.consortium.ref}, today or on a "
                "day to come; so there is nothing to answer."
            )
        return mine

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = clock.today()
        mine = self.membership
        group = name_of(self.consortium, today)
        return super().get_context_data(
            title=f"Are you a member of {group}?",
            place=place_of(self.practice, today),
            practice=self.practice,
            consortium=self.consortium,
            group=group,
            starts_on=mine.period.start,
            status=MembershipStatus(mine.values.status).label,
            latest=self.latest,
            can_go_back=self.latest is not None and answering.can_be_taken_back(self.latest),
            **kwargs,
        )

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        answering.answer_signed_in(by=user, practice=self.practice, consortium=self.consortium, **form.cleaned_data)


class TakeBack(OwnMembership):
    template_name = "area/membership_back.html"
    form_class = forms.Form
    title = "Take your answer back"
    button = "Take this answer back"
    warning = True
    done = "Your answer was taken back. The register says again what it said before"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answering.require_can_be_taken_back(self.given)
        return super().get(request, *args, **kwargs)

    @cached_property
    def given(self) -> MembershipAnswer:
        if self.practice and self.latest is None:
            raise Http404(f"{self.practice.code} has given {self.consortium.ref} no answer that stands.")
        assert self.latest is not None
        return self.latest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**told_of(self.given), **kwargs)

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        answering.take_back_answer(by=user, answer=self.given)
