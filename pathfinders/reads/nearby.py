"""The consortia that a practice might talk to: those with a member under its own PCT first, then by the nearest member.

An order of a list and nothing more: nothing of membership follows from where anybody is (domain.md rule 23).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import FloatField, Min, Value
from django.db.models.functions import ASin, Cast, Cos, Least, Power, Radians, Sin, Sqrt

from consortia.models import Membership, Post
from pathfinders.models import PathfinderParticulars, ScopeKind, ServiceClaim
from pathfinders.reads import consortia
from pathfinders.reads.joins import on_day
from registry.models import User
from registry.moment import Moment

EARTH_KM = 6371.0


def nearby(user: Any, now: Moment, practice: dict[str, Any]) -> list[dict[str, Any]]:
    """Every consortium in life today but the practice's own, as `reads.consortia` tells of it, with `near` (it has a
    member under the practice's PCT) and `km` (straight line to its nearest member; None where that is not known).

    `practice`: its row of `reads.practices`.
    """
    rows = consortia.finish(user, now, list(consortia.rows(user, now).order_by("ref")))
    rows = [row for row in rows if row["ref"] != practice["consortium_ref"]]
    far = distances(user, now, practice["latitude"], practice["longitude"])
    for row in rows:
        row["near"] = practice["pct_code"] is not None and practice["pct_code"] in row["pcts"]
        row["km"] = far.get(row["ref"])
    return sorted(rows, key=lambda r: (not r["near"], r["km"] is None, r["km"] or 0.0, r["ref"]))


def distances(user: Any, now: Moment, latitude: Any, longitude: Any) -> dict[str, float]:
    """By reference the kilometres in a straight line to the consortium's nearest member with a known place; empty
    where the practice's own is not known."""
    if latitude is None or longitude is None:
        return {}
    members = Membership.objects.visible_to(user).at(now).annotate(_place=on_day("practice__places", now))
    found = members.filter(_place__isnull=False).annotate(_km=_kilometres(float(latitude), float(longitude)))
    return {
        ref: km for ref, km in found.order_by().values_list("consortium__ref").annotate(Min("_km")) if km is not None
    }


def _kilometres(latitude: float, longitude: float) -> Any:
    """The great circle by the haversine, between this point and `_place`."""
    there = Radians(Cast("_place__latitude", FloatField())), Radians(Cast("_place__longitude", FloatField()))
    here = Radians(Value(latitude, FloatField())), Radians(Value(longitude, FloatField()))
    up, along = ((one - two) / Value(2.0) for one, two in zip(there, here, strict=True))
    half = Power(Sin(up), 2) + Cos(here[0]) * Cos(there[0]) * Power(Sin(along), 2)
    return Value(2 * EARTH_KM) * ASin(Least(Value(1.0), Sqrt(half)), output_field=FloatField())


def posts(user: Any, now: Moment, refs: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """By reference who holds which post today: (post, name); the name is blank where it was erased."""
    facts = list(Post.objects.visible_to(user).at(now).filter(consortium__ref__in=refs).select_related("consortium"))
    people = dict(User.objects.filter(ref__in={f.person for f in facts}).values_list("ref", "name"))
    told: dict[str, list[tuple[str, str]]] = {}
    for fact in sorted(facts, key=lambda f: (f.post != "lead", f.post, f.person)):
        told.setdefault(fact.consortium.ref, []).append((fact.post, people.get(fact.person, "")))
    return told


def services(user: Any, now: Moment, pathfinders: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """By pathfinder what is claimed of its local services, by its reference or by a name that it has borne."""
    facts = PathfinderParticulars.objects.visible_to(user).known(now).filter(pathfinder__ref__in=pathfinders)
    known = {name.casefold(): ref for ref, name in facts.values_list("pathfinder__ref", "name")}
    known |= {ref.casefold(): ref for ref in pathfinders}
    claims = ServiceClaim.objects.visible_to(user).at(now).filter(scope_kind=ScopeKind.GROUP).order_by("ref")
    told: dict[str, list[dict[str, Any]]] = {}
    for claim in claims:
        if ref := known.get(claim.scope.casefold()):
            told.setdefault(ref, []).append(
                {"specialty": claim.specialty, "words": claim.words, "status": claim.get_status_display().lower()}
            )
    return told
