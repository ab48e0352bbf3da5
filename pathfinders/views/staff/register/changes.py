"""One page a change: its form, then what would happen, then the deed. Nothing is kept between: the form travels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect

from pathfinders import actions
from pathfinders.forms import register as form
from pathfinders.forms.change import MergePracticesForm
from pathfinders.succession import consortia, pathfinders
from pathfinders.succession.plan import Plan
from pathfinders.succession.practices import plan_practice_merger
from pathfinders.views.access import StaffOnly
from pathfinders.views.staff.register.shown import shown
from pathfinders.views.steps import StepPage
from registry.authorization import Permission
from registry.errors import Refused
from registry.models import Entry
from registry.pages.forms import add_refusal
from registry.pages.typed_by import FIELD

REGISTER = ("Register", "/staff/register/")
NOT_CARRIED = ("csrfmiddlewaretoken", FIELD, "reason", "fingerprint", "again")


class ChangePage(StaffOnly, StepPage):
    """A GET or "Change what you typed" shows the form; a POST of it the preview; a POST with the preview's fingerprint
    does it. Refused as stale (412), the new preview is shown with what changed."""

    permission = Permission.CHANGE_REGISTER
    path: ClassVar[str]
    what: ClassVar[str]
    about: ClassVar[str]
    plan: ClassVar[Callable[..., Plan]]
    do: ClassVar[Callable[..., Entry]]
    takes: ClassVar[str]
    template_name = "staff/register/form.html"
    button = "Show what will happen"
    back = ("Cancel", REGISTER[1])
    crumbs = (REGISTER,)

    @classmethod
    def url_name(cls) -> str:
        return f"staff_register_{cls.path.replace('-', '_')}"

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.what

    def get_initial(self) -> dict[str, Any]:
        return {self.takes: self.request.GET.get("ref", "")[:20]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(about=self.about, **kwargs)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if "again" in request.POST:
            return self.render_to_response(self.get_context_data(form=self.get_form()))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        told = form.told()
        try:
            plan = type(self).plan(**told)
        except Refused as refused:
            return self.refused(form, refused)
        if "fingerprint" in self.request.POST:
            return self._confirmed(told, plan)
        return self._preview(plan, self._confirm(plan))

    def _confirmed(self, told: dict[str, Any], plan: Plan) -> HttpResponse:
        confirm = form.ConfirmForm(self.request.POST)
        if not confirm.is_valid():
            return self._preview(plan, confirm, status=422)
        try:
            entry = type(self).do(by=self.request.user, **told, **confirm.cleaned_data)
        except Refused as refused:
            add_refusal(confirm, refused, dict.fromkeys(told, ""))
            if refused.status == 412:
                data = self.request.POST.copy()
                data["fingerprint"] = plan.fingerprint
                confirm.data = data
            return self._preview(plan, confirm, status=refused.status)
        messages.success(self.request, plan.title)
        return HttpResponseRedirect(f"/staff/register/done/{entry.number}/")

    def _confirm(self, plan: Plan) -> forms.Form:
        return form.ConfirmForm(initial={"fingerprint": plan.fingerprint})

    def _preview(self, plan: Plan, confirm: forms.Form, status: int = 200) -> HttpResponse:
        carried = [
            (name, value) for name, held in self.request.POST.lists() if name not in NOT_CARRIED for value in held
        ]
        context = self.get_context_data(
            form=confirm, title="This is what will happen", plan=plan, carried=carried, what=self.what, **shown(plan)
        )
        return self.response_class(self.request, "staff/register/preview.html", context, status=status)


class MergeConsortia(ChangePage):
    path, what, takes = "merge-consortia", "Merge consortia", "consortia"
    about = "Two or more become a new consortium, or part of one that goes on. Members, places and leads follow."
    form_class = form.MergeConsortiaForm
    plan, do = staticmethod(consortia.plan_merger), staticmethod(actions.merge_consortia)


class SplitConsortium(ChangePage):
    path, what, takes = "split-consortium", "Split a consortium", "consortium"
    about = "It ends, and each of its members goes to a part: a new consortium, one there is, or none with a reason."
    form_class = form.SplitConsortiumForm
    plan, do = staticmethod(consortia.plan_split), staticmethod(actions.split_consortium)


class RenameConsortium(ChangePage):
    path, what, takes = "rename-consortium", "Rename a consortium", "consortium"
    about = "It stays the same consortium, with the same reference; its earlier name is told of the days before."
    form_class = form.RenameConsortiumForm
    plan, do = staticmethod(consortia.plan_rename), staticmethod(actions.rename_consortium)


class MergePathfinders(ChangePage):
    path, what, takes = "merge-pathfinders", "Merge pathfinders", "pathfinder"
    about = "One ends, and its consortia stand in the other. Its wave, as released, stays as it was announced."
    form_class = form.MergePathfindersForm
    plan, do = staticmethod(pathfinders.plan_pathfinder_merger), staticmethod(actions.merge_pathfinders)


class SplitPathfinder(ChangePage):
    path, what, takes = "split-pathfinder", "Split a pathfinder", "pathfinder"
    about = "It ends, and each of its consortia stands in a new pathfinder of the same wave."
    form_class = form.SplitPathfinderForm
    plan, do = staticmethod(pathfinders.plan_pathfinder_split), staticmethod(actions.split_pathfinder)


class RenamePathfinder(ChangePage):
    path, what, takes = "rename-pathfinder", "Rename a pathfinder", "pathfinder"
    about = "It stays the same pathfinder; its wave, as released, keeps the name that was announced."
    form_class = form.RenamePathfinderForm
    plan, do = staticmethod(pathfinders.plan_pathfinder_rename), staticmethod(actions.rename_pathfinder)


class GoingLive(ChangePage):
    path, what, takes = "going-live", "Say when a pathfinder goes live", "pathfinder"
    about = "A day to come is an event of today; a day that has passed is told late or corrected, for its whole life."
    form_class = form.GoingLiveForm
    plan, do = staticmethod(pathfinders.plan_going_live), staticmethod(actions.set_going_live)


class MergePractices(ChangePage):
    path, what, takes = "merge-practices", "Merge practices", "practice"
    about = (
        "One closes and becomes part of another, old or new. Its membership, branches and parent end with it; those "
        "of the other stay as they are."
    )
    form_class = MergePracticesForm
    plan, do = staticmethod(plan_practice_merger), staticmethod(actions.merge_practices)


EVERY: tuple[type[ChangePage], ...] = (
    MergeConsortia,
    SplitConsortium,
    RenameConsortium,
    MergePathfinders,
    SplitPathfinder,
    RenamePathfinder,
    GoingLive,
    MergePractices,
)
