"""Clusters as they were on a day, with what they are made of (F6). The statutory bodies stay (domain.md rule 17)."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject, Upper

from pathfinders.reads import known
from pathfinders.reads.filtering import CodeFilter, ReadFilters
from pathfinders.reads.joins import final_day, first_day, on_day
from practices.models import PCT_KINDS, BodyKind, BodyParticulars, ParentBody
from registry.moment import Moment
from transitions.models import Cluster, ClusterKind, ClusterPlace

KEY = ("ref",)
ORDERINGS = {"name": F("name"), "ref": F("ref"), "kind": F("kind")}


def rows(user: Any, moment: Moment) -> QuerySet:
    """Every cluster of the day, each with its bodies of the day by code."""
    clusters = Cluster.objects.visible_to(user).annotate(_own=on_day("particulars", moment))
    return clusters.filter(_own__isnull=False).values(
        "ref",
        name=F("_own__name"),
        kind=F("_own__kind"),
        source=F("_own__source"),
        since=first_day("_own__effective"),
        until=final_day("_own__effective"),
        member_list=_members(user, moment),
    )


def _members(user: Any, moment: Moment) -> ArraySubquery:
    places = ClusterPlace.objects.visible_to(user).at(moment).filter(cluster=OuterRef("pk"))
    places = places.annotate(
        _body=on_day("body__particulars", moment), _above=on_day("_body__above__particulars", moment)
    )
    told = JSONObject(code="body__code", name="_body__name", sha_code="_body__above__code", sha_name="_above__name")
    return ArraySubquery(places.order_by("body__code").values(_=told))


def finish(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add the authorities that its trusts are under, and whether it crosses their lines or is one trust alone."""
    for row in rows:
        members = row["member_list"]
        trusts = row["kind"] == ClusterKind.PCT
        row["members"] = len(members)
        row["sha_codes"] = sorted({m["sha_code"] for m in members if m["sha_code"]}) if trusts else []
        row["crosses_shas"] = len(row["sha_codes"]) > 1
        row["stands_alone"] = trusts and len(members) == 1
    return rows


def of_body(user: Any, moment: Moment, body: ParentBody) -> dict[str, Any] | None:
    """The cluster of a trust, or an authority, on the day: its `ref`, `name` and `since` when the body is in it."""
    places = ClusterPlace.objects.visible_to(user).at(moment).filter(body=body)
    told = places.annotate(_own=on_day("cluster__particulars", moment))
    row: Any = told.values(ref=F("cluster__ref"), name=F("_own__name"), since=first_day()).first()
    return row


def unplaced(user: Any, moment: Moment) -> list[dict[str, Any]]:
    """Living trusts and authorities in no cluster that day, by code."""
    placed = ClusterPlace.objects.visible_to(user).at(moment).filter(body=OuterRef("body"))
    living = BodyParticulars.objects.visible_to(user).at(moment).filter(kind__in=[*PCT_KINDS, BodyKind.SHA])
    found = living.filter(~Exists(placed)).order_by("body__code")
    named: Any = found.values("kind", "name", code=F("body__code"))
    return list(named)


class Filters(ReadFilters):
    ref = CodeFilter(label="Reference", known=known.CLUSTER)
    q = django_filters.CharFilter(method="search", label="Name or reference")
    kind = django_filters.ChoiceFilter(choices=ClusterKind.choices, label="Of trusts or of authorities")
    body = CodeFilter(method="by_body", label="A trust or authority in it", known=known.BODY)

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        wanted = text.strip().upper()
        return queryset.alias(_name=Upper("name")).filter(Q(_name__contains=wanted) | Q(ref=wanted))

    def by_body(self, queryset: QuerySet, name: str, code: str) -> QuerySet:
        places = ClusterPlace.objects.visible_to(None).at(self.asked_at)
        return queryset.filter(Exists(places.filter(cluster=OuterRef("pk"), body__code=code.strip().upper())))
