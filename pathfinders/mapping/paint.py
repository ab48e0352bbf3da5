"""A colour and a pattern for each slot of a scale: told apart by colour, by pattern alone in print and in forced
colours, and by lightness.

Everything is said in presentation attributes, so that the same drawing stands alone; the stylesheet changes them for
forced colours. Patterns are strokes only: class `site-map__ink` on the paper `site-map__paper`.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pathfinders.mapping.classes import ENDED, UNKNOWN, Klass, Layer

DARK, LIGHT = "#212b32", "#ffffff"


class Paint(NamedTuple):
    """`paper` behind, `ink` of the pattern, `words` for letters on it (at least 4.5 to 1 on the paper).

    `strokes`: path data on a tile of `tile` by `tile` units, `width` their width.
    """

    paper: str
    ink: str
    words: str
    tile: int
    width: float
    strokes: str


PAINTS: dict[int, Paint] = {
    UNKNOWN: Paint("#d5dce0", "#d5dce0", DARK, 0, 0, ""),
    1: Paint("#fff6bf", "#a08c2c", DARK, 26, 5, "M13 13h0"),
    2: Paint("#e6eda0", "#7f8f2b", DARK, 18, 6, "M4 4h0M13 13h0"),
    3: Paint("#c3e3a6", "#5c8f3c", DARK, 20, 3, "M-5 5L5-5M0 20L20 0M15 25L25 15"),
    4: Paint("#97d4ae", "#2f7f5c", DARK, 20, 4, "M-5 15L5 25M0 0L20 20M15-5L25 5"),
    5: Paint("#68c3ba", "#1f6f74", DARK, 16, 4, "M0 8h16"),
    6: Paint("#45a9c4", "#155a73", DARK, 16, 4, "M8 0v16"),
    7: Paint("#2377a5", "#a9dcf0", LIGHT, 22, 3, "M0 11h22M11 0v22"),
    8: Paint("#275f9f", "#9cc3ea", LIGHT, 22, 3, "M-5 5L5-5M0 22L22 0M17 27L27 17M-5 17L5 27M0 0L22 22M17-5L27 5"),
    9: Paint("#2b4287", "#8ea6e0", LIGHT, 28, 9, "M-7 7L7-7M0 28L28 0M21 35L35 21"),
    10: Paint("#2a2463", "#9a92d6", LIGHT, 24, 10, "M0 12h24"),
    11: Paint("#170d33", "#7d74a8", LIGHT, 26, 12, "M6 6h0M19 19h0"),
    ENDED: Paint("#e2dcf2", "#6d6390", DARK, 30, 4, "M9 9L21 21M21 9L9 21"),
}


def fill(layer: Layer, klass: Klass) -> str:
    """The value of a `fill` attribute."""
    return f"url(#{_name(layer, klass)})"


def patterns(layer: Layer) -> SafeString:
    """What `fill` refers to, once a picture; also of classes that only the key shows."""
    named = {_name(layer, klass): PAINTS[klass.slot] for klass in layer.classes}
    return format_html_join("", "{}", ((_pattern(name, paint),) for name, paint in named.items()))


def _name(layer: Layer, klass: Klass) -> str:
    return f"map-{layer.key}-{klass.slot}"


def _pattern(name: str, paint: Paint) -> SafeString:
    tile = paint.tile or 20
    strokes = format_html(
        '<path class="site-map__ink" d="{}" fill="none" stroke="{}" stroke-width="{}" stroke-linecap="round"/>',
        paint.strokes,
        paint.ink,
        paint.width,
    )
    return format_html(
        '<pattern id="{0}" width="{1}" height="{1}" patternUnits="userSpaceOnUse">'
        '<rect class="site-map__paper" width="{1}" height="{1}" fill="{2}"/>{3}</pattern>',
        name,
        tile,
        paint.paper,
        strokes if paint.strokes else "",
    )
