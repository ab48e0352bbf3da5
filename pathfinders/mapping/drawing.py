"""The map as a part of a page: made here, all of it links, without JavaScript and without inline styles."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pathfinders.mapping.classes import Cell, Klass, Layer, counts
from pathfinders.mapping.hexagons import hexagons
from pathfinders.mapping.outline_plan import outline_plan
from pathfinders.mapping.paint import fill
from pathfinders.mapping.picture import picture
from pathfinders.mapping.plan import Plan

ABSENT = "No such trust on the day"
SWATCH = (104, 72)
"""Units of the drawing, so that a pattern looks in the key as it does on the map."""


def draw(cells: Sequence[Cell], layer: Layer, *, outlines: bool, link: Callable[[str], str]) -> SafeString:
    """The picture with its key. `outlines`: real ones where they are loaded (`outlines_loaded`), else the hexagons.

    Every cell is drawn or, where there is no place for it, listed below; each is a link to `link(code)` called
    "NAME: VALUE". ValueError for a cell of a class that the layer does not have.
    """
    counted, plan = counts(cells, layer), plan_of(cells, outlines=outlines)
    end = f"map-{layer.key}-end"
    return format_html(
        '<div class="site-map"><p class="site-map__skip"><a href="#{}">Skip map</a></p>'
        '<svg class="site-map__picture site-map__picture--{}" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>'
        "{}{}"
        '<p class="site-map__end" id="{}" tabindex="-1"></p></div>',
        end,
        plan.kind,
        *plan.size,
        f"Map: {layer.title}",
        picture(plan, layer, link),
        _key(counted, len(plan.empty), layer),
        _below(plan.below, link),
        end,
    )


def plan_of(cells: Sequence[Cell], *, outlines: bool) -> Plan:
    return (outline_plan(cells) if outlines else None) or hexagons(cells)


def _key(counted: Sequence[tuple[Klass, int]], absent: int, layer: Layer) -> SafeString:
    rows = [(_swatch(fill(layer, klass)), klass.label, number) for klass, number in counted]
    rows.append((_swatch(""), ABSENT, absent))
    return format_html(
        '<ul class="site-map__key" aria-label="Key, with the number of trusts">{}</ul>',
        format_html_join("", "<li>{}<span>{}: <b>{}</b></span></li>", rows),
    )


def _swatch(filled: str) -> SafeString:
    width, height = SWATCH
    return format_html(
        '<svg class="site-map__swatch" viewBox="0 0 {} {}" aria-hidden="true">'
        '<rect x="3" y="3" width="{}" height="{}"{}/></svg>',
        width,
        height,
        width - 6,
        height - 6,
        format_html(' fill="{}"', filled) if filled else format_html(' class="{}"', "site-map__none"),
    )


def _below(cells: Sequence[Cell], link: Callable[[str], str]) -> SafeString:
    if not cells:
        return SafeString("")
    return format_html(
        '<p class="site-map__below">Without a place on the map:</p><ul>{}</ul>',
        format_html_join("", '<li><a href="{}">{}</a></li>', ((link(c.code), c.words) for c in cells)),
    )
