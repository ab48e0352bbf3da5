"""Pages on which local bodies are kept by whoever keeps what they are under: a trust, or a consortium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404
from django.utils.html import format_html
from django.views.generic import TemplateView

from pathfinders.forms.local_bodies import ChangeLocalBodyForm, EndLocalBodyForm, LocalBodyForm
from pathfinders.reads import local_bodies as read
from pathfinders.views.public.transition.local_bodies import OWN
from pathfinders.views.steps import StepPage
from practices.models import ParentBody
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


class Above:
    """What the local bodies are under, said by the pages of a trust and by those of a consortium: `above` by the name
    that actions and facts have for it, `called`, and the address `href` that theirs are below."""

    request: Any
    kwargs: dict[str, Any]
    href: str
    above: Mapping[str, Any]
    called: str


class LocalBodies(Above, TemplateView):
    """Those under it, of any day, the living first."""

    template_name = "area/transition/local_bodies.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment = self.request.user, Moment.now()
        there = read.under(user, moment, **{name: str(body) for name, body in self.above.items()})
        ever = LocalBodyParticulars.objects.visible_to(user).known(moment).filter(**self.above)
        gone = ever.exclude(local_body__ref__in=[row["ref"] for row in there]).select_related("local_body")
        ended = {fact.local_body.ref: {"ref": fact.local_body.ref, "name": fact.name} for fact in gone}
        columns = (Column("ref", "Reference"), *OWN, Column("change", "Change", show=self._changes))
        return super().get_context_data(
            title=f"Local bodies of {self.called}",
            crumbs=self.crumbs,  # type: ignore[attr-defined]
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


class BelowList:
    """Mixin of a step, before the one that says whose it is: where it leads back to."""

    href: str

    @property
    def crumbs(self) -> Sequence[tuple[str, str]]:
        return [*super().crumbs, ("Local bodies", self.get_success_url())]  # type: ignore[misc]

    @property
    def back(self) -> tuple[str, str]:
        return ("Cancel", self.get_success_url())

    def get_success_url(self) -> str:
        return f"{self.href}{LIST}"


class LocalBodyStep(Above, StepPage):
    button = "Record it"


class NewLocalBody(LocalBodyStep):
    title = "Record a local body"
    done = "The local body was recorded; everybody can read of it now"
    form_class = LocalBodyForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"under": set(self.above)}

    def get_initial(self) -> dict[str, Any]:
        return {"version": 0, "on": clock.today(), "source_said_on": clock.today()} | {
            "source_kind": "statement",
            "source_title": f"The lead of {self.called}"[:300],
            "source_publisher": self.called[:200],
        }

    def act(self, form: Any) -> None:
        set_local_body(by=self.request.user, **form.action_fields(), **self.above)


class OfLocalBody(LocalBodyStep):
    """Mixin: `self.body`, that the address names, and what is told of it today, or last was."""

    local = "ref"
    """Of the address: where the local body's reference stands."""

    @cached_property
    def told(self) -> LocalBodyParticulars:
        ref = self.kwargs[self.local].upper()
        moment = Moment.now()
        facts = LocalBodyParticulars.objects.visible_to(self.request.user).filter(**self.above, local_body__ref=ref)
        facts = facts.select_related("local_body", "pct", "consortium", "replaces", "evidence")
        found = None
        if "\0" not in ref:
            found = facts.at(moment).first() or facts.known(moment).order_by("-effective").first()
        if found is None:
            above = ", ".join(str(body) for body in self.above.values())
            raise Http404(f"No local body {ref[:20]} is under {above}. See the list of its local bodies.")
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

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"under": set(self.above)}

    def get_initial(self) -> dict[str, Any]:
        told = self.told
        own = {name: getattr(told, name) for name in SAME}
        refs = {"consortium": told.consortium, "replaces": told.replaces, "evidence_ref": told.evidence}
        return {"version": self.current(), "on": clock.today(), **own, **{k: str(v) for k, v in refs.items() if v}}

    def act(self, form: Any) -> None:
        fields = form.action_fields()
        above = {"pct": self._pct_on(fields["on"]), **self.above}
        set_local_body(by=self.request.user, body=self.body, **above, **fields)

    def _pct_on(self, day: date) -> ParentBody | None:
        """The trust that it is under that day: the lead of a consortium leaves it there."""
        facts = LocalBodyParticulars.objects.visible_to(self.request.user).at(Moment.of(day))
        fact = facts.filter(local_body=self.body).select_related("pct").first()
        return fact.pct if fact else None


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
