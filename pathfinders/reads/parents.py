"""Bodies above practices as they were on a day: PCTs, care trusts, SHAs, CCGs and those known only by reference."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from pathfinders.reads.filtering import CodeFilter, ReadFilters
from pathfinders.reads.joins import final_day, first_day, on_day
from pathfinders.reads.practices import ENGLAND
from practices.models import GP_PRACTICE, BodyKind, BodyParticulars, ParentBody, PracticeParent, Status
from registry.moment import Moment

KEY = ("code",)
ORDERINGS = {"code": F("code"), "name": F("name"), "practices": F("practice_count")}


def rows(user: Any, moment: Moment) -> QuerySet:
    """Every body in life on the day; `practice_count` is of the eligible ones directly under it (domain.md rule 5)."""
    return living(user, moment).values("code", **columns(), practice_count=_practices(moment))


def living(user: Any, moment: Moment) -> QuerySet:
    """Bodies with their particulars of the day (`_own`) and those of the body above (`_above`)."""
    return (
        ParentBody.objects.visible_to(user)
        .annotate(_own=on_day("particulars", moment), _above=on_day("_own__above__particulars", moment))
        .filter(_own__isnull=False)
        .alias(_first=_edge(moment, "effective"), _last=_edge(moment, "-effective"))
    )


def columns() -> dict[str, Any]:
    return {
        **{c: F(f"_own__{c}") for c in ("name", "kind", "gss")},
        "sha_code": Case(When(_above__kind=BodyKind.SHA, then=F("_own__above__code"))),
        "sha_name": Case(When(_above__kind=BodyKind.SHA, then=F("_above__name"))),
        "longitude": F("_own__longitude"),
        "latitude": F("_own__latitude"),
        "opened": F("_first"),
        "closed": F("_last"),
    }


def _edge(moment: Moment, order: str) -> Subquery:
    """The first day of a body's life, or its inclusive last day."""
    spells = BodyParticulars.objects.known(moment).filter(body=OuterRef("pk")).order_by(order)
    return Subquery(spells.values(day=first_day() if order == "effective" else final_day())[:1])


def _practices(moment: Moment) -> Coalesce:
    """How many eligible practices a body has directly under it."""
    under = (
        PracticeParent.objects.at(moment)
        .filter(parent=OuterRef("pk"))
        .filter(
            moment.q("practice__statuses__"),
            practice__statuses__status=Status.ACTIVE,
        )
        .filter(moment.q("practice__particulars__"), practice__particulars__setting=GP_PRACTICE)
        .filter(_prefixed(ENGLAND, "practice__"))
    )
    counted = under.order_by().values("parent").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())


def _prefixed(condition: Q, prefix: str) -> Q:
    """A condition on practices, asked of rows that point at one."""
    children = [_prefixed(c, prefix) if isinstance(c, Q) else (f"{prefix}{c[0]}", c[1]) for c in condition.children]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)


class Filters(ReadFilters):
    code = CodeFilter(label="Code")
    q = django_filters.CharFilter(method="search", label="Name or code")
    kind = django_filters.MultipleChoiceFilter(choices=BodyKind.choices, label="Kind")
    sha = CodeFilter("sha_code", label="Strategic health authority")

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return queryset.filter(Q(code__startswith=text.strip().upper()) | Q(name__icontains=text.strip()))
