"""Pathfinders announced by a day, with the consortia in them and the members that count."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet

from pathfinders.models import Pathfinder, PathfinderSuccession
from pathfinders.reads import known
from pathfinders.reads.filtering import CodeFilter, ReadFilters, WholeNumberFilter, words
from pathfinders.reads.finding import PATHFINDERS, narrowed
from pathfinders.reads.joins import on_day, together
from pathfinders.reads.leaders import interests
from pathfinders.reads.members import has_member, with_figures
from pathfinders.reads.programme import BASES, standing_places
from pathfinders.reads.succession import both_ways
from registry.moment import Moment

KEY = ("ref",)
ORDERINGS = {
    "ref": F("ref"),
    "name": F("name"),
    "wave": F("wave"),
    "announced_on": F("announced_on"),
}


def rows(user: Any, moment: Moment) -> QuerySet:
    """Every pathfinder announced by the day."""
    inside = standing_places(user, moment).filter(pathfinder=OuterRef("pk"))
    own = ("name", "wave", "approved_on", "announced_on", "goes_live_on")
    return announced(user, moment).values(
        "ref",
        **{c: F(f"_own__{c}") for c in own},
        consortia=ArraySubquery(inside.order_by("consortium__ref").values("consortium__ref")),
        **both_ways(user, moment, PathfinderSuccession),
    )


def announced(user: Any, moment: Moment) -> QuerySet:
    """Pathfinders with their particulars of the day (`_own`)."""
    pathfinders = Pathfinder.objects.visible_to(user).annotate(_own=on_day("particulars", moment))
    return pathfinders.filter(_own__announced_on__lte=moment.as_of)


def names_at(user: Any, moments: Collection[Moment], wanted: Q) -> dict[Moment, list[tuple[str, str, int]]]:
    """(reference, name, wave) of those that are wanted, at each of these moments. One query."""
    asked = list(dict.fromkeys(moments))
    named = ("ref", "_own__name", "_own__wave")
    parts = (announced(user, moment).filter(wanted).order_by().values_list(*named) for moment in asked)
    return {moment: sorted(rows) for moment, rows in zip(asked, together(*parts), strict=True)}


def finish(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to a page's rows the members that count, and what their leaders answered."""
    answered = interests(user, moment, [row["ref"] for row in rows])
    for row in rows:
        row["leaders"] = answered.get(row["ref"], [])
    return counted(user, moment, rows)


def counted(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to the rows the members that count."""
    return with_figures(user, moment, rows, by="pathfinder", key="ref")


class Filters(ReadFilters):
    ref = CodeFilter(label="Reference", known=known.PATHFINDER)
    q = django_filters.CharFilter(method="search", label="Name or reference")
    wave = WholeNumberFilter(label="Wave", known=known.WAVE)
    consortium = CodeFilter(method="by_consortium", label="Consortium", known=known.CONSORTIUM)
    pct = CodeFilter(method="by_pct", label="Primary care trust of a member", known=known.PCT)
    sha = CodeFilter(method="by_sha", label="Strategic health authority of a member", known=known.SHA)
    basis = django_filters.ChoiceFilter(choices=words(*BASES), method="by_basis", label="Announced or live")

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return narrowed(queryset, PATHFINDERS, None, self.moment, text)

    def by_consortium(self, queryset: QuerySet, name: str, ref: str) -> QuerySet:
        return queryset.filter(consortia__contains=[ref.strip().upper()])

    def by_pct(self, queryset: QuerySet, name: str, code: str) -> QuerySet:
        return queryset.filter(has_member(self.asked_at, "consortium__programme_places__pathfinder", pct_code=code))

    def by_sha(self, queryset: QuerySet, name: str, code: str) -> QuerySet:
        return queryset.filter(has_member(self.asked_at, "consortium__programme_places__pathfinder", sha_code=code))

    def by_basis(self, queryset: QuerySet, name: str, basis: str) -> QuerySet:
        return queryset.filter(goes_live_on__lte=self.moment.as_of) if basis == "live" else queryset
