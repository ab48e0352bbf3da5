"""The table of a bid's moves as a drawing: boxes for states, a numbered arrow for each way from one to another."""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pathfinders.states import ACTIONS, BidState, rows

WIDTH, HEIGHT = 960, 500
BOX_WIDTH, BOX_HEIGHT = 132, 56
CENTRES: dict[BidState, tuple[int, int]] = {
    BidState.DRAFT: (80, 250),
    BidState.SUBMITTED: (280, 250),
    BidState.ASSESSING: (480, 250),
    BidState.ASSESSED: (680, 250),
    BidState.DECIDED: (880, 250),
    BidState.RETURNED: (480, 40),
    BidState.RELEASED: (780, 40),
    BidState.WITHDRAWN: (480, 460),
}
"""The middle of each state's box."""
BENDS = {(BidState.RETURNED, BidState.WITHDRAWN): 100}
"""How far an arrow swings to its right, where it would run into another; 22 where two boxes have arrows both ways."""


class Arrow(NamedTuple):
    """A way from one state to another, with the labels of the actions that take it."""

    number: int
    start: BidState
    end: BidState
    actions: list[str]


def arrows() -> list[Arrow]:
    """Every way between two states, numbered in the table's order."""
    ways: dict[tuple[BidState, BidState], list[str]] = {}
    for row in rows():
        if row.state != row.to:
            ways.setdefault((row.state, row.to), []).append(ACTIONS[row.action].label)
    return [Arrow(n, start, end, labels) for n, ((start, end), labels) in enumerate(ways.items(), start=1)]


def drawing() -> SafeString:
    """An SVG of all states and ways; what it says is said again in words beside it, so it is one picture to a reader."""
    ways = arrows()
    both = {(a.start, a.end) for a in ways} & {(a.end, a.start) for a in ways}
    drawn = [_arrow(a, BENDS.get((a.start, a.end), 22 if (a.start, a.end) in both else 0)) for a in ways]
    return format_html(
        '<svg class="site-diagram" viewBox="0 0 {} {}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg">'
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L10 5L0 10z" fill="#4c6272"/></marker></defs>{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        "States of a bid, with an arrow for each way from one to another; the list after it says the same in words",
        format_html_join("", "{}", ((line,) for line, _ in drawn)),
        format_html_join("", "{}", ((_box(state),) for state in BidState)),
        format_html_join("", "{}", ((badge,) for _, badge in drawn)),
    )


def _box(state: BidState) -> SafeString:
    x, y = CENTRES[state]
    first, _, rest = str(state.label).partition(" ")
    lines = [str(state.label)] if len(state.label) < 16 else [first, rest]
    top = y + 5 - 9 * (len(lines) - 1)
    words = format_html_join(
        "", '<tspan x="{}" y="{}">{}</tspan>', ((x, top + 18 * n, line) for n, line in enumerate(lines))
    )
    ends = state in (BidState.RELEASED, BidState.WITHDRAWN)
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="4" fill="{}" stroke="#005eb8" stroke-width="{}"/>'
        '<text text-anchor="middle" font-size="15" fill="#212b32">{}</text>',
        x - BOX_WIDTH // 2,
        y - BOX_HEIGHT // 2,
        BOX_WIDTH,
        BOX_HEIGHT,
        "#ffffff",
        3 if ends else 1,
        words,
    )


def _arrow(arrow: Arrow, bend: float) -> tuple[SafeString, SafeString]:
    """The line, and the badge with its number on it."""
    (x1, y1), (x2, y2) = CENTRES[arrow.start], CENTRES[arrow.end]
    length = hypot(x2 - x1, y2 - y1)
    across, along = -(y2 - y1) / length, (x2 - x1) / length  # to the right of the way
    cx, cy = (x1 + x2) / 2 + 2 * bend * across, (y1 + y2) / 2 + 2 * bend * along
    sx, sy = _edge((x1, y1), (cx, cy))
    ex, ey = _edge((x2, y2), (cx, cy))
    t = 0.25 if (arrow.start, arrow.end) in BENDS else 0.5  # a long way round crosses another in its middle
    mx, my = (_at(t, a, c, b) for a, c, b in ((sx, cx, ex), (sy, cy, ey)))
    line = format_html(
        '<path d="M{} {}Q{} {} {} {}" fill="none" stroke="#4c6272" stroke-width="1.5" marker-end="url(#tip)"/>',
        *(round(v) for v in (sx, sy, cx, cy, ex, ey)),
    )
    badge = format_html(
        '<circle cx="{0}" cy="{1}" r="11" fill="#ffffff" stroke="#4c6272"/>'
        '<text x="{0}" y="{2}" text-anchor="middle" font-size="13" fill="#212b32">{3}</text>',
        round(mx),
        round(my),
        round(my) + 5,
        arrow.number,
    )
    return line, badge


def _at(t: float, start: float, middle: float, end: float) -> float:
    """Where a curve of one bend is after the part `t` of it, along one axis."""
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end


def _edge(centre: tuple[float, float], towards: tuple[float, float]) -> tuple[float, float]:
    """Where a line from the middle of a box leaves it."""
    x, y = centre
    dx, dy = towards[0] - x, towards[1] - y
    scale = min(
        (BOX_WIDTH / 2 + 2) / abs(dx) if dx else float("inf"), (BOX_HEIGHT / 2 + 2) / abs(dy) if dy else float("inf")
    )
    return x + dx * scale, y + dy * scale
