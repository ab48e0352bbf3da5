"""Bodies above practices as they were on a day: PCTs, care trusts, SHAs, CCGs and those known only by reference."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, When

from pathfinders.reads import identifiers, known
from pathfinders.reads.filtering import CodeFilter, ReadFilters
from pathfinders.reads.finding import PARENTS, narrowed
from pathfinders.reads.joins import eligible_q, final_day, first_day, on_day
from pathfinders.reads.succession import both_ways_of_bodies
from practices.models import BodyKind, BodyParticulars, OperationalLife, ParentBody, PracticeParent
from registry.models.fact import Fact
from registry.moment import Moment

KEY = ("code",)
ORDERINGS = {"code": F("code"), "name": F("name")}


def rows(user: Any, moment: Moment) -> QuerySet:
    """Every body in life on the day."""
    return living(user, moment).values("code", **columns(), **_parallel(user, moment))


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


def _parallel(user: Any, moment: Moment) -> dict[str, Any]:
    """Beside the legal life: its further codes, the days on which it operated where those are known apart, and who came
    before and after."""
    return {
        "identifier_list": identifiers.of_body(user, moment),
        "operational_from": _edge(moment, "effective", OperationalLife),
        "operational_to": _edge(moment, "-effective", OperationalLife),
        **both_ways_of_bodies(user, moment),
    }


def _edge(moment: Moment, order: str, life: type[Fact] = BodyParticulars) -> Subquery:
    """The first day of a body's life, or its inclusive last day."""
    spells = life._default_manager.known(moment).filter(body=OuterRef("pk")).order_by(order)  # type: ignore[attr-defined]
    return Subquery(spells.values(day=first_day() if order == "effective" else final_day())[:1])


def finish(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to a page's rows `practice_count`: the eligible practices directly under each body (domain.md rule 5)."""
    under = (
        PracticeParent.objects.visible_to(user)
        .at(moment)
        .annotate(_status=on_day("practice__statuses", moment), _own=on_day("practice__particulars", moment))
        .filter(eligible_q("practice__"), parent__code__in=[row["code"] for row in rows])
    )
    found = dict(under.order_by().values_list("parent__code").annotate(n=Count("pk")))
    for row in rows:
        row["practice_count"] = found.get(row["code"], 0)
    return rows


class Filters(ReadFilters):
    code = CodeFilter(label="Code", known=known.BODY)
    q = django_filters.CharFilter(method="search", label="Name or code")
    kind = django_filters.MultipleChoiceFilter(choices=BodyKind.choices, label="Kind")
    sha = CodeFilter("sha_code", label="Strategic health authority", known=known.SHA)

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return narrowed(queryset, PARENTS, None, self.moment, text)
