"""The dates of waves as the public was told them by a day: each version, what happened and what was only expected."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, IntegerField, OuterRef, QuerySet, Value, When
from django.db.models.functions import JSONObject

from pathfinders.models import WaveDateKind, WaveDay, WaveRelease
from registry.models.fact import Lower
from registry.moment import Moment

_ORDER = Case(
    *(When(kind=kind, then=Value(place)) for place, kind in enumerate(WaveDateKind.values)),
    output_field=IntegerField(),
)
FIELDS = ("kind", "version", "day", "actual", "reason")


def told(user: Any, moment: Moment) -> QuerySet:
    """Every version told by the day, in the order of a wave's life; `said_on`: the day on which it was told."""
    found = WaveDay.objects.visible_to(user).at(moment).annotate(said_on=Lower("effective"))
    return found.order_by("wave", _ORDER, "version")


def as_array(user: Any, moment: Moment) -> ArraySubquery:
    """For a query with a `wave`: the versions of its dates, as objects."""
    named = {name: name for name in (*FIELDS, "said_on")}
    return ArraySubquery(told(user, moment).filter(wave=OuterRef("wave")).values(_=JSONObject(**named)))


def of_wave(user: Any, moment: Moment, wave: int) -> list[dict[str, Any]]:
    """The versions of a wave's dates: `{kind, version, day, actual, reason, said_on}`. One query."""
    return list(told(user, moment).filter(wave=wave).values(*FIELDS, "said_on"))


def to_come(user: Any, moment: Moment) -> list[tuple[int, list[dict[str, Any]]]]:
    """Each wave of which dates were told but that is not released by the day, with its rows as `of_wave`. One query."""
    released = WaveRelease.objects.visible_to(user).at(moment).values("wave")
    rows = told(user, moment).exclude(wave__in=released).values("wave", *FIELDS, "said_on")
    return [(wave, list(group)) for wave, group in groupby(rows, key=lambda row: row["wave"])]
