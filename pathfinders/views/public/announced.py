"""What was announced beside what the register computes: the tables on the pages of waves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pathfinders.models import Extent, Metric, Reconciliation, ScopeKind
from pathfinders.models.claim import first_day
from pathfinders.reads import announcements as read
from pathfinders.rounding import RULES
from registry.models import Installation
from registry.moment import Moment
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table

BUILT_TO_MATCH = "Built to match the announced totals; agreement is not evidence."
MATCHED_WAVES = 5
"""The waves of a demonstration that are built to match; a later one announces what whoever tries it out decides."""
SHOWN_TOGETHER = (Metric.PATHFINDERS, Metric.PEOPLE, Metric.SHARE)
"""What the page of all waves compares."""


def of_wave(rows: list[dict[str, Any]], wave: int) -> dict[str, Any]:
    """For the page of a wave: every claim about it, those about areas and single pathfinders in a table of their own."""
    england = [row for row in rows if row["scope_kind"] == ScopeKind.ENGLAND]
    parts = [row for row in rows if row["scope_kind"] != ScopeKind.ENGLAND]
    return _context(england, COLUMNS, parts, built=wave <= MATCHED_WAVES)


def so_far(user: Any, moment: Moment) -> dict[str, Any]:
    """For the page of all waves: the claims about England at each wave, all waves so far together."""
    claims = read.rows(user, moment).filter(scope_kind=ScopeKind.ENGLAND, metric__in=SHOWN_TOGETHER)
    of_all = Q(extent=Extent.CUMULATIVE, wave__isnull=False) | Q(wave=1)  # of the first, alone is so far
    rows = read.finish(user, moment, list(claims.filter(of_all)), then=False)
    return _context(rows, (Column("wave", "Wave", href="/waves/{wave}/"), *COLUMNS))


def _context(
    rows: list[dict[str, Any]],
    columns: Sequence[Column],
    parts: list[dict[str, Any]] | None = None,
    *,
    built: bool = True,
) -> dict[str, Any]:
    if not rows and not parts:
        return {"announced": False}
    return {
        "announced": True,
        "claims": _table(rows, columns, "What was announced, and what the register counts") if rows else None,
        "claims_of_parts": _table(parts, columns, "Figures of areas and of single pathfinders") if parts else None,
        "built_to_match": BUILT_TO_MATCH if built and Installation.is_demonstration() else "",
    }


def _table(rows: list[dict[str, Any]], columns: Sequence[Column], caption: str) -> Table:
    return Table(columns, _merged(rows), caption, caption_spoken=True)


def _merged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each figure in the same words, with all who printed it; areas in their order, England's figures by
    what they count."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in sorted(rows, key=_order):
        same = tuple(row[name] for name in ("wave", "metric", "extent", "scope", "value", "rounding"))
        first = found.setdefault((*same, row["words"].lower()), row | {"sources": [], "why": []})
        first["sources"].append(row)
        first["why"] += [line for line in _why(row) if line not in first["why"]]
    return list(found.values())


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    kind, metric = ScopeKind.values.index(row["scope_kind"]), Metric.values.index(row["metric"])
    return row["wave"], kind, row["scope"], row["extent"] == Extent.CUMULATIVE, metric, row["ref"]


def _what(row: dict[str, Any]) -> str:
    """Of what: "People, all waves so far: England"."""
    extent = f"wave {row['wave']} alone" if row["extent"] == Extent.WAVE else "all waves so far"
    label = Metric(row["metric"]).label
    return f"{label}: {row['scope_name']}" + ("" if row["scope_kind"] == ScopeKind.GROUP else f", {extent}")


def _sources(row: dict[str, Any]) -> SafeString:
    return _lines([_source(claim) for claim in row["sources"]])


def _source(row: dict[str, Any]) -> SafeString:
    """Publisher and day, or month; the title for those who hear links out of their place."""
    published = row["source_published"]
    when = long_date(first_day(published)) if len(published) == 10 else f"{first_day(published):%B %Y}"
    words = f"{row['source_publisher']}, {when}"
    if not row["source_url"]:
        return format_html("{}", words)
    title = format_html('<span class="nhsuk-u-visually-hidden">: {}</span>', row["source_title"])
    return format_html(
        '<a class="nhsuk-link" href="{}">{}{}</a>', row["source_url"], words, title if row["source_title"] else ""
    )


def _lines(lines: Sequence[Any]) -> SafeString:
    """In one element: a cell is a row of boxes on a narrow screen."""
    return format_html("<div>{}</div>", format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines)))


def _figure(row: dict[str, Any]) -> SafeString | str:
    """The register's figure, with its denominator, and what it was at the release where that was another."""
    if row["figure"] is None:
        return ""
    lines = [figure_words(row, row["figure"])]
    if row["denominator_name"]:
        lines.append(_whole(row))
    then = row.get("figure_then")
    if then is not None and then != row["figure"]:
        lines.append(f"{figure_words(row, then)} as known at the release")
    return _lines(lines)


def figure_words(row: dict[str, Any], value: float) -> str:
    """12,798,840; 35.8; 23.4%."""
    words = f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{words}%" if row["unit"] == "percent" else words


def _whole(row: dict[str, Any]) -> str:
    return f"of {row['denominator_value']:,} ({row['denominator_name']})"


def _difference(row: dict[str, Any]) -> SafeString | str:
    if row["figure"] is None:
        return ""
    tag, colour = ("Agrees", "green") if row["holds"] else ("Differs", "orange")
    marked = format_html('<strong class="nhsuk-tag nhsuk-tag--no-wrap nhsuk-tag--{}">{}</strong>', colour, tag)
    value = row["difference"]
    if value == 0:
        return marked
    points = " points" if row["unit"] == "percent" else ""
    return _lines([marked, ("−" if value < 0 else "+") + figure_words({"unit": ""}, abs(value)) + points])


def _why(row: dict[str, Any]) -> list[str]:
    lines = []
    if row["figure"] is None:
        lines.append("The register has no such figure for that day.")
    elif row["reconciliation"]:
        lines.append(f"{Reconciliation(row['reconciliation']).label}.")
    elif not row["holds"]:
        lines.append("Not yet explained.")
    if row["note"]:
        lines.append(row["note"])
    if row["rounding"] in RULES and row["rounding"] != "exact":
        least, most = (figure_words(row, row[end]) for end in ("holds_from", "holds_to"))
        lines.append(f"The words hold from {least} to {most}.")
    return lines


def _announced(row: dict[str, Any]) -> str:
    return f"“{row['words']}”"


COLUMNS = (
    Column("metric", "What", show=_what),
    Column("words", "As printed", show=_announced),
    Column("source_publisher", "Source", show=_sources),
    Column("figure", "In the register", show=_figure, empty="no figure"),
    Column("difference", "Difference", show=_difference, empty="no figure"),
    Column("why", "Explanation", show=lambda row: _lines(row["why"]) if row["why"] else "", empty="none needed"),
)
