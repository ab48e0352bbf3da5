"""A series of figures of one kind of body, carried forward (or back) to another kind by a crosswalk.

Each figure is parted over the targets by the practices or people that go there, and the parts are summed: every column's
sum is conserved exactly. What has no target stays in a row of its own. An empty cell, or a body that is not in the file,
is unknown, not nothing: a target that has practices from it names it. Only counts can be carried so; a rate cannot.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pathfinders.reads.crosswalk import KINDS, Crosswalk
from pathfinders.reads.pairs import WEIGHTS, carried
from registry.errors import Refused
from registry.files.report import Refusal
from registry.files.spreadsheet import read_spreadsheet
from registry.files.table import Line

NONE = "none"
"""In a file: what has no source, or no target."""
NUMBER = re.compile(r"[-+]?([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.[0-9]{1,6})?")
MOST_COLUMNS, MOST_ROWS, MOST_NAME = 50, 1_000, 100
"""Columns and rows of a file, and characters of a column's name: the answer repeats it for every target."""
PLACES = 2
"""Decimal places to which a figure is parted, where the file itself has no more."""


@dataclass(frozen=True)
class Series:
    """Figures by column and code, None where a cell is empty; `places`: the decimals of each column's answer."""

    code: str
    columns: list[str]
    figures: dict[str | None, list[Decimal | None]]
    places: list[int]


@dataclass(frozen=True)
class Outcome:
    """What a target gets: its code and name, its figures (None: unknown), and of which sources each is not known."""

    code: str | None
    name: str
    figures: list[Decimal | None]
    unknown: list[list[str]]


def read_series(name: str, data: bytes, found: Crosswalk) -> tuple[Series, list[Refusal]]:
    """The series in a CSV or XLSX file, and all that is wrong with it, line by line. Raises Refused where it is no
    table, or has no header row."""
    table = read_spreadsheet(name, data)
    header, *lines = table.lines
    known = {*found.sources, *(pair.source.code for pair in found.pairs if pair.source.code)}
    columns = _columns(header, known)
    if len(lines) > MOST_ROWS:
        raise Refused("too_long", f"{name} has more than {MOST_ROWS:,} rows.", field="file")
    refused = list(table.refused)
    figures: dict[str | None, list[Decimal | None]] = {}
    lacking = any(pair.source.code is None for pair in found.pairs)
    seen: dict[str, int] = {}
    for line in lines:
        code = line.cells[0].upper() if line.cells else ""
        is_none = code == NONE.upper() and lacking
        if code in seen:
            refused.append(Refusal(line.number, header.cells[0], code, f"it stands on line {seen[code]} already"))
        elif not is_none and code not in known:
            words = f"nothing of this kind ({KINDS[found.asked.source].lower()}) bears this code on {found.asked.from_day:%-d %B %Y}"
            refused.append(Refusal(line.number, header.cells[0], code[:40], words))
        seen.setdefault(code, line.number)
        figures[None if is_none else code] = _figures(line, columns, refused)
    if not lines:
        raise Refused("no_rows", f"{name} has no rows under its header.", field="file")
    return Series(header.cells[0], columns, figures, _places(figures.values(), len(columns))), sorted(refused)


def _columns(header: Line, known: set[str]) -> list[str]:
    columns = header.cells[1:]
    while columns and not columns[-1]:
        columns.pop()
    if header.cells[0].upper() in known or any(NUMBER.fullmatch(cell) for cell in columns):
        words = f"Line {header.number} holds figures: put a row above it that names the columns."
    elif not columns:
        words = "There is only one column. The first holds the codes; give at least one more, with figures."
    elif len(columns) > MOST_COLUMNS:
        words = f"There are more than {MOST_COLUMNS} columns of figures. Send them in parts."
    elif any(len(cell) > MOST_NAME for cell in header.cells):
        words = f"A column's name has more than {MOST_NAME} characters."
    elif "" in columns:
        words = f"A column of line {header.number} has no name."
    elif twice := [cell for cell, n in Counter(columns).items() if n > 1]:
        words = f"Two columns are named “{twice[0][:40]}”."
    else:
        return columns
    raise Refused("wrong_file", words, field="file")


def _figures(line: Line, columns: list[str], refused: list[Refusal]) -> list[Decimal | None]:
    cells = line.cells[1:]
    if any(cells[len(columns) :]):
        refused.append(Refusal(line.number, "", "", "it has more cells than the header"))
    cells = [*cells, *[""] * len(columns)][: len(columns)]
    found: list[Decimal | None] = []
    for column, cell in zip(columns, cells, strict=True):
        fits = NUMBER.fullmatch(cell)
        found.append(Decimal(cell.replace(",", "")) if fits else None)
        if cell and not fits:
            refused.append(Refusal(line.number, column, cell[:40], _why_not(cell)))
    return found


def _why_not(cell: str) -> str:
    if cell.endswith("%"):
        return "a rate cannot be carried, only counts"
    if re.fullmatch(r"[-+]?[0-9,]+(\.[0-9]+)?", cell):
        return "a number has at most 15 digits, in threes where commas part them, and 6 decimal places"
    return "it is not a number"


def _places(rows: Iterable[list[Decimal | None]], columns: int) -> list[int]:
    rows = list(rows)
    return [max([PLACES, *(-int(r[n].as_tuple().exponent) for r in rows if r[n] is not None)]) for n in range(columns)]  # type: ignore[union-attr]


def carry(found: Crosswalk, series: Series, weight: str) -> list[Outcome]:
    """A row for each target in order, the one of none at the end where it has anything."""
    of = WEIGHTS[weight]
    sends: dict[str | None, set[str]] = defaultdict(set)  # the sources with anybody in each target
    for pair in found.pairs:
        if of(pair) and pair.source.code:
            sends[pair.target.code].add(pair.source.code)
    columns = [_column(found, series, n, weight) for n in range(len(series.columns))]
    known = [{code for code, row in series.figures.items() if row[n] is not None} for n in range(len(columns))]
    rows = []
    for code in [*sorted({*found.targets, *filter(None, sends)}), None]:
        here = sends.get(code, set())
        told = [
            (columns[n].get(code) if here & known[n] or columns[n].get(code) else None) for n in range(len(columns))
        ]
        unknown = [sorted(here - known[n]) for n in range(len(columns))]
        if code is not None or any(figure is not None for figure in told) or any(unknown):
            rows.append(Outcome(code, found.targets.get(code or "", ""), told, unknown))
    return rows


def _column(found: Crosswalk, series: Series, n: int, weight: str) -> dict[str | None, Decimal]:
    places = series.places[n]
    whole = {code: int(row[n].scaleb(places)) for code, row in series.figures.items() if row[n] is not None}  # type: ignore[union-attr]
    parts = carried(found.pairs, whole, weight)
    return {code: Decimal(part).scaleb(-places) for code, part in parts.items()}


def sums(series: Series, rows: list[Outcome]) -> list[tuple[str, Decimal, Decimal]]:
    """Of each column its sum in the file and in the answer: the same, to the last place."""
    told = []
    for n, column in enumerate(series.columns):
        unit = Decimal(1).scaleb(-series.places[n])
        given = sum((row[n] or Decimal(0) for row in series.figures.values()), Decimal(0)).quantize(unit)
        told.append((column, given, sum((row.figures[n] or Decimal(0) for row in rows), 0 * unit)))
    return told


def unknown_words(series: Series, row: Outcome) -> str:
    """Of which sources a row's figures are not known: once where it is so of all columns."""
    everywhere = set.intersection(*map(set, row.unknown))
    told = [" ".join(sorted(everywhere))] if everywhere else []
    for column, codes in zip(series.columns, row.unknown, strict=True):
        if rest := [code for code in codes if code not in everywhere]:
            told.append(f"{column}: {' '.join(rest)}")
    return "; ".join(told)


def table_of(found: Crosswalk, series: Series, rows: list[Outcome]) -> Iterable[list[Any]]:
    """The answer as the rows of a file."""
    yield [f"{found.asked.target}_code", f"{found.asked.target}_name", *series.columns, "unknown_sources"]
    for row in rows:
        yield [row.code or NONE, row.name, *row.figures, unknown_words(series, row)]
