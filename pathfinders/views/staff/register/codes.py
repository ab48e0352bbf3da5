"""Staff's page of the codes of one consortium or body, and of the days on which a body operated (features A2, A4)."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from consortia.models import Consortium
from pathfinders.forms import codes as form
from pathfinders.views.access import StaffOnly
from pathfinders.views.public.codes import operated
from pathfinders.views.public.history import heard
from pathfinders.views.staff.register.changes import REGISTER
from pathfinders.views.steps import StepPage
from practices.actions import confirm_identifier, end_identifier, give_identifier, record_operation
from practices.models import ParentBody
from registry.authorization import Permission
from registry.models import Entry
from registry.models.fact import Lower, Upper
from registry.moment import Moment
from registry.pages.tables import Column, Table
from registry.timeline import last_day


class OfBearer(StaffOnly):
    """Mixin: `self.bearer`, the consortium or body that the address names."""

    permission = Permission.CHANGE_REGISTER

    @cached_property
    def bearer(self) -> Any:
        code, user = self.kwargs["code"].upper(), self.request.user  # type: ignore[attr-defined]
        found: Any = Consortium.objects.visible_to(user).filter(ref=code).first()
        found = found or ParentBody.objects.visible_to(user).filter(code=code).first()
        if found is None:
            raise Http404(f"The register has no consortium, trust or other body “{code[:20]}”.")
        return found

    @cached_property
    def lives(self) -> list[Any]:
        return heard(self.bearer.particulars.current(), Moment.now())

    @property
    def is_body(self) -> bool:
        return isinstance(self.bearer, ParentBody)

    @property
    def name(self) -> str:
        return self.lives[-1].name if self.lives else ""

    @property
    def href(self) -> str:
        return f"/staff/register/codes/{self.bearer}/"

    @property
    def identifiers(self) -> list[Any]:
        found = self.bearer.identifiers.current().annotate(first=Lower("effective"), after=Upper("effective"))
        return list(found.order_by("scheme", "value", "effective"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = {"name": self.name, "bearer": self.bearer}
        return super().get_context_data(**{**told, **kwargs})  # type: ignore[misc]


class CodesPage(OfBearer, TemplateView):
    template_name = "staff/register/codes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        identifiers = self.identifiers
        steps = [s for s in STEPS if (self.is_body or s is not Operation) and (identifiers or s.form_class not in ONE)]
        return super().get_context_data(
            title=f"{self.name} ({self.bearer}): codes" + (" and dates" if self.is_body else ""),
            crumbs=[REGISTER],
            record=f"/{'pcts' if self.is_body else 'consortia'}/{self.bearer}/",
            steps=[(step.title, f"{self.href}{step.path}/", step.about) for step in steps],
            identifiers=self._table(identifiers) if identifiers else None,
            **(self._dates() if self.is_body else {}),
            **kwargs,
        )

    def _dates(self) -> dict[str, Any]:
        opened, closed = (self.lives[0].first, last_day(self.lives[-1].after)) if self.lives else (None, None)
        operations = heard(self.bearer.operations.current(), Moment.now())
        words = operated(operations, Moment.now(), opened, closed)
        return {"legal": {"opened": opened, "closed": closed}, "operated": words}

    @staticmethod
    def _table(identifiers: list[Any]) -> Table:
        columns = (
            Column("scheme", "Whose code", show=lambda f: f.get_scheme_display()),
            Column("value", "Code"),
            Column("standing", "How sure", show=lambda f: f.get_standing_display()),
            Column("first", "From", kind="date"),
            Column("after", "To (last day)", kind="date", show=lambda f: last_day(f.after), empty="no last day"),
            Column("opened_by_id", "Entry", href="/changes/{opened_by_id}/"),
        )
        return Table(columns, identifiers, "Further codes by day", caption_spoken=True)


class Step(OfBearer, StepPage):
    """One change, with its reason."""

    path: str
    about: str
    button = "Record it"
    done = "It was recorded"
    template_name = "staff/register/codes_step.html"

    @property
    def crumbs(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [REGISTER, (str(self.bearer), self.href)]

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Cancel", self.href)

    def get_success_url(self) -> str:
        return self.href

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self.form_class in ONE:
            kwargs["codes"] = self._codes()
        return kwargs

    def _codes(self) -> list[tuple[str, str]]:
        found = {f"{f.scheme}:{f.value}": f"{f.get_scheme_display()} {f.value}" for f in self.identifiers}
        if not found:
            raise Http404(f"{self.bearer} has no further code. Give it one first.")
        return list(found.items())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(about=self.about, **kwargs)

    def act(self, form: Any) -> None:
        self.do(by=self.request.user, bearer=self.bearer, **form.told())

    def do(self, **told: Any) -> Entry:
        raise NotImplementedError


class Give(Step):
    path, title = "give", "Give it a code"
    about = "Beside the code or reference by which the register knows it. No two bear one code on one day."
    form_class = form.GiveCodeForm

    def do(self, **told: Any) -> Entry:
        return give_identifier(**told)


class Confirm(Step):
    path, title = "confirm", "Confirm a code"
    about = "A provisional code becomes certain from a day on."
    form_class = form.ConfirmCodeForm

    def do(self, **told: Any) -> Entry:
        return confirm_identifier(**told)


class End(Step):
    path, title = "end", "End a code"
    about = "The code still leads to this record, and may be given to another from the day after."
    form_class = form.EndCodeForm

    def do(self, **told: Any) -> Entry:
        return end_identifier(**told)


class Operation(Step):
    path, title = "operation", "Say when it operated"
    about = "Its legal dates stay as they are: it may have worked on after its legal end, or begun later."
    form_class = form.OperationForm

    def do(self, **told: Any) -> Entry:
        return record_operation(body=told.pop("bearer"), **told)

    @cached_property
    def bearer(self) -> Any:
        if not isinstance(found := super().bearer, ParentBody):
            raise Http404("Only trusts and other bodies have legal and operational dates.")
        return found


ONE = (form.ConfirmCodeForm, form.EndCodeForm)
"""Forms that choose one of the codes that there are."""
STEPS: tuple[type[Step], ...] = (Give, Confirm, End, Operation)
