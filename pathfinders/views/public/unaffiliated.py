"""The left out: practices that count in coverage and are in no consortium (domain.md rule 20)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join

from consortia.models import ConsortiumParticulars, SaidBy
from pathfinders.reads import shas
from pathfinders.reads import unaffiliated as read
from pathfinders.views.public.base import PublicList, dated
from pathfinders.views.public.deadline import deadline_words, version_table
from pathfinders.views.public.practices import NAME, PATIENTS, PRACTICE, QUARTER
from registry.pages.tables import Column, Table
from transitions.milestones import standing, versions

SAID_BY = {value: f"{label[0].lower()}{label[1:]}" for value, label in SaidBy.choices}


class UnaffiliatedList(PublicList):
    title = "Practices in no consortium"
    template_name = "public/unaffiliated.html"
    noun = ("practice in no consortium", "practices in no consortium")
    read = read
    api_path = "/api/v1/unaffiliated/"
    lead = (
        "Active GP practices of England that were a member of no consortium on the day shown, by strategic health "
        "authority and primary care trust. Why is told where the practice, its PCT, a consortium that it left or "
        "programme staff said so; “Not asked” is not a refusal."
    )
    shown_filters = {
        "q": "Name, code or postcode",
        "sha": "Strategic health authority",
        "pct": "PCT code",
        "reason": "Recorded reason",
    }

    def get_columns(self) -> list[Column]:
        words = dict(self.reasons)
        why = Column("reason", "Why", show=lambda row: why_words(row, words))
        return dated((*COLUMNS, why), self.dates)

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        areas = shas.rows(self.request.user, self.moment).order_by("name").values_list("code", "name")
        return {"sha": list(areas), "reason": self.reasons}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pcts, words = sums(self.cells, "sha_code", "sha_name", "pct_code", "pct_name"), dict(self.reasons)
        sha = Column("sha_name", "SHA", href="/shas/{sha_code}/", empty="none on the day")
        pct = Column("pct_name", "PCT", href="/pcts/{pct_code}/", empty="none on the day")
        near = Column("near", "Consortia with members there", show=self._near(), empty="none")
        why = Column("reason", "Why", show=lambda row: words.get(row["reason"], row["reason"]))
        by = Column("reason_said_by", "Said by", show=lambda row: SAID_BY.get(row["reason_said_by"]), empty="nobody")
        reasons = sorted(sums(self.cells, "reason", "reason_said_by"), key=lambda row: -row["practices"])
        told = versions(self.request.user, self.moment)
        limit = standing(told, self.moment.as_of)
        return super().get_context_data(
            by_sha=Table(
                dated((sha, *FIGURES), self.dates),
                sums(self.cells, "sha_code", "sha_name"),
                "By strategic health authority",
            ),
            by_area=Table(dated((sha, pct, *FIGURES, near), self.dates), pcts, "By primary care trust")
            if pcts
            else None,
            by_reason=Table((why, by, *FIGURES), reasons, "By recorded reason") if reasons else None,
            deadline=deadline_words(limit, self.moment.as_of),
            deadline_versions=version_table(told),
            **kwargs,
        )

    def get_paginator(self, *args: Any, **kwargs: Any) -> Any:
        """The areas' counts add up to the list's: no query counts it again."""
        paginator = super().get_paginator(*args, **kwargs)
        paginator.count = sum(row["practices"] for row in self.cells)
        return paginator

    @cached_property
    def reasons(self) -> list[tuple[str, str]]:
        return read.reason_choices()

    @cached_property
    def cells(self) -> list[dict[str, Any]]:
        """Counts by SHA, PCT, reason and who said it over the whole filtered list."""
        alike = ("sha_code", "sha_name", "pct_code", "pct_name", "reason", "reason_said_by")
        grouped = self.get_rows().order_by().values(*alike)
        lists = {"people": Sum("_list__patients"), "without_list": Count("pk", filter=Q(_list__patients=None))}
        return list(grouped.annotate(practices=Count("pk"), **lists).order_by("sha_code", "pct_code"))

    def _near(self) -> Callable[[dict[str, Any]], str]:
        """What the table of PCTs says of each: the consortia with members there, linked."""
        near = read.nearby(self.request.user, self.moment)
        shown = {ref for row in self.cells for ref in near.get(row["pct_code"], [])}
        named = ConsortiumParticulars.objects.visible_to(self.request.user).at(self.moment)
        names = dict(named.filter(consortium__ref__in=shown).values_list("consortium__ref", "name")) if shown else {}

        def links(row: dict[str, Any]) -> str:
            found = ((ref, self.dates, names.get(ref, ref)) for ref in near.get(row["pct_code"], []))
            return format_html_join(", ", '<a class="nhsuk-link" href="/consortia/{}/{}">{}</a>', found)

        return links


COLUMNS = (
    PRACTICE,
    NAME,
    Column("postcode", "Postcode", sort="postcode"),
    PATIENTS,
    QUARTER,
    Column("pct_name", "PCT", href="/pcts/{pct_code}/"),
    Column("sha_name", "SHA", href="/shas/{sha_code}/"),
)
FIGURES = (
    Column("practices", "Practices", kind="number"),
    Column("people", "People on their lists", kind="number"),
    Column("without_list", "Without a list size", kind="number"),
)


def why_words(row: dict[str, Any], words: dict[str, str]) -> str:
    """The recorded reason and who said it, or that nobody was asked."""
    told = words.get(row["reason"], row["reason"])
    said_by = SAID_BY.get(row["reason_said_by"] or "")
    return format_html("{}, said by {}", told, said_by) if said_by else told


def sums(cells: list[dict[str, Any]], *alike: str) -> list[dict[str, Any]]:
    """The cells' figures, one row for each value of these columns, in the order of the cells."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for cell in cells:
        values = {name: cell[name] for name in alike}
        one = found.setdefault(
            tuple(values.values()), values | dict.fromkeys(("practices", "people", "without_list"), 0)
        )
        for name in ("practices", "people", "without_list"):
            one[name] += cell[name] or 0
    return list(found.values())
