"""Bars in tables: how practices divide, how large pathfinders are, what they cover of each SHA."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.safestring import SafeString

from pathfinders.reads.sizes import Band, Share, Sizes
from pathfinders.reads.three_parts import Part, ThreeParts, three_parts
from pathfinders.views.public.base import with_more
from registry.moment import Moment
from registry.pages.tables import Column, Table

BAR = (
    '<span class="site-bar"><svg class="site-bar__drawn" viewBox="0 0 100 10" preserveAspectRatio="none" '
    'aria-hidden="true" focusable="false"><rect class="site-bar__whole" width="100" height="10"/>'
    '<rect class="site-bar__part" width="{}" height="10"/></svg> <span class="site-nowrap">{}%</span></span>'
)


def bar(percent: float | None) -> SafeString | str:
    """A share as a bar and in figures; nothing where there is none."""
    return "" if percent is None else format_html(BAR, min(percent, 100), percent)


def parts_context(user: Any, moment: Moment, dates: str, **area: str) -> dict[str, Any]:
    """For the template `public/three_parts.html`: of England, or of one `sha` or `pct`."""
    found = three_parts(user, moment, **area)
    return {"parts": found, "parts_table": parts_table(found, dates, area)}


def parts_table(found: ThreeParts, dates: str, area: dict[str, str]) -> Table:
    """Each part and the whole, every figure of practices a link to the practices that it counts."""

    def rows_of(part: Part) -> str:
        asked = {"eligible": "true", **({"scope": part.scope} if part.scope else {}), **area}
        return with_more(f"/practices/{dates}", **asked)

    columns = (
        Column("name", "GP practices"),
        Column("practices", "Practices", kind="number", href=rows_of),
        Column("practice_percent", "Share of practices", show=lambda part: bar(part.practice_percent)),
        Column("people", "People", kind="number"),
        Column("people_percent", "Share of people", show=lambda part: bar(part.people_percent)),
    )
    rows = [*found.parts, found.whole]
    return Table(columns, rows, "In a pathfinder, in a consortium only, in neither", caption_size="s")


def band_words(band: Band) -> str:
    if band.below is None:
        return f"{band.least:,} and more"
    return f"{band.least:,} to {band.below - 1:,}" if band.least else f"Fewer than {band.below:,}"


def sizes_table(found: Sizes) -> Table:
    columns = (
        Column("least", "People on its lists", show=band_words),
        Column("pathfinders", "Pathfinders", kind="number"),
        Column("percent", "Share of pathfinders", show=lambda band: bar(band.percent)),
        Column("practices", "Practices", kind="number"),
        Column("people", "People", kind="number"),
    )
    return Table(columns, found.bands, "Sizes of pathfinders", caption_spoken=True)


def shares_table(found: Sequence[Share], dates: str, wave: int | None = None) -> Table:
    of_wave = {"wave": wave} if wave else {}
    columns = (
        Column("name", "Strategic health authority", href=f"/shas/{{code}}/{dates}"),
        Column(
            "pathfinders",
            "Pathfinders",
            kind="number",
            href=lambda share: (
                f"/pathfinders/?{urlencode({'sha': share.code, **of_wave})}{dates.replace('?', '&', 1)}"
            ),
        ),
        Column("practices", "Practices", kind="number"),
        Column("people", "People", kind="number"),
        Column("registered", "Of registered there", kind="number"),
        Column("percent", "Share of its people", show=lambda share: bar(share.percent)),
    )
    return Table(columns, found, "What pathfinders cover of each SHA", caption_spoken=True)
