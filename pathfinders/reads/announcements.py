"""What was announced, claim by claim, beside what the register computes for the same day.

The register's figure is that of the day on which the claim's wave was announced (of a claim without a wave: of the
day of its publication), as known now and as known at the release.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from pathfinders.models import AnnouncedClaim, Extent, Metric, Reconciliation, ScopeKind, WaveRelease
from pathfinders.models.claim import first_day
from pathfinders.reads import known, pathfinders
from pathfinders.reads.announced_figures import Figures, figures
from pathfinders.reads.filtering import CodeFilter, ReadFilters, TextFilter, WholeNumberFilter
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

    Three questions, however many claims there are, and one or two of England for each day that they are about.
    """
    releases = _releases(user, moment, {r["wave"] for r in rows if r["wave"] is not None})
    names = dict(last_names(user, moment, areas_of(rows))) if areas_of(rows) else {}
    moments = [m for day in {_day(r, releases) for r in rows} for m in day.moments(moment, then=then)]
    scopes = groups_of(rows)
    named = pathfinders.names_at(user, moments, meant_by(scopes)) if scopes else {}
    return compared(user, moment, rows, releases, names, named, then=then)


def compared(
    user: Any,
    moment: Moment,
    rows: list[dict[str, Any]],
    releases: Mapping[int, Day],
    names: Mapping[str, str],
    named: Named,
    *,
    then: bool = True,
) -> list[dict[str, Any]]:
    """The same for who has read the rest: the day of each wave, the names of areas, and of groups at each moment."""
    days: dict[Day, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        days[_day(row, releases)].append(row)
    for day, mine in days.items():
        now, *past = (_Computed(user, m, mine, named.get(m, [])) for m in day.moments(moment, then=then))
        for row in mine:
            row.update(_compared(row, now, past[0] if past else None), figure_on=day.on)
            row["scope_name"] = names.get(row["scope"], row["scope"])
    return rows


Named = Mapping[Moment, list[tuple[str, str, int]]]
"""Of `reads.pathfinders.names_at`."""


@dataclass(frozen=True)
class Day:
    """The day that a claim is about, and the instant at which its wave was released."""

    on: date
    known: datetime | None
    entry: Known | None = field(default=None, compare=False)

    def moments(self, moment: Moment, *, then: bool = True) -> list[Moment]:
        """The day as known at the moment; and with `then` as known at the release, of which there may be none."""
        now = Moment(self.on, moment.known_at, moment.latest)
        return [now, Moment(self.on, self.known, False, entry=self.entry)] if then and self.known else [now]


def areas_of(rows: list[dict[str, Any]]) -> set[str]:
    """The codes of the areas that the claims are about."""
    return {row["scope"] for row in rows if row["scope_kind"] in AREAS}


def groups_of(rows: list[dict[str, Any]]) -> set[str]:
    """The references and names of the pathfinders that the claims are about."""
    return {row["scope"] for row in rows if row["scope_kind"] == ScopeKind.GROUP}


def meant_by(scopes: set[str]) -> Q:
    """The pathfinders that these are references or names of."""
    return Q(ref__in=scopes) | Q(_own__name__in=scopes)


def _releases(user: Any, moment: Moment, waves: set[int]) -> dict[int, Day]:
    """Of each wave the fact by which it was released: the first that the register ever said of it."""
    facts = WaveRelease.objects.visible_to(user).filter(wave__in=waves).order_by("-opened_by_id")
    if not waves:
        return {}
    return {
        f.wave: Day(f.announced_on, f.opened_by.at, Known.beside(moment.newest, f.opened_by))
        for f in facts.select_related("opened_by")
    }


def _day(row: dict[str, Any], releases: Mapping[int, Day]) -> Day:
    if row["wave"] is not None:
        return releases[row["wave"]]
    return Day(first_day(row["published"]), None)


def last_names(user: Any, moment: Moment, codes: Collection[str]) -> QuerySet:
    """(code, name) of each area: the last that it had."""
    facts = BodyParticulars.objects.visible_to(user).known(moment).filter(body__code__in=codes)
    last = facts.order_by("body__code", "-effective").distinct("body__code")
    return last.values_list("body__code", "name")


class _Computed:
    """The register's figures of one moment, for these claims."""

    def __init__(
        self, user: Any, moment: Moment, rows: list[dict[str, Any]], named: list[tuple[str, str, int]]
    ) -> None:
        self.groups = _groups(groups_of(rows), named)
        self.figures: Figures = figures(user, moment, {*areas_of(rows), *self.groups.values()})

    def of(self, row: dict[str, Any]) -> float | int | None:
        scope, wave = row["scope"], row["wave"] if row["extent"] == Extent.WAVE else None
        if row["scope_kind"] == ScopeKind.GROUP:
            if scope not in self.groups:
                return None
            scope, wave = self.groups[scope], None
        return self.figures.of(row["metric"], scope, wave)


def _groups(scopes: set[str], named: list[tuple[str, str, int]]) -> dict[str, str]:
    """The reference of the pathfinder that each scope means, by reference or by name; two of one name mean none."""
    meant: dict[str, set[str]] = defaultdict(set)
    for ref, name, _ in named:
        meant[ref].add(ref)
        meant[name].add(ref)
    return {scope: refs.pop() for scope, refs in meant.items() if scope in scopes and len(refs) == 1}


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
    ref = CodeFilter(label="Reference", known=known.CLAIM)
    wave = WholeNumberFilter(label="Wave", known=known.WAVE)
    metric = django_filters.ChoiceFilter(choices=Metric.choices, label="What is counted")
    extent = django_filters.ChoiceFilter(choices=Extent.choices, label="Of the wave alone, or of all so far")
    scope = TextFilter(lookup_expr="iexact", label="England, a code, or a pathfinder", known=known.CLAIMED)
    source = django_filters.CharFilter("source_publisher", lookup_expr="icontains", label="Publisher")
    reconciliation = django_filters.ChoiceFilter(choices=Reconciliation.choices, label="Explanation")
