"""The national close: rehearsed without writing, closed when nobody is left, taken back (domain.md rules 14, 17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.generic import TemplateView

from pathfinders.forms.closing import CloseForm, RehearseForm, SuccessionForm, UndoForm
from pathfinders.views.access import Guarded
from pathfinders.views.staff import closing_lists
from pathfinders.views.steps import StepPage
from registry.authorization import Permission
from registry.errors import Refused
from registry.models import Entry
from registry.moment import parse_as_of
from registry.pages.forms import add_refusal
from registry.pages.views import FormPage
from transitions.actions import close_trusts, preview_close, record_succession, undo_close
from transitions.actions.closing import CLOSE, undoing
from transitions.closing.figures import LABELS, figures
from transitions.closing.plan import Plan
from transitions.closing.rows import NATIONAL

CLOSES = ("The national close", "/staff/close/")


class MayClose(Guarded):
    permission = Permission.CLOSE_TRUSTS


class Rehearse(MayClose, FormPage):
    """GET rehearses the day of the Act, or `on`; POST what the form asks. Nothing is written by either."""

    form_class = RehearseForm
    template_name = "staff/closing/rehearse.html"

    def get_initial(self) -> dict[str, Any]:
        return {"on": parse_as_of(self.request.GET.get("on", "")) or NATIONAL, "as_if": "as_if" in self.request.GET}

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = self.get_initial()
        plan = preview_close(by=request.user, **asked)
        return self.render_to_response(self.get_context_data(**self.shown(plan, {}, asked["as_if"])))

    def form_valid(self, form: Any) -> HttpResponse:
        told = dict(form.cleaned_data)  # a refusal takes what it is about out of the form's
        try:
            plan = preview_close(by=self.request.user, **told)  # type: ignore[arg-type]
        except Refused as refused:
            add_refusal(form, refused, self.refusal_fields)
            return self.render_to_response(self.wrong(form, told, refused), status=refused.status)
        context = self.get_context_data(form=form, **self.shown(plan, told["explained"], told["as_if"]))
        return self.render_to_response(context)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.wrong(form, form.cleaned_data), status=422)

    def wrong(self, form: Any, told: dict[str, Any], refused: Refused | None = None) -> dict[str, Any]:
        """The page with the rehearsal of the lines that are right; nothing closes from it."""
        if told.get("on") is None:
            return self.get_context_data(form=form)
        lines = told.get("explained") or {}
        while True:
            off = {row["code"] for row in refused.detail} if refused else set()
            right = {code: why for code, why in lines.items() if code not in off} if off else {}
            try:
                plan = preview_close(by=self.request.user, on=told["on"], as_if=told["as_if"], explained=right)  # type: ignore[arg-type]
            except Refused as again:
                if not lines:
                    return self.get_context_data(form=form)
                refused, lines = again, right
                continue
            return self.get_context_data(form=form, **self.shown(plan, right, told["as_if"]) | {"close_form": None})

    def shown(self, plan: Plan, explained: dict[str, str], as_if: bool) -> dict[str, Any]:
        lines = "\n".join(f"{code} {why}" for code, why in explained.items())
        initial = {"on": plan.on, "explained": lines, "plan_hash": plan.hash}
        closable = not plan.left and not as_if and plan.changes
        if not plan.changes:
            plan = as_closed(plan)
        return {
            "plan": plan,
            "as_if": as_if,
            "figures": [(LABELS[key], number) for key, number in figures(plan).items()],
            "lists": closing_lists.tables(plan, as_if),
            "close_form": CloseForm(initial=initial) if closable else None,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Entry.objects.visible_to(self.request.user).filter(action=CLOSE).order_by("-number")
        closes = [(entry, undoing(entry)) for entry in found]
        return super().get_context_data(**{"title": "The national close", "closes": closes, **kwargs})


def as_closed(plan: Plan) -> Plan:
    """A plan that would write nothing, with what was said of the unplaced when that day was closed."""
    closes = Entry.objects.filter(action=CLOSE, source__on=plan.on.isoformat()).order_by("number")
    said: dict[str, str] = {}
    for entry in closes:
        if undoing(entry) is None:
            said |= entry.source["explained"]
    rows = (replace(row, explanation=row.explanation or said.get(row.code, "")) for row in plan.unplaced)
    return replace(plan, unplaced=tuple(rows))


class ListFile(MayClose, TemplateView):
    """One list of the rehearsal, whole, as CSV: without explanations, so that the unplaced are all there."""

    def get(self, request: Any, listed: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if listed not in closing_lists.LISTS:
            raise Http404(f"There is no list “{listed}” of a close.")
        on = parse_as_of(request.GET.get("on", "")) or NATIONAL
        plan = preview_close(by=request.user, on=on, as_if="as_if" in request.GET)
        return closing_lists.csv_answer(plan, listed)


class Close(MayClose, StepPage):
    """The step itself. Only the form of a rehearsal leads here."""

    form_class = CloseForm
    title = "Close all trusts and authorities"
    button = "Close them"
    warning = True
    template_name = "staff/closing/confirm.html"
    crumbs = (CLOSES,)
    back = ("Rehearse again", CLOSES[1])

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(CLOSES[1])

    def act(self, form: Any) -> None:
        self.entry = close_trusts(by=self.request.user, **form.cleaned_data)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return f"/staff/close/{self.entry.number}/"


class OneClose:
    """A view of one close, by the number of its entry."""

    kwargs: dict[str, Any]
    request: Any

    def entry(self) -> Entry:
        rows = Entry.objects.visible_to(self.request.user)
        found = rows.filter(action=CLOSE, number=self.kwargs["number"]).first()
        if found is None:
            raise Http404(f"Entry {self.kwargs['number']} is no national close.")
        return found


class Closed(OneClose, MayClose, TemplateView):
    """What was closed, and who was left with which explanation."""

    template_name = "staff/closing/closed.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("format") != "csv":
            return super().get(request, *args, **kwargs)
        told = self.entry().source
        return closing_lists.explained_csv(told["on"], told["explained"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry = self.entry()
        more = {
            "title": "Closed",
            "entry": entry,
            "on": date.fromisoformat(entry.source["on"]),
            "explained": entry.source["explained"],
            "first": list(entry.source["explained"].items())[: closing_lists.SHOWN],
            "undone": undoing(entry),
            "roles": sum(entry.source.get("roles", {}).values()),
            "crumbs": (CLOSES,),
        }
        return super().get_context_data(**more, **kwargs)


class Undo(OneClose, MayClose, StepPage):
    form_class = UndoForm
    title = "Take the close back"
    button = "Take it back"
    warning = True
    done = "The close was taken back"
    crumbs = (CLOSES,)
    success_url = CLOSES[1]

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        self.entry()
        return super().get(*args, **kwargs)

    def act(self, form: Any) -> None:
        undo_close(by=self.request.user, entry=self.entry(), **form.cleaned_data)  # type: ignore[arg-type]


class RecordSuccession(Guarded, StepPage):
    permission = Permission.CHANGE_REGISTER
    form_class = SuccessionForm
    title = "Who follows a body"
    button = "Record it"
    done = "The succession was recorded"
    crumbs = (("Bodies and practices", "/staff/register/"),)

    def act(self, form: Any) -> None:
        told = form.cleaned_data
        self.code = told["predecessor"].code
        record_succession(by=self.request.user, **told)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return f"/pcts/{self.code}/"
