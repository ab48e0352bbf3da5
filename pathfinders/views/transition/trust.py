"""A trust's own page: where it stands as each evidence says, what it plans, and what may be changed."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.views.generic import TemplateView

from pathfinders.reads import transitions
from pathfinders.views.public.transition.stages import ever_said, plans
from pathfinders.views.public.transition.words import evidence_words
from pathfinders.views.transition.base import OfTrust
from pathfinders.views.transition.undoing import changes
from registry.moment import Moment
from registry.pages.dates import accountable_words
from registry.pages.tables import Column, Table
from transitions.actions.undoing import own_changes
from transitions.models import PlannedStage, TransitionStage, TransitionWord, TransitionWordKind
from transitions.stages import TOLD, best_first


class TrustPage(OfTrust, TemplateView):
    template_name = "area/transition/trust.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment = self.request.user, Moment.now()
        labels = TransitionWord.objects.visible_to(user).labels(TransitionWordKind.STAGE)
        row = transitions.rows(user, moment).filter(code=self.pct.code, closed=None).first()
        return super().get_context_data(
            title=f"{self.named.name} ({self.pct.code}): handing over to GPs",
            crumbs=self.crumbs[:1],
            pct=self.pct,
            row=row,
            accountable=accountable_words(moment.as_of),
            said=self._said(moment, labels),
            plans=self._plans(plans(ever_said(PlannedStage, user, moment, self.pct), moment, "")),
            changes=changes(user, own_changes(by=user, pct=self.pct), self.href),
            **kwargs,
        )

    def _said(self, moment: Moment, labels: dict[str, str]) -> Table | None:
        """What each evidence says today, the best first."""
        facts = TransitionStage.objects.visible_to(self.request.user).at(moment).filter(body=self.pct)
        told = {f"evidence_{f}": f"{TOLD}__{f}" for f in ("kind", "title", "said_on", "words")}
        names = {"evidence__ref": "ref", **{path: name for name, path in told.items()}}
        found = [
            {names.get(k, k): v for k, v in row.items()}
            for row in best_first(facts, moment).values("stage", "note", *names)
        ]
        columns = (
            Column("ref", "Evidence", href="/transitions/evidence/{ref}/"),
            Column("evidence_title", "What it is"),
            Column("evidence_kind", "Kind and date", show=evidence_words),
            Column("stage", "Says", show=lambda row: labels[row["stage"]]),
            Column("note", "In its words"),
            Column("change", "Change", show=self._changes),
        )
        return Table(columns, found, "What each evidence says today", caption_spoken=True) if found else None

    def _changes(self, row: dict[str, Any]) -> Any:
        return format_html(
            '<a class="nhsuk-link" href="{0}stage/?evidence={1}">It says otherwise<span class="nhsuk-u-visually-hidden">: '
            '{1}</span></a><br><a class="nhsuk-link" href="{0}stage/{1}/clear/">It says nothing'
            '<span class="nhsuk-u-visually-hidden">: {1}</span></a><br><a class="nhsuk-link" href="/pct/evidence/{1}/">'
            'Its documents<span class="nhsuk-u-visually-hidden">: {1}</span></a>',
            self.href,
            row["ref"],
        )

    def _plans(self, rows: list[dict[str, Any]]) -> Table | None:
        columns = (
            Column("label", "Stage"),
            Column("when", "Planned"),
            Column("slip", "Moved", empty="not since"),
            Column("why", "Why"),
            Column("source", "Evidence", show=lambda row: format_html("<div>{}</div>", row["source"])),
            Column("change", "Change", show=self._plan_changes),
        )
        return Table(columns, rows, "What is planned", caption_spoken=True) if rows else None

    def _plan_changes(self, row: dict[str, Any]) -> Any:
        return format_html(
            '<a class="nhsuk-link" href="{0}plan/?stage={1}">It moved<span class="nhsuk-u-visually-hidden">: {2}</span></a>'
            '<br><a class="nhsuk-link" href="{0}plan/{1}/drop/">Given up<span class="nhsuk-u-visually-hidden">: {2}</span>'
            "</a>",
            self.href,
            row["stage"],
            row["label"],
        )
