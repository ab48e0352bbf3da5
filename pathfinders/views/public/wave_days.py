"""How the dates of waves are told: what is expected, what happened, and each slip with its reason."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from pathfinders.models.wave import WaveDateKind
from pathfinders.reads import wave_days as read
from registry.moment import Moment
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table

LABELS = dict(WaveDateKind.choices)
COLUMNS = (
    Column("kind", "What", show=lambda row: LABELS[row["kind"]]),
    Column("day", "Day", kind="date"),
    Column("actual", "Expected or actual", show=lambda row: "actual" if row["actual"] else "expected"),
    Column("said_on", "Told on", kind="date"),
    Column("before", "How it slipped", show=lambda row: slips(row["before"]), empty="It did not slip"),
)


def of_wave(user: Any, moment: Moment, wave: int) -> Table | None:
    """The dates told of a wave, a row for each of them; None where none was."""
    return _table(wave, read.of_wave(user, moment, wave))


def to_come(user: Any, moment: Moment) -> list[tuple[int, Table | None]]:
    """Each wave that is only forecast to the public by the day, with its dates."""
    return [(wave, _table(wave, rows)) for wave, rows in read.to_come(user, moment)]


def _table(wave: int, rows: list[dict[str, Any]]) -> Table | None:
    lines = []
    for _, group in groupby(rows, key=lambda row: row["kind"]):
        said = list(group)
        moves = [(b, a) for b, a in zip(said, said[1:], strict=False) if a["reason"] or a["day"] != b["day"]]
        lines.append(said[-1] | {"before": moves})
    return Table(COLUMNS, lines, f"Dates of wave {wave}", caption_spoken=True) if lines else None


def slips(moves: list[tuple[dict[str, Any], dict[str, Any]]]) -> SafeString | str:
    """A line for each: from which day to which, and why."""
    lines = (
        (
            f"from {long_date(before['day'])} to {long_date(after['day'])}",
            f": {after['reason']}" if after["reason"] else "",
        )
        for before, after in moves
    )
    return format_html_join("; ", "{}{}", lines)
