"""Pages on which local bodies are kept by whoever keeps what they are under: a trust, or a consortium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.views.generic import TemplateView

from pathfinders.forms.local_bodies import ChangeLocalBodyForm, EndLocalBodyForm, LocalBodyForm
from pathfinders.forms.transition import UndoForm
from pathfinders.reads import local_bodies as read
from pathfinders.views.public.base import days_words
from pathfinders.views.public.transition.local_bodies import STATUS_TAGS
from pathfinders.views.rehearsed import BEGINS, RehearsedStep, rehearsed
from pathfinders.views.steps import StepPage
from practices.models import ParentBody
from registry import clock
from registry.models import Entry
from registry.moment import Moment
from registry.pages.dates import accountable_words
from registry.pages.tables import Column, Table
from registry.timeline import Spell, last_day
from transitions.actions import end_local_body, set_local_body, undo_local_body
from transitions.actions.local_bodies import newest_entry
from transitions.actions.local_body_undoing import UNDONE, undoable
from transitions.models import Delegation, LocalBody, LocalBodyParticulars, LocalBodyStatus, TransitionWord

LIST = "local-bodies/"
STANDS = (
    Column("name", "Name"),
    Column("kind_label", "Kind"),
    Column(
        "status",
        "State",
        kind="tag",
        tags={**STATUS_TAGS, "ended": ("Ended", "grey"), "later": ("Not there yet", "blue")},
    ),
    Column("first", "From", kind="date", empty="before all records"),
    Column("last", "To (last day)", kind="date", empty="no last day"),
)
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
        rows = self._rows(Moment.now())
        columns = (
            Column("ref", "Reference", href="/transitions/local-bodies/{ref}/"),
            *STANDS,
            Column("change", "Change", show=self._changes),
        )
        return super().get_context_data(
            title=f"Local bodies of {self.called}",
            crumbs=self.crumbs,  # type: ignore[attr-defined]
            accountable=accountable_words(clock.today()),
            table=Table(columns, rows, "Local bodies, those that ended too", caption_spoken=True) if rows else None,
            new=f"{self.href}{LIST}new/",
            **kwargs,
        )

    def _rows(self, moment: Moment) -> list[dict[str, Any]]:
        """What each of them is, or last was, here; `over` once its last day has come, `undo` one's own newest change."""
        user, today = self.request.user, moment.as_of
        facts = LocalBodyParticulars.objects.visible_to(user).known(moment).filter(**self.above)
        told: dict[LocalBody, list[LocalBodyParticulars]] = {}
        for fact in facts.select_related("local_body").order_by("effective"):
            told.setdefault(fact.local_body, []).append(fact)
        labels = TransitionWord.objects.visible_to(user).labels(read.KIND)
        undo, rows = undoable(by=user, bodies=told), []
        for body, spells in told.items():
            first, last = spells[0].effective.lower, last_day(spells[-1].effective.upper)
            now = next((s for s in spells if Spell(s.effective.lower, s.effective.upper, ()).contains(today)), None)
            fact = now or spells[-1]
            row = {"ref": body.ref, "name": fact.name, "kind_label": labels[fact.kind], "first": first, "last": last}
            ended = last is not None and last < today
            row["status"] = fact.status if now else ("ended" if ended else "later")
            rows.append(row | {"over": last is not None and last <= today, "undo": undo.get(body.pk)})
        return sorted(rows, key=lambda row: (row["status"] == "ended", row["name"], row["ref"]))

    def _changes(self, row: dict[str, Any]) -> Any:
        ways = [("", "Correct")] if row["over"] else [("", "Change"), ("end/", "End")]
        if row["undo"]:
            ways.append((f"undo/{row['undo'].number}/", "Undo"))
        link = '<a class="nhsuk-link" href="{}{}/{}">{}<span class="nhsuk-u-visually-hidden"> {}</span></a>'
        told = ((self.href + LIST, row["ref"], below, word, row["name"]) for below, word in ways)
        return format_html("<div>{}</div>", format_html_join(mark_safe("<br>"), link, told))


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


class UndoLocalBody(RehearsedStep, OfLocalBody):
    """Of a local body that one's own entry made, nothing is left."""

    preview_name = "ui/rehearsed.html"
    button = "Show what will happen"
    warning = True
    done = "Your change was undone: what stood before stands again"
    form_class = UndoForm

    @cached_property
    def entry(self) -> Entry:
        """One's own change of it, whether or not it can be undone still: the action says so."""
        user = self.request.user
        told = LocalBodyParticulars.objects.visible_to(user).filter(local_body=self.body)
        entries = Entry.objects.visible_to(user)
        found = entries.filter(number=self.kwargs["number"], actor=user.ref, action__in=UNDONE)
        entry = found.filter(Q(pk__in=told.values("opened_by")) | Q(pk__in=told.values("closed_by"))).first()
        if entry is None:
            raise Http404(f"That is no change of yours of {self.body.ref}. See the list of the local bodies.")
        return entry

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Undo entry {self.entry.number}: {self.entry.reason[:80]}"

    def current(self) -> int:
        return newest_entry(self.body)

    def act(self, form: Any) -> None:
        undo_local_body(by=self.request.user, entry=self.entry, why=form.cleaned_data["why"])

    def shown(self, form: Any) -> dict[str, Any]:
        changes = rehearsed(lambda: self.act(form), (LocalBodyParticulars, Delegation))
        columns = (BEGINS, Column("says", "What it says"), Column("days", "Days"))
        rows = [{"begins": begins, "says": _says(fact), "days": _days(fact)} for begins, fact in changes]
        return {"facts": Table(columns, rows, "What ends and what begins", caption_spoken=True)}


def _says(fact: Any) -> str:
    if isinstance(fact, Delegation):
        return f"Holds a budget of {fact.pct.code}, {fact.year}"
    return f"{fact.name}: {LocalBodyStatus(fact.status).label.lower()}"


def _days(fact: Any) -> str:
    first, last = fact.effective.lower, last_day(fact.effective.upper)
    return days_words(first, last)
