"""A plan as an SVG: links with names, patterns, borders, names of authorities.

Presentation attributes say how all looks, on groups where they can; classes are for what only a stylesheet can do:
the focus, forced colours, small screens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pathfinders.mapping.classes import Layer
from pathfinders.mapping.layout import Point, RegionName
from pathfinders.mapping.paint import DARK, LIGHT, PAINTS, fill, patterns
from pathfinders.mapping.plan import Part, Plan, Shape

NAMES = 34
"""Units: the size of the letters of an authority's name, and the step between its lines."""


def picture(plan: Plan, layer: Layer, link: Callable[[str], str] | None) -> SafeString:
    """What stands inside the <svg>. Without `link` the shapes have names and lead nowhere."""
    return format_html(
        '<defs>{}</defs><g class="site-map__empty" fill="none" stroke="#768692" stroke-width="3" '
        'stroke-dasharray="9 7"{}>{}</g><g class="site-map__cells" stroke="{}" stroke-width="{}" '
        'stroke-linejoin="round"><g aria-hidden="true"{}>{}</g>{}{}</g>{}{}',
        patterns(layer),
        _moved(plan.offset),
        format_html_join("", '<path d="{}"/>', ((path,) for path in plan.empty)),
        LIGHT,
        plan.thin,
        _moved(plan.offset),
        format_html_join("", '<path d="{}" fill="{}"/>', _seen(plan.seen, layer)),
        _frames(plan),
        format_html_join("", "{}", ((_part(part, layer, link),) for part in plan.parts)),
        _borders(plan),
        _names(plan.names),
    )


def _seen(shapes: Iterable[Shape], layer: Layer) -> Iterable[tuple[str, str]]:
    return ((shape.path, fill(layer, layer.klass(shape.cell.klass))) for shape in shapes)


def _part(part: Part, layer: Layer, link: Callable[[str], str] | None) -> SafeString:
    shapes = format_html_join("", "{}", ((_shape(shape, layer, link),) for shape in part.shapes))
    return format_html(
        '<g role="group" aria-label="{}"{} font-size="38" text-anchor="middle">{}</g>',
        part.name,
        _moved(part.offset),
        shapes,
    )


def _shape(shape: Shape, layer: Layer, link: Callable[[str], str] | None) -> SafeString:
    klass = layer.klass(shape.cell.klass)
    paint, words = PAINTS[klass.slot], shape.cell.words
    letters = (
        format_html(
            '<text x="{}" y="{}" fill="{}" stroke="{}" stroke-width="12" paint-order="stroke" aria-hidden="true">'
            "{}</text>",
            shape.at[0],
            shape.at[1] + 13,
            paint.words,
            paint.paper,
            shape.letters,
        )
        if shape.letters
        else ""
    )
    drawn = format_html('<title>{}</title><path d="{}" fill="{}"/>{}', words, shape.path, fill(layer, klass), letters)
    if link is None:
        return format_html("<g>{}</g>", drawn)
    return format_html('<a href="{}">{}</a>', link(shape.cell.code), drawn)


def _frames(plan: Plan) -> SafeString:
    return format_html_join(
        "",
        '<rect class="site-map__frame" x="{}" y="{}" width="{}" height="{}" fill="none" stroke="#768692"/>',
        plan.frames,
    )


def _borders(plan: Plan) -> SafeString:
    """Dark on a light casing, so that they are seen on the darkest class as well."""
    paths = format_html_join("", '<path d="{}"{}/>', ((path, _moved(offset)) for path, offset in plan.borders))
    return format_html(
        '<g fill="none" stroke-linecap="round" stroke-linejoin="round" pointer-events="none">'
        '<g class="site-map__casing" stroke="{}" stroke-width="{}">{}</g>'
        '<g class="site-map__borders" stroke="{}" stroke-width="{}">{}</g></g>',
        LIGHT,
        2 * plan.thick,
        paths,
        DARK,
        plan.thick,
        paths,
    )


def _names(names: Iterable[RegionName]) -> SafeString:
    rows = []
    for name in names:
        x, y = name.at
        spans = format_html_join(
            "", '<tspan x="{}" y="{}">{}</tspan>', ((x, y + NAMES * n, line) for n, line in enumerate(name.lines))
        )
        rows.append((name.anchor, spans))
    return format_html(
        '<g class="site-map__names" font-size="{}" font-weight="bold" fill="{}" aria-hidden="true">{}</g>',
        NAMES,
        DARK,
        format_html_join("", '<text text-anchor="{}">{}</text>', rows),
    )


def _moved(offset: Point) -> SafeString | str:
    return format_html(' transform="translate({} {})"', *offset) if offset != (0, 0) else ""
