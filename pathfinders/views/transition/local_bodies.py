"""Pages on which a trust keeps its local bodies: those there are, a new one, a change, an end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import Http404
from django.utils.html import format_html
from django.views.generic import TemplateView

from pathfinders.forms.local_bodies import ChangeLocalBodyForm, EndLocalBodyForm, LocalBodyForm
from pathfinders.reads import local_bodies as read
from pathfinders.views.public.transition.local_bodies import OWN
from pathfinders.views.steps import StepPage
from pathfinders.views.transition.base import OfTrust
from registry import clock
from registry.moment import Moment
from registry.pages.dates import accountable_words
from registry.pages.tables import Column, Table
from transitions.actions import end_local_body, set_local_body
from transitions.actions.local_bodies import newest_entry
from transitions.models import LocalBody, LocalBodyParticulars

LIST = "local-bodies/"
SAME = (
    "kind", "name", "status", "reserved", "people_words", "clinical_leads", "agreed_until", "exit_terms",
)  # fmt: skip


class LocalBodies(OfTrust, TemplateView):
    """Those under the trust, of any day, the living first."""

    template_name = "area/transition/local_bodies.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = Moment.now()
        there = read.under(self.request.user, moment, pct=self.pct.code)
        ever = LocalBodyParticulars.objects.visible_to(self.request.user).known(moment).filter(pct=self.pct)
        gone = ever.exclude(local_body__ref__in=[row["ref"] for row in there]).select_related("local_body")
        ended = {fact.local_body.ref: {"ref": fact.local_body.ref, "name": fact.name} for fact in gone}
        columns = (Column("ref", "Reference"), *OWN, Column("change", "Change", show=self._changes))
        return super().get_context_data(
            title=f"Local bodies of {self.named.name}",
            crumbs=self.crumbs,
            accountable=accountable_words(moment.as_of),
            table=Table(columns, there, "Local bodies today", caption_spoken=True) if there else None,
            others=sorted(ended.values(), key=lambda row: row["ref"]),
            new=f"{self.href}{LIST}new/",
            root=f"{self.href}{LIST}",
            **kwargs,
        )

    def _changes(self, row: dict[str, Any]) -> Any:
        return format_html(
            '<div><a class="nhsuk-link" href="{0}{1}/">Change<span class="nhsuk-u-visually-hidden"> {2}</span></a><br>'
            '<a class="nhsuk-link" href="{0}{1}/end/">End<span class="nhsuk-u-visually-hidden"> {2}</span></a></div>',
            f"{self.href}{LIST}",
            row["ref"],
            row["name"],
        )


class LocalBodyStep(OfTrust, StepPage):
    """A step on a local body of the trust."""

    button = "Record it"

    @property
    def crumbs(self) -> Sequence[tuple[str, str]]:  # type: ignore[override]
        return [*super().crumbs, ("Local bodies", self.get_success_url())]

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Cancel", self.get_success_url())

    def get_success_url(self) -> str:
        return f"{self.href}{LIST}"


class NewLocalBody(LocalBodyStep):
    title = "Record a local body"
    done = "The local body was recorded; the trust’s public page shows it now"
    form_class = LocalBodyForm

    def get_initial(self) -> dict[str, Any]:
        return {"version": 0, "on": clock.today(), "source_said_on": clock.today()} | {
            "source_kind": "statement",
            "source_title": f"The lead of {self.named.name}"[:300],
            "source_publisher": self.named.name,
        }

    def act(self, form: Any) -> None:
        set_local_body(by=self.request.user, pct=self.pct, **form.action_fields())


class OfLocalBody(LocalBodyStep):
    """Mixin: `self.body`, that the address names, and what is told of it today, or last was."""

    @cached_property
    def told(self) -> LocalBodyParticulars:
        ref = self.kwargs["ref"].upper()
        moment = Moment.now()
        facts = LocalBodyParticulars.objects.visible_to(self.request.user).filter(pct=self.pct, local_body__ref=ref)
        facts = facts.select_related("local_body", "consortium", "replaces", "evidence")
        found = None
        if "\0" not in ref:
            found = facts.at(moment).first() or facts.known(moment).order_by("-effective").first()
        if found is None:
            raise Http404(f"No local body {ref[:20]} is under {self.pct.code}. See the list of its local bodies.")
        return found

    @property
    def body(self) -> LocalBody:
        return self.told.local_body

    def current(self) -> int:
        return newest_entry(self.body)


class ChangeLocalBody(OfLocalBody):
    done = "The change was recorded"
    form_class = ChangeLocalBodyForm

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Change {self.told.name} ({self.body.ref})"

    def get_initial(self) -> dict[str, Any]:
        told = self.told
        own = {name: getattr(told, name) for name in SAME}
        refs = {"consortium": told.consortium, "replaces": told.replaces, "evidence_ref": told.evidence}
        return {"version": self.current(), "on": clock.today(), **own, **{k: str(v) for k, v in refs.items() if v}}

    def act(self, form: Any) -> None:
        set_local_body(by=self.request.user, body=self.body, pct=self.pct, **form.action_fields())


class EndLocalBody(OfLocalBody):
    button = "End it"
    warning = True
    done = "Its end was recorded"
    form_class = EndLocalBodyForm

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"End {self.told.name} ({self.body.ref})"

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.current()}

    def act(self, form: Any) -> None:
        data = form.cleaned_data
        end_local_body(
            by=self.request.user, body=self.body, last_day=data["last_day"], why=data["why"], seen=data["version"]
        )
