"""What the map of trusts can show of a day: each trust's class and figure, the same for drawing, table and file.

Unknown is a class of its own: a trust of which nothing is known is never put with those that said no (rule 24). So is
closed: of a trust that is no more nothing is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pathfinders.mapping.classes import ENDED, SLOTS, UNKNOWN, Klass, Layer, spread
from pathfinders.reads.budget_sums import delegated_parts
from pathfinders.reads.coverage import Question, coverage_in, percent_of
from pathfinders.reads.england import england
from registry.moment import Moment
from registry.pages.forms import long_date
from transitions.bodies_end import CLOSED
from transitions.models import TransitionWordKind
from transitions.words import given
from transitions.years import year_of

NOT_KNOWN = "unknown"
UNKNOWN_CLASS = Klass(NOT_KNOWN, "Not known", UNKNOWN)
ENDED_CLASS = Klass(CLOSED, "Closed", ENDED)
SHOWN = {
    "stage": "Stage of the hand-over",
    "coverage": "People in pathfinders",
    "budget": "Share of the eligible budget that is delegated",
    "left_out": "Practices in no consortium",
}
"""The layers, by the word that asks for each."""
SHARES = (
    (0, "None"),
    (25, "Under 25%"),
    (50, "25% to under 50%"),
    (75, "50% to under 75%"),
    (100, "75% to under 100%"),
)
COUNTS = ((0, "None"), (2, "1 or 2"), (5, "3 to 5"), (10, "6 to 10"), (20, "11 to 20"))


@dataclass(frozen=True)
class Value:
    """What a layer says of one trust. `figure`: the number behind the class, None where there is none."""

    code: str
    name: str
    sha: str
    klass: str
    words: str
    figure: float | int | str | None


def layer(user: Any, moment: Moment, show: str, told: Iterable[Value] = ()) -> Layer:
    """The classes of a layer in their order, closed (where one of `told` is) and unknown last; stages in the words of the
    moment. KeyError for a word that is none of `SHOWN`."""
    title, used = SHOWN[show], {value.klass for value in told}
    if show == "stage":
        words = given(user, moment, TransitionWordKind.STAGE, used)
        steps = [(word.key, word.label) for word in words]
    else:
        bounds = COUNTS if show == "left_out" else SHARES
        last = "More than 20" if show == "left_out" else "All"
        steps = [(f"step-{n}", label) for n, label in enumerate([*(label for _, label in bounds), last])]
    slots = spread(min(len(steps), SLOTS))
    classes = [Klass(key, label, slots[min(n, SLOTS - 1)]) for n, (key, label) in enumerate(steps)]
    if CLOSED in used - {klass.key for klass in classes}:
        classes.append(ENDED_CLASS)
    return Layer(show.replace("_", "-"), title, [*classes, UNKNOWN_CLASS])


def values(user: Any, moment: Moment, show: str, trusts: Iterable[dict[str, Any]]) -> list[Value]:
    """One for each of these trusts of the day, in their order: rows of `reads.transitions`, or, for every layer but the
    stage, of `reads.pcts`."""
    rows = list(trusts)
    living = [row for row in rows if not row.get("closed")]
    told = _READERS[show](user, moment, living) if living else None
    figure = CLOSED if show == "stage" else None

    def said(row: Row) -> tuple[str, str, Any]:
        return told(row) if told and not row.get("closed") else (CLOSED, closed_words(row), figure)

    return [Value(row["code"], row["name"], row["sha_code"] or "", *said(row)) for row in rows]


Row = dict[str, Any]
Told = Callable[[Row], tuple[str, str, Any]]


def closed_words(row: Row) -> str:
    return f"Closed after {long_date(row['closed'])}"


def _stages(user: Any, moment: Moment, trusts: list[Row]) -> Told:
    def told(row: Row) -> tuple[str, str, Any]:
        return (row["stage"], row["stage_label"], row["stage"]) if row["stage"] else (NOT_KNOWN, "not known", None)

    return told


def _coverage(user: Any, moment: Moment, trusts: list[Row]) -> Told:
    keys = [(row["code"], row["name"]) for row in trusts]
    rows = coverage_in(england(user, moment), user, moment, Question(by="pct"), keys)
    by = {row["key"]: (row["people"], row["denominator"]["value"]) for row in rows}
    return lambda row: _share(*by[row["code"]], "of people")


def _budget(user: Any, moment: Moment, trusts: list[Row]) -> Told:
    by = delegated_parts(user, moment, year_of(moment.as_of))
    return lambda row: _share(*by.get(row["code"], (0, 0)), "of the eligible budget")


def _left_out(user: Any, moment: Moment, trusts: list[Row]) -> Told:
    base = england(user, moment)
    everybody = Counter(row.pct for row in base.rows)
    alone = Counter(row.pct for row in base.rows if row.consortium is None)

    def told(row: Row) -> tuple[str, str, Any]:
        code = row["code"]
        if not everybody[code]:
            return NOT_KNOWN, "no GP practice known", None
        count = alone[code]
        step = next((n for n, (most, _) in enumerate(COUNTS) if count <= most), len(COUNTS))
        return f"step-{step}", f"{count} of {everybody[code]} practices", count

    return told


def _share(part: int, whole: int, of: str) -> tuple[str, str, Any]:
    """The class of a share: none, quarters, all; of nothing it is not known. What only rounds to 0.0% or 100.0% is
    neither none nor all."""
    percent = percent_of(min(part, whole), whole)  # rounded figures may make more than the whole
    if percent is None:
        return NOT_KNOWN, "not known", None
    if part == 0:
        step = 0
    elif part >= whole:
        step = len(SHARES)
    else:
        step = next(n for n, (below, _) in enumerate(SHARES) if 100 * part < below * whole)
    return f"step-{step}", f"{percent}% {of}", percent


_READERS: dict[str, Callable[[Any, Moment, list[Row]], Told]] = {
    "stage": _stages,
    "coverage": _coverage,
    "budget": _budget,
    "left_out": _left_out,
}
