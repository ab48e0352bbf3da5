"""The layout of a file of answers: a header that names the columns, in any order; a row for each trust.

The trust's code and its answer; and where wanted its words, and the day on which it answered (`on`).
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from consortia.membership_file import ignored, read_day
from registry.errors import Refused
from registry.files.columns import recognise
from registry.files.report import Report
from registry.files.spreadsheet import described
from registry.files.table import Line, Table
from transitions.models import SurveyReply
from transitions.surveys import require_answer

NAMES = {
    "pct": ("pct", "pct code", "trust", "trust code", "code", "organisation code", "org code"),
    "answer": ("answer", "reply", "response", "replied"),
    "words": ("words", "in its words", "comment", "comments", "text"),
    "on": ("on", "answered on", "date", "day", "date of answer", "replied on"),
}
"""For each column the names that it may bear, the likeliest first."""
NEEDED = ("pct", "answer")
ANSWERS = {
    **{r.value: r.value for r in SurveyReply},
    **{r.label.lower().replace(" ", "_"): r.value for r in SurveyReply},
}


class Row(NamedTuple):
    """One row, checked as far as it can be by itself."""

    line: int
    pct: str
    answer: str
    words: str
    on: date


def read(table: Table, report: Report, otherwise: date) -> list[Row]:
    """The rows; each that cannot be read is refused in the report. `otherwise`: the day of an answer without one.

    Raises Refused on `file` where a column is missing.
    """
    report.refused += table.refused
    columns = recognise(table.lines[0].cells if table.lines else (), NAMES)
    if missing := [name for name in NEEDED if name not in columns.places]:
        sentence = f"{table.source.name} has no column {', '.join(missing)}: {described(table)}."
        raise Refused("wrong_file", sentence, field="file")
    if columns.unknown:
        report.warnings.append(ignored(columns))
    report.rows = len(table.lines) - 1
    return [row for line in table.lines[1:] if (row := _row(line, columns.told(line), report, otherwise)) is not None]


def _row(line: Line, told: dict[str, str], report: Report, otherwise: date) -> Row | None:
    already = len(report.refused)
    for name in NEEDED:
        if not told[name]:
            report.refuse(line.number, name, "", f"there is no {name}; fill it in, or leave the row out")
    answer = told["answer"].lower().replace(" ", "_").replace("-", "_")
    words = told.get("words", "")
    if told["answer"]:
        try:
            require_answer(ANSWERS.get(answer, answer), words)
        except Refused as refused:
            column = "words" if refused.field == "words" else "answer"
            report.refuse(line.number, column, told[column][:60], refused.message)
    on = otherwise
    if text := told.get("on", ""):
        try:
            on = read_day(text)
        except ValueError:
            report.refuse(line.number, "on", text, "not a real date; write it as 2010-08-20 or 20/8/2010")
    if len(report.refused) > already:
        return None
    return Row(line.number, told["pct"].upper(), ANSWERS[answer], words, on)
