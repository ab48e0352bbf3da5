"""Each quarter: "this list is right"."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpResponse

from consortia.actions.attesting import attest
from consortia.attested import Attested, attested_list, rows_of, sha256_of, standing
from consortia.quarters import days_of, quarter_of, said_quarter
from pathfinders.forms.posts import AttestForm
from pathfinders.views.lead.kept import OwnConsortium
from pathfinders.views.lead.parts.waiting import STATE_TAGS
from pathfinders.views.steps import StepPage
from registry.errors import Refused
from registry.models import Entry
from registry.moment import Moment
from registry.pages.tables import Column, Table

COLUMNS = (
    Column("code", "Practice"),
    Column("name", "Name"),
    Column("status", "Status", kind="tag", tags=STATE_TAGS),
    Column("from", "Member from", empty="before all records"),
)


class Attest(OwnConsortium, StepPage):
    template_name = "lead/attest.html"
    form_class = AttestForm
    title = "Is this list right?"
    button = "This list is right"
    done = "Thank you. The list is attested, and its page says so"

    @cached_property
    def content(self) -> str:
        """The bytes that are shown and hashed: at one moment, whatever is written meanwhile."""
        return attested_list(Moment(self.moment.as_of, self.moment.known_at, latest=False), self.consortium)

    @cached_property
    def state(self) -> Attested:
        return standing(self.moment, [self.consortium])[self.consortium.pk]

    def seen(self) -> dict[str, Any]:
        entry = Entry.objects.filter(at=self.moment.known_at).values_list("number", flat=True).first()
        return {"sha256": sha256_of(self.content), "entry": entry or 0}

    def get_initial(self) -> dict[str, Any]:
        return self.seen()

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("It is wrong: correct the members", f"{self.href}members/")

    def act(self, form: Any) -> None:
        told = form.cleaned_data
        user: Any = self.request.user
        attest(by=user, consortium=self.consortium, sha256_seen=told["sha256"], entry_seen=told["entry"])

    def refused(self, form: Any, refused: Refused) -> HttpResponse:
        if refused.status == 412:
            for name in ("moment", "content", "state"):  # read before the action: read again
                self.__dict__.pop(name, None)
            data = self.request.POST.copy()
            for name, value in self.seen().items():
                data[name] = str(value)
            form.data = data
        return super().refused(form, refused)

    def get_success_url(self) -> str:
        return self.href

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        quarter = quarter_of(self.moment.as_of)
        rows = rows_of(self.content)
        return super().get_context_data(
            consortium=self.consortium,
            called=self.called,
            state=self.state,
            open=bool(self.state.due),
            quarter=said_quarter(quarter),
            overdue=said_quarter(self.state.overdue) if self.state.overdue else "",
            last=days_of(quarter)[1],
            rows=rows,
            table=Table(COLUMNS, rows, "The list", caption_spoken=True),
            content=self.content,
            sha256=sha256_of(self.content),
            **kwargs,
        )
