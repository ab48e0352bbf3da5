"""Primary care trusts, care trusts among them: the list, and the record of one (or of a later parent body)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.html import format_html

from pathfinders.reads import consortia, pathfinders, pcts, practices, shas
from pathfinders.reads.coverage import Question, coverage_in
from pathfinders.reads.england import england
from pathfinders.reads.succession import walked
from pathfinders.views.public import practices as practice_pages
from pathfinders.views.public.bars import parts_context
from pathfinders.views.public.base import PublicList, dated, people_words
from pathfinders.views.public.bodies import BodyPage
from pathfinders.views.public.body_chain import step
from pathfinders.views.public.body_feeds import feed_of
from pathfinders.views.public.history import Line, heard, last_body_name, lines, named, standing, tables
from pathfinders.views.public.pct_parts import contents
from pathfinders.views.public.transition.trust import handing_over
from practices.models import PCT_KINDS, BodyKind, BodySuccession
from registry.pages.tables import Column, Table

COLUMNS = (
    Column("code", "Code", href="/pcts/{code}/", sort="code"),
    Column("name", "Name", sort="name"),
    Column("kind", "Kind", show=lambda row: BodyKind(row["kind"]).label),
    Column("sha_name", "Strategic health authority", href="/shas/{sha_code}/"),
    Column("practice_count", "Practices", kind="number"),
    Column("closed", "Last day", kind="date", empty="still open"),
)


class PctList(PublicList):
    title = "Primary care trusts"
    noun = ("primary care trust", "primary care trusts")
    read = pcts
    template_name = "public/pcts.html"
    api_path = "/api/v1/pcts/"
    lead = (
        "Primary care trusts (PCTs), care trusts that acted as one among them, on the day shown. Practices are the "
        "active GP practices under each. All PCTs were abolished at the end of 31 March 2013."
    )
    shown_filters = {"q": "Name or code", "sha": "Strategic health authority"}
    columns = COLUMNS

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        return {"sha": list(shas.rows(self.request.user, self.moment).order_by("name").values_list("code", "name"))}


class PctPage(BodyPage):
    template_name = "public/pct.html"
    noun = "PCT"
    crumbs = (("PCTs", "/pcts/"),)

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.named.kind == BodyKind.SHA:
            return HttpResponseRedirect(self.link(f"/shas/{self.body.code}/"))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code, own = self.body.code, self.own
        is_pct = self.named.kind in PCT_KINDS
        found = self._practices() if own else []
        words = people_words(found)
        row = self._coverage() if own and is_pct else None
        handing = handing_over(self.request.user, self.moment, self.body, self.dates) if is_pct else {}
        told = handing.pop("transition_lines", [])
        context = {
            **self.life(),
            "code": code,
            "feed": feed_of("pcts", code, "PCT" if is_pct else "the body"),
            "is_pct": is_pct,
            "is_ccg": self.named.kind == BodyKind.CCG,
            "people": words,
            "coverage": row,
            "practices": self._table(found),
            "consortia": self._members(consortia) if own and is_pct else [],
            "pathfinders": self._members(pathfinders) if own and is_pct else [],
            **(parts_context(self.request.user, self.moment, self.dates, pct=code) if row else {}),
            **self._succession(told),
            **handing,
            "citation": self.cite(self._figures(row, words)),
        }
        return super().get_context_data(**context, contents=contents(context), **kwargs)

    def _practices(self) -> list[dict[str, Any]]:
        rows = practices.rows(self.request.user, self.moment)
        asked = {"parent": self.body.code, "eligible": "true"}
        return list(practices.Filters(asked, rows, moment=self.moment, checked=False).qs.order_by("code"))

    def _coverage(self) -> dict[str, Any] | None:
        named = (self.body.code, self.named.name)
        base = england(self.request.user, self.moment)
        return coverage_in(base, self.request.user, self.moment, Question("pct"), [named])[0]

    def _members(self, read: Any) -> list[dict[str, Any]]:
        """Consortia, or pathfinders, with a member under this PCT."""
        rows = read.rows(self.request.user, self.moment)
        return list(read.Filters({"pct": self.body.code}, rows, moment=self.moment, checked=False).qs.order_by("ref"))

    def _table(self, rows: list[dict[str, Any]]) -> Table:
        columns = (
            Column("code", "Code", href="/practices/{code}/"),
            Column("name", "Name"),
            Column("list_size", "Patients", kind="number"),
            practice_pages.QUARTER,
            Column("consortium_name", "Consortium", href="/consortia/{consortium_ref}/", empty="none"),
            Column("membership_status", "Membership", kind="tag", tags=practice_pages.MEMBERSHIP_TAGS),
        )
        return Table(dated(columns, self.dates), rows, "Practices on the day", caption_spoken=True)

    def _succession(self, more: list[Line]) -> dict[str, Any]:
        """All successions at once, of which a chain is made: the register holds a few hundred."""
        facts = BodySuccession.objects.visible_to(self.request.user).select_related("predecessor", "successor")
        facts = facts.annotate(
            before=last_body_name("predecessor", self.moment), later=last_body_name("successor", self.moment)
        )
        found = heard(facts, self.moment)
        steps = sorted(
            (
                (
                    f.predecessor.code,
                    f.successor.code,
                    f.before,
                    f.later,
                    f.kind,
                    f.first,
                    f.practice_share,
                    f.people_share,
                )
                for f in standing(found, self.moment)
            ),
            key=lambda step: (step[5] or date.min, step[1], step[0]),
        )
        before, after = walked(steps, self.body.code)
        own = [fact for fact in found if self.body in (fact.predecessor, fact.successor)]
        history = [*self.own_lines(), *more, *lines(own, self.moment, "Succession", self._succeeds)]
        return {
            "successors": [step(link, self.body.code, link.before) for link in after],
            "predecessors": [step(link, self.body.code, link.code) for link in before],
            **tables(history),
        }

    def _succeeds(self, fact: Any) -> Any:
        before = named(fact.predecessor.code, fact.before, "/pcts/", self.dates)
        later = named(fact.successor.code, fact.later, "/pcts/", self.dates)
        return format_html("{} {} {}", before, fact.get_kind_display().lower(), later)

    @staticmethod
    def _figures(row: dict[str, Any] | None, words: dict[str, Any]) -> list[str]:
        if row is None:
            return [f"{words['practices']:,} GP practices, {words['people']:,} people on their lists"]
        return [coverage_words(row)]


def coverage_words(row: dict[str, Any]) -> str:
    """A figure of coverage as a sentence with its denominator (domain.md rule 7)."""
    whole = row["denominator"]
    percent = f"{row['percent']}%" if row["percent"] is not None else "no percentage"
    return (
        f"{row['name']}: {row['pathfinders']:,} {'pathfinder' if row['pathfinders'] == 1 else 'pathfinders'}, "
        f"{row['practices']:,} {'practice' if row['practices'] == 1 else 'practices'}, {row['people']:,} people "
        f"({percent} of {whole['value']:,}, {whole['name']})"
    )
