"""Consortia as they were on a day, with the members that count."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from consortia.models import Consortium, ConsortiumParticulars
from pathfinders.reads.filtering import CodeFilter, ReadFilters, words
from pathfinders.reads.joins import final_day, first_day, on_day
from pathfinders.reads.members import counted, figures
from pathfinders.reads.programme import BASES, pathfinder_refs, standing_places
from registry.moment import Moment

KEY = ("ref",)
ORDERINGS = {"ref": F("ref"), "name": F("name"), "practices": F("practices"), "people": F("people")}


def rows(user: Any, moment: Moment) -> QuerySet:
    """Every consortium in life on the day. `practices` and `people` follow rules 5, 6 and 8 of domain.md."""
    return (
        Consortium.objects.visible_to(user)
        .annotate(_own=on_day("particulars", moment))
        .filter(_own__isnull=False)
        .values(
            "ref",
            name=F("_own__name"),
            form=F("_own__form"),
            began=_edge(moment, "effective"),
            ended=_edge(moment, "-effective"),
            pathfinders=pathfinder_refs(user, moment, "pk"),
            **figures(counted(user, moment, _consortium=OuterRef("pk"))),
        )
    )


def _edge(moment: Moment, order: str) -> Subquery:
    """The first day of a consortium's life, or its inclusive last day."""
    spells = ConsortiumParticulars.objects.known(moment).filter(consortium=OuterRef("pk")).order_by(order)
    return Subquery(spells.values(day=first_day() if order == "effective" else final_day())[:1])


class Filters(ReadFilters):
    ref = CodeFilter(label="Reference")
    q = django_filters.CharFilter(method="search", label="Name or reference")
    pathfinder = CodeFilter(method="by_pathfinder", label="Pathfinder")
    wave = django_filters.NumberFilter(method="by_wave", label="Wave")
    pct = CodeFilter(method="by_pct", label="Primary care trust of a member")
    sha = CodeFilter(method="by_sha", label="Strategic health authority of a member")
    scope = django_filters.ChoiceFilter(choices=words("pathfinder", "consortium"), method="by_scope")
    basis = django_filters.ChoiceFilter(choices=words(*BASES), method="with_others", label="Announced or live")

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return queryset.filter(Q(ref=text.strip().upper()) | Q(name__icontains=text.strip()))

    def by_pathfinder(self, queryset: QuerySet, name: str, ref: str) -> QuerySet:
        return queryset.filter(self._placed(pathfinder__ref=ref.strip().upper()))

    def by_wave(self, queryset: QuerySet, name: str, number: int) -> QuerySet:
        return queryset.filter(self._placed(_of__wave=number))

    def by_pct(self, queryset: QuerySet, name: str, code: str) -> QuerySet:
        return queryset.filter(pcts__contains=[code.strip().upper()])

    def by_sha(self, queryset: QuerySet, name: str, code: str) -> QuerySet:
        return queryset.filter(shas__contains=[code.strip().upper()])

    def by_scope(self, queryset: QuerySet, name: str, scope: str) -> QuerySet:
        return queryset.filter(self._placed()) if scope == "pathfinder" else queryset

    def with_others(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset  # read by `scope`, `pathfinder` and `wave`

    def _placed(self, **conditions: Any) -> Exists:
        places = standing_places(None, self.moment, self.asked("basis", "announced"))
        return Exists(places.filter(consortium=OuterRef("pk"), **conditions))
