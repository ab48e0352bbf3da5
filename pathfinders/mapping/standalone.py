"""The map as a picture of its own, to be embedded and cited: with its title, its key and what it is of inside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pathfinders.mapping.classes import Cell, Klass, Layer, counts
from pathfinders.mapping.drawing import ABSENT, plan_of
from pathfinders.mapping.layout import Point
from pathfinders.mapping.paint import DARK, LIGHT, fill
from pathfinders.mapping.picture import picture

HEAD, LINE, COLUMNS = 90, 56, 2
"""Units: above the map, and from line to line below it; the key's columns."""


@dataclass(frozen=True)
class Stamp:
    """What a picture is of. `source` and `licence` in words; `address`: of the page or picture that it came from."""

    as_of: date
    known_at: datetime
    source: str
    licence: str
    address: str = ""

    @property
    def lines(self) -> list[str]:
        known = f"{date_format(self.known_at, 'j F Y, H:i')} ({self.known_at.tzname()})"
        said = f"As of {date_format(self.as_of, 'j F Y')}, as known at {known}"
        return [line for line in (said, f"Source: {self.source}", f"Licence: {self.licence}", self.address) if line]


def standalone(
    cells: Sequence[Cell], layer: Layer, *, outlines: bool, stamp: Stamp, link: Callable[[str], str] | None = None
) -> SafeString:
    """A whole SVG document without a stylesheet. `link` gives whole addresses; without it nothing is a link.

    Trusts without a place on the map are named under it.
    """
    counted, plan = counts(cells, layer), plan_of(cells, outlines=outlines)
    width, height = plan.size
    top = HEAD + height + LINE
    key = [*((fill(layer, klass), _counted(klass, number)) for klass, number in counted)]
    key.append(("none", f"{ABSENT}: {len(plan.empty)}"))
    rows = -(-len(key) // COLUMNS)
    words = [f"Without a place on the map: {cell.words}" for cell in plan.below] + stamp.lines
    below = top + LINE * rows + LINE // 2
    return format_html(
        '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" '
        'font-family="Arial, sans-serif"><title>{2}</title><desc>{3}</desc>'
        '<rect width="{0}" height="{1}" fill="{4}"/><text x="20" y="60" font-size="46" font-weight="bold" fill="{5}">'
        '{2}</text><g transform="translate(0 {6})">{7}</g><g font-size="32" fill="{5}">{8}</g>'
        '<g font-size="28" fill="{5}">{9}</g></svg>\n',
        width,
        below + LINE * len(words),
        layer.title,
        ". ".join(stamp.lines),
        LIGHT,
        DARK,
        HEAD,
        picture(plan, layer, link),
        format_html_join("", "{}", ((_entry(n, rows, (width, top), *entry),) for n, entry in enumerate(key))),
        format_html_join("", '<text x="20" y="{}">{}</text>', ((below + LINE * n, w) for n, w in enumerate(words))),
    )


def _counted(klass: Klass, number: int) -> str:
    return f"{klass.label}: {number}"


def _entry(n: int, rows: int, place: Point, filled: str, words: str) -> SafeString:
    width, top = place
    x, y = 20 + (n // rows) * (width // COLUMNS), top + (n % rows) * LINE
    return format_html(
        '<rect x="{}" y="{}" width="64" height="40" fill="{}" stroke="{}" stroke-width="2"{}/>'
        '<text x="{}" y="{}">{}</text>',
        x,
        y - 30,
        filled,
        DARK,
        SafeString(' stroke-dasharray="9 7"' if filled == "none" else ""),
        x + 80,
        y,
        words,
    )
