"""Histories of the resources: the same columns as on a day, one row a spell (`registry.spells`).

For each resource: its read, the facts that its rows are made of, and what a spell cannot carry. Figures counted over
other rows are no fact of a body and are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

import django_filters
from django.db.models import QuerySet

from pathfinders.reads import choosing, consortia, parents, pathfinders, pcts, practices, shas, unaffiliated
from registry.moment import Moment
from registry.spells import DAY, Told, among, by_spell, moment_of_spells

TWO, THREE = ("f", "g"), ("f", "g", "h")
SHARED_BY_TWO = "f.effective * g.effective"
SHARED_BY_THREE = "f.effective * g.effective * h.effective"
ANNOUNCED = "daterange({0}.announced_on, NULL)"
LIVE = "daterange({0}.goes_live_on, NULL)"
ALL_DAYS = "daterange(NULL, NULL)"
"""Of what every row tells, whatever its day: the first and last day of a life, who followed whom."""

OF_PRACTICE = "f.practice_id = me.id"
STATUS = Told("'status', f.status", "practices_practicestatus f", OF_PRACTICE, bearing=ALL_DAYS)
PLACE = Told("'place', f.longitude, f.latitude", "practices_practiceplace f", OF_PRACTICE)
LIST = Told(
    # It counts until the next; the first also before its quarter (domain.md rule 6). A size that was the first when it
    # was said or taken back has none before it that was known by then and is known still.
    "'list', f.quarter, f.patients",
    "practices_listsize f",
    OF_PRACTICE,
    "daterange(lower(f.effective), NULL)",
    bearing="daterange(CASE WHEN f.before <= lower(f.recorded) THEN lower(f.effective) END, NULL)",
    bearing_tables="""(
        SELECT l.practice_id, l.effective, l.recorded,
            min(lower(l.recorded)) FILTER (WHERE upper_inf(l.recorded) OR upper(l.recorded) > {instant})
                OVER (
                    PARTITION BY l.practice_id ORDER BY lower(l.effective)
                    GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ) AS before
        FROM practices_listsize l
    ) f""",
)
AREA = (
    Told("'parent', f.parent_id", "practices_practiceparent f", OF_PRACTICE),
    Told(
        "'body', f.parent_id, g.name, g.kind, g.gss",
        "practices_practiceparent f JOIN practices_bodyparticulars g ON g.body_id = f.parent_id",
        OF_PRACTICE,
        SHARED_BY_TWO,
        TWO,
    ),
    Told(
        "'sha', h.body_id, h.name",
        "practices_practiceparent f JOIN practices_bodyparticulars g ON g.body_id = f.parent_id"
        " JOIN practices_bodyparticulars h ON h.body_id = g.above_id AND h.kind = 'sha'",
        OF_PRACTICE,
        SHARED_BY_THREE,
        THREE,
    ),
)
PRACTICE = (
    Told("'own', f.name, f.address, f.postcode, f.setting", "practices_practiceparticulars f", OF_PRACTICE),
    STATUS,
    PLACE,
    LIST,
    *AREA,
    Told("'member', f.consortium_id, f.status", "consortia_membership f", OF_PRACTICE),
    Told(
        "'group', f.consortium_id, g.name",
        "consortia_membership f JOIN consortia_consortiumparticulars g USING (consortium_id)",
        OF_PRACTICE,
        SHARED_BY_TWO,
        TWO,
    ),
    Told("'branch', f.branch, f.name, f.address, f.postcode", "practices_branch f", OF_PRACTICE),
    Told("'after', f.predecessor_id", "practices_practicesuccession f", "f.successor_id = me.id"),
    Told("'before', f.successor_id", "practices_practicesuccession f", "f.predecessor_id = me.id"),
)
LONE_PRACTICE = (
    Told("'own', f.name, f.postcode, f.setting", "practices_practiceparticulars f", OF_PRACTICE),
    STATUS,
    PLACE,
    LIST,
    *AREA,
    Told("'member'", "consortia_membership f", OF_PRACTICE),
    Told("'left_out', f.reason, f.said_by", "consortia_leftout f", OF_PRACTICE),
)


def _programme(of: str, days: str = ANNOUNCED) -> Told:
    """The pathfinders in which a member's consortium stands; `days`: from when on they do."""
    return Told(
        f"'{of}', g.pathfinder_id",
        "consortia_membership f JOIN pathfinders_programmeplace g USING (consortium_id)"
        " JOIN pathfinders_pathfinderparticulars h USING (pathfinder_id)",
        OF_PRACTICE,
        f"{SHARED_BY_THREE} * {days.format('h')}",
        THREE,
    )


def _in_programme(of: str, days: str = ANNOUNCED) -> Told:
    """The same of a consortium itself."""
    return Told(
        f"'{of}', f.pathfinder_id",
        "pathfinders_programmeplace f JOIN pathfinders_pathfinderparticulars g USING (pathfinder_id)",
        "f.consortium_id = me.id",
        f"{SHARED_BY_TWO} * {days.format('g')}",
        TWO,
    )


def _succession(table: str) -> tuple[Told, Told]:
    return Told("'after'", table, "f.successor_id = me.id", ALL_DAYS), Told(
        "'before'", table, "f.predecessor_id = me.id", ALL_DAYS
    )


LIFE = (
    Told(
        "'own', f.name, f.kind, f.gss, f.longitude, f.latitude",
        "practices_bodyparticulars f",
        "f.body_id = me.id",
        bearing=ALL_DAYS,
    ),
    Told("'operated'", "practices_operationallife f", "f.body_id = me.id", ALL_DAYS),
)
BODY = (
    *LIFE,
    Told(
        "'sha', g.body_id, g.name",
        "practices_bodyparticulars f JOIN practices_bodyparticulars g ON g.body_id = f.above_id AND g.kind = 'sha'",
        "f.body_id = me.id",
        SHARED_BY_TWO,
        TWO,
    ),
    Told("'code', f.scheme, f.value, f.standing", "practices_bodyidentifier f", "f.body_id = me.id"),
    *_succession("practices_bodysuccession f"),
)
CONSORTIUM = (
    Told(
        "'own', f.name, f.form",
        "consortia_consortiumparticulars f",
        "f.consortium_id = me.id",
        bearing=ALL_DAYS,
    ),
    *_succession("consortia_consortiumsuccession f"),
    Told("'code', f.scheme, f.value, f.standing", "consortia_consortiumidentifier f", "f.consortium_id = me.id"),
    _in_programme("pathfinder"),
)
PATHFINDER = (
    Told(
        "'own', f.name, f.wave, f.approved_on, f.announced_on, f.goes_live_on",
        "pathfinders_pathfinderparticulars f",
        "f.pathfinder_id = me.id",
        f"f.effective * {ANNOUNCED.format('f')}",
    ),
    *_succession("pathfinders_pathfindersuccession f"),
    Told("'consortium', f.consortium_id", "pathfinders_programmeplace f", "f.pathfinder_id = me.id"),
)


@dataclass(frozen=True)
class History:
    """A read of spells, with the same face as the read that it is of (`pathfinders.reads`).

    `live`: what else parts spells where a filter asks who has gone live. `days`: the rows of a day without what is
    counted, where the read has them apart; `counted`: the orderings that go with it. `choices`: filters that choose
    bodies before spells (`pathfinders.reads.choosing`); `meant`: how `q` does, where nothing taken back is asked for.
    """

    read: ModuleType
    told: tuple[Told, ...]
    live: tuple[Told, ...] = ()
    days: Callable[[Any, Moment], QuerySet] | None = None
    counted: tuple[str, ...] = ()
    choices: Mapping[str, choosing.Choice] = field(default_factory=dict)
    meant: Callable[[Moment, str], QuerySet] | None = None
    superseded: bool = False

    def asked(self, history: str, basis: str) -> History:
        """As a request asks: `history=all`, `basis=live`."""
        told = self.told + (self.live if basis == "live" else ())
        return replace(self, told=told, superseded=history == "all")

    def rows(self, user: Any, moment: Moment) -> QuerySet:
        """Spells of any day, as known at the moment."""
        on_a_day = self.days or self.read.rows
        asked = moment_of_spells(moment, superseded=self.superseded)
        return by_spell(on_a_day(user, asked), self.told, moment, superseded=self.superseded)

    @property
    def KEY(self) -> tuple[str, ...]:  # noqa: N802 - as the reads' constants are called
        return (*self.read.KEY, "_day", *(("recorded_from",) if self.superseded else ()))

    @property
    def ORDERINGS(self) -> dict[str, Any]:  # noqa: N802
        kept = {name: by for name, by in self.read.ORDERINGS.items() if name not in self.counted}
        return {**kept, "effective_from": DAY}

    def chosen(self, moment: Moment, filters: Mapping[str, Any]) -> Iterator[QuerySet]:
        """Keys of bodies, a set of them for each filter given that chooses."""
        for name, choice in self.choices.items():
            if filters.get(name) not in (None, ""):
                yield choice(filters[name])
        if self.meant and filters.get("q") and not self.superseded:
            yield self.meant(moment, filters["q"])

    @property
    def Filters(self) -> type[django_filters.FilterSet]:  # noqa: N802
        """The read's filters, asked of each spell."""
        history = self

        class Filters(self.read.Filters):  # type: ignore[name-defined]
            def __init__(self, data: Any = None, queryset: Any = None, *, moment: Moment, **more: Any) -> None:
                super().__init__(
                    data, queryset, moment=moment_of_spells(moment, superseded=history.superseded), **more
                )
                self.asked_at = moment

            def filter_queryset(self, queryset: QuerySet) -> QuerySet:
                found = super().filter_queryset(queryset)
                return among(found, history.chosen(self.asked_at, self.form.cleaned_data))

        return Filters


HISTORIES = {
    practices: History(
        practices,
        (*PRACTICE, _programme("pathfinder")),
        (_programme("live", LIVE),),
        choices=choosing.ALL_PRACTICES,
        meant=choosing.practices_meant,
    ),
    unaffiliated: History(
        unaffiliated, LONE_PRACTICE, choices=choosing.LONE_PRACTICES, meant=choosing.practices_meant
    ),
    parents: History(parents, BODY),
    pcts: History(pcts, BODY),
    shas: History(shas, LIFE, days=shas.dated, counted=("pcts",)),
    consortia: History(consortia, CONSORTIUM, (_in_programme("live", LIVE),), days=consortia.dated),
    pathfinders: History(
        pathfinders,
        PATHFINDER,
        (
            Told(
                "'live'",
                "pathfinders_pathfinderparticulars f",
                "f.pathfinder_id = me.id",
                f"f.effective * {LIVE.format('f')}",
            ),
        ),
    ),
}
"""By their reads."""
