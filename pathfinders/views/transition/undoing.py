"""One's own changes of a trust's stages and plans: each with its days, its evidence, and the way back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.html import format_html, format_html_join

from pathfinders.forms.transition import UndoForm
from pathfinders.views.public.history import instant
from pathfinders.views.public.transition.stages import plan_words
from pathfinders.views.steps import StepPage
from pathfinders.views.transition.base import OfTrust
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table
from registry.timeline import Differing, last_day
from transitions.actions import undo_stage
from transitions.actions.undoing import Change, Told, own_changes
from transitions.models import Evidence, PlannedStage, TransitionStage, TransitionWord, TransitionWordKind

MOST = 20
"""Changes that the trust's page lists."""


class UndoStage(OfTrust, StepPage):
    template_name = "area/transition/undo.html"
    title = "Undo your change"
    button = "Undo it"
    warning = True
    done = "Your change was undone: what stood before stands again"
    form_class = UndoForm

    @cached_property
    def change(self) -> Change:
        own = own_changes(by=self.request.user, pct=self.pct)
        found = next((change for change in own if change.entry.number == self.kwargs["number"]), None)
        if found is None:
            raise Http404("That is no change of yours of this trust’s stage or plans. See the trust’s page.")
        return found

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.change.why_not:
            raise Http404(f"That change cannot be undone now. {self.change.why_not}")
        return super().get(request, *args, **kwargs)

    def act(self, form: Any) -> None:
        undo_stage(by=self.request.user, entry=self.change.entry, why=form.cleaned_data["why"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = Words(self.request.user, [self.change])
        return super().get_context_data(entry=self.change.entry, preview=preview(self.change, words), **kwargs)


def changes(user: Any, own: list[Change], href: str) -> Table | None:
    """For the trust's page. `href`: the address of the trust's own pages."""
    shown = own[:MOST]
    words = Words(user, shown)
    columns = (
        Column("entry", "Entry", show=lambda c: _entry(c)),
        Column(
            "said", "What it said", show=lambda c: format_html_join("", "<div>{}</div>", ((w,) for w in words.of(c)))
        ),
        Column("evidence", "Evidence", show=lambda c: words.evidence(c)),
        Column("undo", "Undo", show=lambda c: _undo(c, href)),
    )
    more = f" ({MOST} of {len(own)})" if len(own) > MOST else ""
    return Table(columns, shown, f"Your changes, the newest first{more}", caption_spoken=not more) if own else None


def preview(change: Change, words: Words) -> Table:
    """What stands on which days now, and what will again."""
    columns = (
        Column("what", "What"),
        Column("days", "Days"),
        Column("after", "It says now"),
        Column("before", "It will say again"),
    )
    rows = [
        {
            "what": words.whose(told),
            "days": _days(d),
            "after": words.value(told, d.after),
            "before": words.value(told, d.before),
        }
        for told in change.told
        for d in told.days
    ]
    return Table(columns, rows, "What stands again")


class Words:
    """Keys of stages and evidence as people read them."""

    def __init__(self, user: Any, own: Iterable[Change]) -> None:
        self.labels = TransitionWord.objects.visible_to(user).labels(TransitionWordKind.STAGE)
        told = [told for change in own for told in change.told]
        keys = {t.other for t in told if t.model is TransitionStage} | {
            self._evidence_of(v)
            for t in told
            for d in t.days
            for v in (d.before, d.after)
            if t.model is PlannedStage and v
        }
        self.refs = (
            dict(Evidence.objects.visible_to(user).filter(pk__in=keys).values_list("pk", "ref")) if keys else {}
        )

    def of(self, change: Change) -> list[str]:
        """One line for each stretch of days that the entry changed."""
        return [
            f"{'Plan: ' + self.labels[told.other] + ', ' if told.model is PlannedStage else ''}"
            f"{self.value(told, days.after)}, {_days(days)}"
            for told in change.told
            for days in told.days
        ]

    def whose(self, told: Told) -> str:
        if told.model is PlannedStage:
            return f"Plan: {self.labels[told.other]}"
        return f"Stage, as {self.refs[told.other]} says"

    def value(self, told: Told, values: tuple[Any, ...] | None) -> str:
        if values is None:
            return "not planned" if told.model is PlannedStage else "nothing"
        named = dict(zip([f.name for f in told.model.value_fields()], values, strict=True))
        if told.model is PlannedStage:
            return f"{plan_words(named['day'], named['words'])}, says {self.refs[named['evidence']]}"
        return self.labels[named["stage"]] + (f" (“{named['note']}”)" if named["note"] else "")

    def evidence(self, change: Change) -> Any:
        found = {
            self.refs[key]
            for told in change.told
            for key in (
                [told.other]
                if told.model is TransitionStage
                else [self._evidence_of(d.after or d.before or ()) for d in told.days]
            )
        }
        link = '<a class="nhsuk-link" href="/transitions/evidence/{0}/">{0}</a>'
        return format_html_join(", ", link, ((ref,) for ref in sorted(found)))

    @staticmethod
    def _evidence_of(values: tuple[Any, ...]) -> int:
        return values[[f.name for f in PlannedStage.value_fields()].index("evidence")]


def _entry(change: Change) -> Any:
    return format_html(
        '<a class="nhsuk-link" href="/changes/{0}/">{0}</a><br>{1}', change.entry.number, instant(change.entry.at)
    )


def _undo(change: Change, href: str) -> Any:
    if change.why_not:
        return change.why_not
    return format_html(
        '<a class="nhsuk-link" href="{0}undo/{1}/">Undo<span class="nhsuk-u-visually-hidden"> entry {1}</span></a>',
        href,
        change.entry.number,
    )


def _days(told: Differing) -> str:
    last: date | None = last_day(told.end)
    if told.start is None:
        return f"up to {long_date(last)}" if last else "on every day"
    return f"{long_date(told.start)} to {long_date(last)}" if last else f"from {long_date(told.start)}"
