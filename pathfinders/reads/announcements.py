"""What was announced, claim by claim, beside what the register computes for the same day.

The register's figure is that of the day on which the claim's wave was announced (of a claim without a wave: of the
day of its publication), as known now and as known at the release.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from pathfinders.models import AnnouncedClaim, Extent, Metric, Reconciliation, ScopeKind, WaveRelease
from pathfinders.models.claim import first_day
from pathfinders.reads import pathfinders
from pathfinders.reads.announced_figures import Figures, figures
from pathfinders.reads.filtering import CodeFilter, ReadFilters, WholeNumberFilter
from pathfinders.rounding import holds_between
from pathfinders.wording import last_digit
from practices.models import BodyParticulars
from registry.moment import Known, Moment

KEY = ("ref",)
ORDERINGS = {
    "ref": F("ref"),
    "wave": Coalesce(F("wave"), 0),  # those of no wave first
    "published": F("published"),
    "metric": F("metric"),
}
UNITS = {
    Metric.PATHFINDERS: "pathfinders",
    Metric.PRACTICES: "practices",
    Metric.PEOPLE: "people",
    Metric.SHARE: "percent",
    Metric.AVERAGE_PEOPLE: "people",
    Metric.AVERAGE_PRACTICES: "practices",
}
AREAS = (ScopeKind.SHA, ScopeKind.PCT)


def rows(user: Any, moment: Moment) -> QuerySet:
    """Claims published by the day."""
    return _columns(AnnouncedClaim.objects.visible_to(user).at(moment))


def of_wave(user: Any, moment: Moment, wave: int) -> QuerySet:
    """Claims about a wave, published whenever, in the order in which they were recorded."""
    return _columns(AnnouncedClaim.objects.visible_to(user).known(moment).filter(wave=wave)).order_by("ref")


def _columns(claims: QuerySet) -> QuerySet:
    own = ("ref", "wave", "metric", "extent", "scope_kind", "scope", "value", "rounding", "words", "note")
    source = {f"source_{name}": F(name) for name in ("publisher", "title", "url")}
    return claims.values(*own, "reconciliation", "published", **source, source_published=F("published"))


def finish(user: Any, moment: Moment, rows: list[dict[str, Any]], *, then: bool = True) -> list[dict[str, Any]]:
    """Add to a page's rows what the register computes; without `then`, only as known at the moment.

    Two or three questions for each day that the claims are about, however many claims there are.
    """
    releases = _releases(user, moment, {r["wave"] for r in rows if r["wave"] is not None})
    names = _area_names(user, moment, {r["scope"] for r in rows if r["scope_kind"] in AREAS})
    days: dict[_Day, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        days[_day(row, releases)].append(row)
    for day, mine in days.items():
        now = _Computed(user, Moment(day.on, moment.known_at, moment.latest), mine)
        past = _Computed(user, Moment(day.on, day.known, False, entry=day.entry), mine) if then and day.known else None
        for row in mine:
            row.update(_compared(row, now, past), figure_on=day.on)
            row["scope_name"] = names.get(row["scope"], row["scope"])
    return rows


@dataclass(frozen=True)
class _Day:
    """The day that a claim is about, and the instant at which its wave was released."""

    on: date
    known: datetime | None
    entry: Known | None = field(default=None, compare=False)


def _releases(user: Any, moment: Moment, waves: set[int]) -> dict[int, _Day]:
    """Of each wave the fact by which it was released: the first that the register ever said of it."""
    facts = WaveRelease.objects.visible_to(user).filter(wave__in=waves).order_by("-opened_by_id")
    if not waves:
        return {}
    return {
        f.wave: _Day(f.announced_on, f.opened_by.at, Known.beside(moment.newest, f.opened_by))
        for f in facts.select_related("opened_by")
    }


def _day(row: dict[str, Any], releases: dict[int, _Day]) -> _Day:
    if row["wave"] is not None:
        return releases[row["wave"]]
    return _Day(first_day(row["published"]), None)


def _area_names(user: Any, moment: Moment, codes: set[str]) -> dict[str, str]:
    """The last name of each area."""
    if not codes:
        return {}
    facts = BodyParticulars.objects.visible_to(user).known(moment).filter(body__code__in=codes)
    return dict(facts.order_by("effective").values_list("body__code", "name"))


class _Computed:
    """The register's figures of one moment, for these claims."""

    def __init__(self, user: Any, moment: Moment, rows: list[dict[str, Any]]) -> None:
        self.groups = _groups(user, moment, {r["scope"] for r in rows if r["scope_kind"] == ScopeKind.GROUP})
        areas = {r["scope"] for r in rows if r["scope_kind"] in AREAS}
        self.figures: Figures = figures(user, moment, {*areas, *self.groups.values()})

    def of(self, row: dict[str, Any]) -> float | int | None:
        scope, wave = row["scope"], row["wave"] if row["extent"] == Extent.WAVE else None
        if row["scope_kind"] == ScopeKind.GROUP:
            if scope not in self.groups:
                return None
            scope, wave = self.groups[scope], None
        return self.figures.of(row["metric"], scope, wave)


def _groups(user: Any, moment: Moment, scopes: set[str]) -> dict[str, str]:
    """The reference of the pathfinder that each scope means, by reference or by name; two of one name mean none."""
    if not scopes:
        return {}
    found = pathfinders.announced(user, moment).filter(Q(ref__in=scopes) | Q(_own__name__in=scopes))
    meant: dict[str, set[str]] = defaultdict(set)
    for ref, name in found.values_list("ref", "_own__name"):
        meant[ref].add(ref)
        meant[name].add(ref)
    return {scope: refs.pop() for scope, refs in meant.items() if len(refs) == 1}


def _compared(row: dict[str, Any], now: _Computed, past: _Computed | None) -> dict[str, Any]:
    value, metric = row["value"], row["metric"]
    printed = last_digit(row["words"])
    least, most = holds_between(value, row["rounding"], percent=metric == Metric.SHARE, printed=printed)
    figure = now.of(row)
    share = metric == Metric.SHARE and figure is not None
    whole = now.figures.denominators.get(row["scope"]) if share else None
    return {
        "unit": UNITS[metric],
        "value": _number(value),
        "holds_from": _number(least),
        "holds_to": _number(most),
        "figure": figure,
        "figure_then": past.of(row) if past else None,
        "difference": None if figure is None else _number(Decimal(str(figure)) - value),
        "holds": None if figure is None else least <= Decimal(str(figure)) <= most,
        **{f"denominator_{part}": whole[part] if whole else None for part in ("name", "value", "date", "source")},
    }


def _number(value: Decimal) -> int | float:
    """As JSON tells it: whole where it is."""
    return int(value) if value == value.to_integral_value() else float(value)


class Filters(ReadFilters):
    ref = CodeFilter(label="Reference")
    wave = WholeNumberFilter(label="Wave")
    metric = django_filters.ChoiceFilter(choices=Metric.choices, label="What is counted")
    extent = django_filters.ChoiceFilter(choices=Extent.choices, label="Of the wave alone, or of all so far")
    scope = django_filters.CharFilter(lookup_expr="iexact", label="England, a code, or a pathfinder")
    source = django_filters.CharFilter("source_publisher", lookup_expr="icontains", label="Publisher")
    reconciliation = django_filters.ChoiceFilter(choices=Reconciliation.choices, label="Explanation")
