"""The layout of a file of budgets: a header that names the columns, in any order, and a row for each line of a year.

Needed: pct (its code), year (2011/12), line (a key of the vocabulary, or its label), from, and evidence: the reference of
a source that the register has, or its title. Where wanted: total, delegated, retained, excluded, rounding, note, and of
a new source kind (document unless given), publisher and dated. An empty figure is not stated.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from registry.actions.checks import require_day
from registry.errors import Refused
from registry.files.columns import recognise
from registry.files.report import Report
from registry.files.spreadsheet import described
from registry.files.table import Line, Table
from transitions.actions.evidence import Source, evidence_of
from transitions.models import Evidence, TransitionWord, TransitionWordKind
from transitions.money import read_pounds, require_figures
from transitions.years import require_year

FIGURES = ("total", "delegated", "retained", "excluded")
NEEDED = ("pct", "year", "line", "from", "evidence")
NAMES = {
    "pct": ("pct", "pct code", "trust", "code"),
    "year": ("year", "financial year"),
    "line": ("line", "service line", "service"),
    "from": ("from", "stands from", "date"),
    **{name: (name,) for name in FIGURES},
    "rounding": ("rounding", "rounded to"),
    "note": ("note",),
    "evidence": ("evidence", "source", "title"),
    "kind": ("kind", "kind of evidence"),
    "publisher": ("publisher",),
    "dated": ("dated", "how it is dated"),
}
TEMPLATE = f"{','.join(NAMES)}\r\n"
"""An empty file with every column that is read."""
REF = re.compile(r"EV\d{4,}", re.IGNORECASE)


class Row(NamedTuple):
    """A row, checked as far as it can be by itself. `values`: figures, rounding and note, in the order of the fact.
    `told`: its cells by column, for what is found wrong later."""

    line: int
    pct: str
    year: str
    key: str
    start: date
    values: tuple[Any, ...]
    source: Source | Evidence
    told: dict[str, str]


def read(table: Table, report: Report) -> list[Row]:
    """The rows; each that cannot be read is refused in the report. Raises Refused where a column is missing."""
    report.refused += table.refused
    columns = recognise(table.lines[0].cells if table.lines else (), NAMES)
    if missing := [name for name in NEEDED if name not in columns.places]:
        sentence = f"{table.source.name} has no column {', '.join(missing)}: {described(table)}."
        raise Refused("wrong_file", sentence, field="file")
    if columns.unknown:
        report.warnings.append(f"columns that are not read: {', '.join(columns.unknown)}")
    report.rows = len(table.lines) - 1
    labels = TransitionWord.objects.labels(TransitionWordKind.LINE)
    keys = {key: key for key in labels} | {label.lower(): key for key, label in labels.items()}
    found = [_row(line, columns.told(line), keys, report) for line in table.lines[1:]]
    return [row for row in found if row is not None]


def _row(line: Line, told: dict[str, str], keys: dict[str, str], report: Report) -> Row | None:
    """All that is wrong with the row is refused at once."""
    already = len(report.refused)
    words = ", ".join(dict.fromkeys(keys.values()))
    wrong = {"line": f"no service line; give one of {words}", "from": "not a real date; write it as 2011-04-01"}

    def asked(name: str, how: Callable[[str], Any]) -> Any:
        text = told.get(name, "")
        if not text and name in NEEDED:
            report.refuse(line.number, name, "", f"there is no {name}; fill it in")
            return None
        try:
            return how(text)
        except Refused as refused:
            report.refuse(line.number, name, text, refused.message)
        except (ValueError, KeyError):
            report.refuse(line.number, name, text, wrong.get(name, "no sum of money; write it as 644000000 or 644m"))
        return None

    year, key = asked("year", require_year), asked("line", lambda text: keys[text.lower()])
    start = asked("from", lambda text: require_day(date.fromisoformat(text), "from"))
    figures = {name: asked(name, read_pounds) for name in FIGURES}
    rounding = asked("rounding", read_pounds) or 0
    source = asked("evidence", lambda text: _source(text, told))
    pct = asked("pct", str.upper)
    if len(report.refused) == already:
        try:
            require_figures(figures, rounding)
        except Refused as refused:
            field = refused.field or ""
            report.refuse(line.number, field, told.get(field, ""), refused.message)
    if len(report.refused) > already:
        return None
    values = (*figures.values(), rounding, told.get("note", "")[:500])
    return Row(line.number, pct, year, key, start, values, source, told)


def _source(text: str, told: dict[str, str]) -> Source | Evidence:
    if REF.fullmatch(text):
        return evidence_of(text)
    publisher, dated = told.get("publisher", ""), told.get("dated", "")
    return Source(told.get("kind", "") or "document", text, publisher, words=dated).checked()
