from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from registry.errors import Refused
from registry.files.report import Refusal
from registry.files.source import Source

csv.field_size_limit(10_000_000)


class Line(NamedTuple):
    """One row of a table: its line number in the file, from 1, and its cells, stripped of blanks around them."""

    number: int
    cells: list[str]


@dataclass
class Table:
    """The rows of a text file, and the lines that could not be taken apart."""

    source: Source
    lines: list[Line]
    refused: list[Refusal] = field(default_factory=list)

    def header(self) -> list[str]:
        return [c.lower() for c in self.lines[0].cells] if self.lines else []

    def columns(self, names: Sequence[str]) -> list[int]:
        """Where these columns stand in the header. Raises Refused with the names that are missing."""
        header = self.header()
        missing = [n for n in names if n.lower() not in header]
        if missing:
            raise Refused(
                "wrong_file",
                f"{self.source.name} has no column {', '.join(missing)}: {looks_like(self)}.",
                field="file",
            )
        return [header.index(n.lower()) for n in names]


def read_table(source: Source, *, separator: str = ",") -> Table:
    """Take a comma-separated file apart. A record is one line: no layout that the register reads has a line break
    inside a cell, so a quote left open spoils its own line and not the rest of the file."""
    table = Table(source, [])
    for number, line in enumerate(source.text.split("\n"), start=1):
        if "\0" in line:
            table.refused.append(Refusal(number, "", line.replace("\0", "␀")[:60], "a NUL byte: the file is damaged"))
            continue
        try:
            cells = [c.strip() for c in next(csv.reader([line], delimiter=separator, strict=True), ())]
        except csv.Error:
            table.refused.append(Refusal(number, "", line[:60], "the quotes on this line do not match"))
            continue
        if any(cells):
            table.lines.append(Line(number, cells))
    return table


def looks_like(table: Table) -> str:
    """What a text file looks like, in words for a sentence: "it looks like ..."."""
    text = table.source.text.lstrip("\ufeff \n\t")
    if text[:1] in "{[":
        return "it looks like JSON"
    if text[:15].lower().startswith(("<!doctype html", "<html")):
        return "it looks like a web page (a download that answered with an error, perhaps)"
    if text[:1] == "<":
        return "it looks like XML"
    if not table.lines:
        return "no line of it can be read"
    first = table.lines[0].cells
    width = len(first)
    if width == 1:
        for mark, name in (("\t", "tabs"), (";", "semicolons"), ("|", "bars")):
            if mark in first[0]:
                return f"it looks like a table whose cells are parted by {name}, not commas"
        return f"it looks like plain text that begins “{first[0][:40]}”"
    return f"it looks like a table of {width} columns that begins {', '.join(c[:20] or '(blank)' for c in first[:4])}"
