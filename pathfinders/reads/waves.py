"""Waves released by a day, as the register knows them then."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from pathfinders.models import PathfinderParticulars, WaveAnnouncement, WaveManifest, WaveRelease
from pathfinders.reads import known, wave_days
from pathfinders.reads.filtering import ReadFilters, WholeNumberFilter
from pathfinders.reads.members import with_figures
from registry.moment import Moment

KEY = ("number",)
ORDERINGS = {"number": F("number"), "announced_on": F("announced_on")}


def rows(user: Any, moment: Moment) -> QuerySet:
    """Every wave released by the day, with the pathfinders it has on the day and the dates told of it."""
    members = PathfinderParticulars.objects.visible_to(user).at(moment).filter(wave=OuterRef("wave"))
    number_of = Subquery(members.order_by().values("wave").annotate(n=Count("pk")).values("n"))
    refs = members.order_by("pathfinder__ref").values("pathfinder__ref")
    told = WaveAnnouncement.objects.visible_to(user).at(moment).filter(wave=OuterRef("wave"))
    words = {f"announcement_{name}": Subquery(told.values(name)[:1]) for name in ("title", "text", "notes")}
    return (
        WaveRelease.objects.visible_to(user)
        .at(moment)
        .values(
            "announced_on",
            number=F("wave"),
            pathfinders=Coalesce(number_of, Value(0), output_field=IntegerField()),
            pathfinder_refs=ArraySubquery(refs),
            dates=wave_days.as_array(user, moment),
            **words,
        )
    )


def finish(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to a page's rows the members that count, and the hash of the wave as released."""
    kept = WaveManifest.objects.visible_to(user).filter(pk__in=[row["number"] for row in rows])
    hashes = dict(kept.values_list("pk", "sha256"))
    for row in rows:
        row["manifest_sha256"] = hashes.get(row["number"])
    return with_figures(user, moment, rows, by="wave", key="number")


class Filters(ReadFilters):
    number = WholeNumberFilter(label="Wave", known=known.WAVE)
