"""How pages tell a budget: its lines, its holders, whether it adds up, what is paid per head (domain.md rules 18 and 19)."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from pathfinders.reads import budget_holders, budgets
from pathfinders.views.public.base import PublicRecord
from practices.models import ParentBody
from registry.errors import Refused
from registry.moment import Moment
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table
from transitions.models import STATUTORY_FROM, AllowanceKind, Level
from transitions.money import pounds, pounds_words, short
from transitions.years import require_year, year_of

UNKNOWN = "Not known"
LAST_DAY = STATUTORY_FROM - timedelta(days=1)
"""Of the trusts: a page of a later day shows their last year, unless another is asked for."""
LEVELS: dict[Any, tuple[str, str]] = {
    Level.INDICATIVE: ("Indicative", "grey"),
    Level.SHADOW: ("Shadow", "yellow"),
    Level.DELEGATED: ("Delegated", "blue"),
    Level.STATUTORY: ("Statutory", "green"),
}
PER_HEAD = (
    ("total_per_head", "Total per person registered"),
    ("total_per_weighted_head", "Total per weighted person"),
    ("delegated_per_head", "Delegated per person registered"),
    ("delegated_per_weighted_head", "Delegated per weighted person"),
)
YEARS = [f"{first}/{(first + 1) % 100:02d}" for first in range(2009, 2014)]


def said(amount: int | None) -> str:
    return "Not stated" if amount is None else pounds(amount)


def adds_up_words(row: dict[str, Any]) -> str:
    """Whether the parts make the total, as pages say it."""
    if row["adds_up"] == "exactly":
        return "Adds up exactly"
    if row["adds_up"] == "rounding":
        off = pounds(abs(row["difference"]))
        return f"Adds up to the stated rounding ({short(row['rounding'])}): the parts and the total differ by {off}"
    return "Not all parts are stated"


def share_words(row: dict[str, Any]) -> str | None:
    """69.0% of £934 million; and why where rounded figures make more than all of it."""
    if row["share"] is None:
        return None
    return f"{row['share']}% of {pounds_words(row['eligible_total'], row['rounding'])}{over_words(row)}"


def over_words(row: dict[str, Any]) -> str:
    over = row["share_over"]
    return f"; rounded figures make {pounds(over)} more than all of it" if over else ""


def head_words(row: dict[str, Any], of: str) -> str | None:
    """£1,457.20, of the crude or the weighted people."""
    value = row[f"{of}"]
    return f"£{value:,.2f}" if value is not None else None


def cells(row: dict[str, Any]) -> list[tuple[str, str]]:
    """A line in full: what it says and is, label by label."""
    return [
        ("Total", said(row["total"])),
        ("Delegated", said(row["delegated"])),
        ("Retained", said(row["retained"])),
        ("Excluded", said(row["excluded"])),
        ("Do they add up?", adds_up_words(row)),
        ("Share of the eligible budget", share_words(row) or UNKNOWN),
    ]


def holder_words(held: dict[str, Any], dates: str = "") -> SafeString:
    address = f"/transitions/budgets/holders/{held['holder']}/{dates}"
    return format_html('<a class="nhsuk-link" href="{}">{} ({})</a>', address, held["name"], held["holder"])


def evidence_words(row: dict[str, Any]) -> SafeString:
    """In one element: a cell is a row of boxes on a narrow screen."""
    told = ", ".join(filter(None, [row["evidence_title"], row["evidence_publisher"], row["evidence_words"]]))
    address = f"/transitions/evidence/{row['evidence_ref']}/"
    return format_html('<div>{} (<a class="nhsuk-link" href="{}">{}</a>)</div>', told, address, row["evidence_ref"])


def line_table(rows: list[dict[str, Any]], dates: str) -> Table:
    """A trust's lines of a year."""

    def held(row: dict[str, Any]) -> SafeString | str:
        """A holder a line, in one element: a cell is a row of boxes on a narrow screen."""
        told = ((holder_words(h, dates), said(h["amount"]), LEVELS[h["level"]][0].lower()) for h in row["holders"])
        listed = format_html_join(mark_safe("<br>"), "{}: {}, {}", told)
        return format_html("<div>{}</div>", listed) if listed else ""

    def figure(name: str) -> Any:
        return lambda row: pounds_words(row[name], row["rounding"]) if row[name] is not None else None

    columns = (
        Column("line_label", "Service line"),
        *(
            Column(name, name.capitalize(), kind="number", show=figure(name), empty="Not stated")
            for name in budgets.FIGURES
        ),
        Column("adds_up", "Do they add up?", show=adds_up_words),
        Column("share", "Share of the eligible budget", kind="number", show=share_words, empty=UNKNOWN),
        Column("holders", "Delegated to", show=held, empty="Nobody recorded"),
        Column("evidence_ref", "Evidence", show=evidence_words),
    )
    return Table(columns, rows, "Lines of the year", caption_spoken=True)


def allowance_table(rows: list[dict[str, Any]], names: dict[str, str] | None = None) -> Table:
    """Pounds per head, and whether they were paid. `names`: of the consortia, where there are several."""
    labels = dict(AllowanceKind.choices)
    whom = Column(
        "holder", "Consortium", show=lambda r: holder_words(r | {"name": (names or {}).get(r["holder"], "")})
    )
    columns = (
        *([whom] if names is not None else []),
        Column("year", "Year"),
        Column("kind", "What for", show=lambda row: labels[row["kind"]]),
        Column("pounds_per_head", "Per head", kind="number", show=lambda row: f"£{row['pounds_per_head']}"),
        Column("people", "People", kind="number"),
        Column("amount", "Amount", kind="number", show=lambda row: said(row["amount"])),
        Column("paid_on", "Paid on", kind="date", empty="Not known to be paid"),
        Column("source", "Source"),
    )
    return Table(columns, rows, "Pounds per head", caption_spoken=True)


def asked(user: Any, moment: Moment, pct: ParentBody) -> QuerySet:
    """What `section` is made of: the lines of every year."""
    return budgets.rows(user, moment, budgets.EVERY_YEAR).filter(pct=pct).order_by("line_key")


def years_with_figures(found: list[dict[str, Any]], code: str, dates: str) -> list[tuple[str, str]]:
    """The years of which a trust's lines tell something, each with its page: where the year shown has none."""
    more = dates.replace("?", "&", 1)
    years = sorted({row["year"] for row in found})
    return [(year, f"/transitions/budgets/{code}/?{urlencode({'year': year})}{more}") for year in years]


def section(found: list[dict[str, Any]], user: Any, moment: Moment, pct: ParentBody, dates: str) -> dict[str, Any]:
    """What the PCT's own page says of its budgets of the day's year."""
    year = year_of(min(moment.as_of, LAST_DAY))
    rows = budgets.finish(user, moment, [row for row in found if row["year"] == year])
    return {
        "year": year,
        "code": pct.code,
        "table": line_table(rows, dates) if rows else None,
        "recorded": years_with_figures(found, pct.code, dates),
    }


def consortium_section(
    rows: list[dict[str, Any]], paid: list[dict[str, Any]], moment: Moment, ref: str
) -> dict[str, Any]:
    """What a consortium's own page says of what it answers for, and of its allowances (`budget_holders.glance`)."""
    year = year_of(min(moment.as_of, LAST_DAY))
    amount, unstated = budget_holders.stated(rows, year)
    levels = sorted({LEVELS[row["level"]][0].lower() for row in rows if row["year"] == year})
    told = {"year": year, "ref": ref, "amount": said(amount), "unstated": unstated, "levels": ", ".join(levels)}
    return told | {"holds": bool(levels), "allowances": [_paid_words(row) for row in paid], "any": rows or paid}


def _paid_words(row: dict[str, Any]) -> str:
    paid = f"paid on {long_date(row['paid_on'])}" if row["paid_on"] else "not known to be paid"
    return f"{AllowanceKind(row['kind']).label}, {row['year']}: {said(row['amount'])}, {paid}"


class OfAYear(PublicRecord):
    """Mixin: the financial year asked for, else that of the day (of the last trusts, after them)."""

    @cached_property
    def year(self) -> str:
        asked = self.request.GET.get("year", "").strip()
        try:
            return require_year(asked) if asked else year_of(min(self.moment.as_of, LAST_DAY))
        except Refused as refused:
            raise Refused(refused.code, refused.message, field="year", status=400) from None
