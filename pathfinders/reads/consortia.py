"""Consortia as they were on a day, with the members that count."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from consortia import attested
from consortia.models import Consortium, ConsortiumParticulars, ConsortiumSuccession
from pathfinders.reads import identifiers, known
from pathfinders.reads.filtering import CodeFilter, ReadFilters, WholeNumberFilter, words
from pathfinders.reads.finding import CONSORTIA, narrowed
from pathfinders.reads.joins import final_day, first_day, on_day
from pathfinders.reads.members import has_member, with_figures
from pathfinders.reads.programme import BASES, pathfinder_refs, standing_places
from pathfinders.reads.succession import both_ways
from registry.moment import Moment

KEY = ("ref",)
ORDERINGS = {"ref": F("ref"), "name": F("name")}


def rows(user: Any, moment: Moment) -> QuerySet:
    """Every consortium in life on the day."""
    return dated(user, moment).annotate(**attested.columns(moment))


def dated(user: Any, moment: Moment) -> QuerySet:
    """What each is on the day, without how it stands with its attestations."""
    return living(user, moment).values(
        "ref",
        name=F("_own__name"),
        form=F("_own__form"),
        began=_edge(moment, "effective"),
        ended=_edge(moment, "-effective"),
        pathfinders=pathfinder_refs(user, moment, "pk"),
        **both_ways(user, moment, ConsortiumSuccession),
        identifier_list=identifiers.of_consortium(user, moment),
    )


def living(user: Any, moment: Moment) -> QuerySet:
    """Consortia with their particulars of the day (`_own`)."""
    consortia = Consortium.objects.visible_to(user).annotate(_own=on_day("particulars", moment))
    return consortia.filter(_own__isnull=False)


def finish(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to a page's rows the members that count."""
    return with_figures(user, moment, rows, by="consortium", key="ref", scope="consortium")


def _edge(moment: Moment, order: str) -> Subquery:
    """The first day of a consortium's life, or its inclusive last day."""
    spells = ConsortiumParticulars.objects.known(moment).filter(consortium=OuterRef("pk")).order_by(order)
    return Subquery(spells.values(day=first_day() if order == "effective" else final_day())[:1])


class Filters(ReadFilters):
    ref = CodeFilter(label="Reference", known=known.CONSORTIUM)
    q = django_filters.CharFilter(method="search", label="Name or reference")
    pathfinder = CodeFilter(method="by_pathfinder", label="Pathfinder", known=known.PATHFINDER)
    wave = WholeNumberFilter(method="by_wave", label="Wave", known=known.WAVE)
    pct = CodeFilter(method="by_pct", label="Primary care trust of a member", known=known.PCT)
    sha = CodeFilter(method="by_sha", label="Strategic health authority of a member", known=known.SHA)
    scope = django_filters.ChoiceFilter(
        choices=words("pathfinder", "consortium"), method="by_scope", label="In a pathfinder, or any"
    )
    basis = django_filters.ChoiceFilter(choices=words(*BASES), method="with_others", label="Announced or live")

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return narrowed(queryset, CONSORTIA, None, self.moment, text)

    def by_pathfinder(self, queryset: QuerySet, name: str, ref: str) -> QuerySet:
        return queryset.filter(self._placed(pathfinder__ref=ref.strip().upper()))

    def by_wave(self, queryset: QuerySet, name: str, number: int) -> QuerySet:
        return queryset.filter(self._placed(_of__wave=number))

    def by_pct(self, queryset: QuerySet, name: str, code: str) -> QuerySet:
        return queryset.filter(has_member(self.asked_at, "consortium", pct_code=code))

    def by_sha(self, queryset: QuerySet, name: str, code: str) -> QuerySet:
        return queryset.filter(has_member(self.asked_at, "consortium", sha_code=code))

    def by_scope(self, queryset: QuerySet, name: str, scope: str) -> QuerySet:
        return queryset.filter(self._placed()) if scope == "pathfinder" else queryset

    def with_others(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset  # read by `scope`, `pathfinder` and `wave`

    def _placed(self, **conditions: Any) -> Exists:
        places = standing_places(None, self.moment, self.asked("basis", "announced"))
        return Exists(places.filter(consortium=OuterRef("pk"), **conditions))
