"""The left out: practices that count in coverage and are in no consortium (domain.md rule 20)."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Sum
from django.utils.functional import cached_property

from pathfinders.reads import shas
from pathfinders.reads import unaffiliated as read
from pathfinders.views.public.base import PublicList, dated
from pathfinders.views.public.practices import NAME, PATIENTS, PRACTICE, QUARTER
from registry.pages.tables import Column, Table


class UnaffiliatedList(PublicList):
    title = "Practices in no consortium"
    template_name = "public/unaffiliated.html"
    noun = ("practice in no consortium", "practices in no consortium")
    read = read
    api_path = "/api/v1/unaffiliated/"
    lead = (
        "Active GP practices of England that were a member of no consortium on the day shown, by strategic health "
        "authority and primary care trust. Why is not recorded: not being in a consortium is not a refusal."
    )
    shown_filters = {"q": "Name, code or postcode", "sha": "Strategic health authority", "pct": "PCT code"}
    columns = (
        PRACTICE,
        NAME,
        Column("postcode", "Postcode", sort="postcode"),
        PATIENTS,
        QUARTER,
        Column("pct_name", "PCT", href="/pcts/{pct_code}/"),
        Column("sha_name", "SHA", href="/shas/{sha_code}/"),
    )

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        return {"sha": list(shas.rows(self.request.user, self.moment).order_by("name").values_list("code", "name"))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pcts = self.pcts
        sha = Column("sha_name", "SHA", href="/shas/{sha_code}/", empty="none on the day")
        pct = Column("pct_name", "PCT", href="/pcts/{pct_code}/", empty="none on the day")
        by_sha = Table(dated((sha, *FIGURES), self.dates), _by_sha(pcts), "By strategic health authority")
        by_area = Table(dated((sha, pct, *FIGURES), self.dates), pcts, "By primary care trust")
        return super().get_context_data(by_sha=by_sha, by_area=by_area if pcts else None, **kwargs)

    def get_paginator(self, *args: Any, **kwargs: Any) -> Any:
        """The areas' counts add up to the list's: no query counts it again."""
        paginator = super().get_paginator(*args, **kwargs)
        paginator.count = sum(row["practices"] for row in self.pcts)
        return paginator

    @cached_property
    def pcts(self) -> list[dict[str, Any]]:
        """Counts by SHA and PCT over the whole filtered list."""
        areas = ("sha_code", "sha_name", "pct_code", "pct_name")
        grouped = self.get_rows().order_by().values(*areas)
        return list(
            grouped.annotate(practices=Count("pk"), people=Sum("_list__patients")).order_by("sha_code", "pct_code")
        )


FIGURES = (
    Column("practices", "Practices", kind="number"),
    Column("people", "People on their lists", kind="number"),
)


def _by_sha(pcts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sums: dict[str | None, dict[str, Any]] = {}
    for row in pcts:
        known = {"sha_code": row["sha_code"], "sha_name": row["sha_name"], "practices": 0, "people": 0}
        one = sums.setdefault(row["sha_code"], known)
        one["practices"] += row["practices"]
        one["people"] += row["people"] or 0
    return list(sums.values())
