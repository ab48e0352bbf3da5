"""Organisations: the project's own layout, one row per spell of a body's life; and the ONS lookups."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from practices import codes
from practices.layouts.fields import degrees, iso_date, short
from practices.layouts.reading import Column, one_a_key, rows_of
from practices.models import BodyKind
from registry.files.report import Report
from registry.files.table import Table
from registry.timeline import first_day_out

OWN = ("code", "kind", "name", "gss", "above", "opened", "last_day", "longitude", "latitude")
ONS = {
    "ons-pct-sha": ("PCO12CD", "PCO12CDO", "PCO12NM", "SHA12CDO"),
    "ons-sha": ("SHA12CD", "SHA12CDO", "SHA12NM"),
    "ons-ccg": ("CCG13CD", "CCG13CDH", "CCG13NM"),
}
STRADDLERS = {"5K3": "Q39", "5LH": "Q31", "5N9": "Q33", "5QG": "Q38"}
"""PCTs that ONS lists under two SHAs, with the one that they answered to (data README)."""


class BodyRow(NamedTuple):
    """A body as a file has it; `opened` and `end` half-open. An ONS lookup gives no dates."""

    line: int
    code: str
    kind: str
    name: str
    gss: str
    above: str
    opened: date | None = None
    end: date | None = None
    longitude: Decimal | None = None
    latitude: Decimal | None = None


def layout_of(table: Table) -> str:
    """ "organisations" (our own), an ONS lookup's name, or empty."""
    header = set(table.header())
    if set(OWN) <= header:
        return "organisations"
    return next((kind for kind, names in ONS.items() if {n.lower() for n in names} <= header), "")


def vintage_in(table: Table) -> date | None:
    """ONS names its columns by the year of the list ("PCO12CD"): 1 April of it. None for our own layout."""
    found = re.fullmatch(r"[a-z]{3}(\d\d)cd", table.header()[0])
    return date(2000 + int(found[1]), 4, 1) if found else None


def read(table: Table, report: Report) -> list[BodyRow]:
    kind = layout_of(table)
    return _read_own(table, report) if kind == "organisations" else _read_ons(table, report, kind)


def _read_own(table: Table, report: Report) -> list[BodyRow]:
    at = dict(zip(OWN, table.columns(OWN), strict=True))

    def row(cell: Column) -> BodyRow:
        found = BodyRow(
            cell.line.number,
            cell("code", at["code"], _code),
            cell("kind", at["kind"], _kind),
            cell("name", at["name"], _name),
            cell("gss", at["gss"], short, 9),
            cell("above", at["above"], lambda v: _code(v) if v else ""),
            cell("opened", at["opened"], iso_date),
            first_day_out(cell("last_day", at["last_day"], iso_date)),
            cell("longitude", at["longitude"], lambda v: degrees(v, 180) if v else None),
            cell("latitude", at["latitude"], lambda v: degrees(v, 90) if v else None),
        )
        if found.opened and found.end and found.end <= found.opened:
            raise ValueError(f"its last day lies before {found.opened}, when it opened")
        if (found.longitude is None) != (found.latitude is None):
            raise ValueError("a point needs both longitude and latitude")
        return found

    rows = rows_of(table, report, max(at.values()) + 1, row, lines=table.lines[1:])
    rows = one_a_key(rows, report, "code and opened", lambda r: (r.code, r.opened))
    rows.sort(key=lambda r: (r.code, r.opened or date.min))
    for a, b in zip(rows, rows[1:], strict=False):
        if a.code == b.code and (a.end is None or b.opened is None or b.opened < a.end):
            report.refuse(
                b.line, "opened", str(b.opened or ""), f"{b.code} lives on line {a.line} on that day already"
            )
    return rows


def _read_ons(table: Table, report: Report, kind: str) -> list[BodyRow]:
    gss, code, name, *above = table.columns(ONS[kind])

    def row(cell: Column) -> BodyRow:
        own = cell("code", code, _code)
        return BodyRow(
            cell.line.number,
            own,
            _kind_of(own, kind),
            cell("name", name, _name),
            cell("GSS code", gss, short, 9),
            cell("SHA", above[0], _code) if above else "",
        )

    rows = rows_of(table, report, max(gss, code, name, *above) + 1, row, lines=table.lines[1:])
    kept = []
    for r in rows:
        if r.above and STRADDLERS.get(r.code, r.above) != r.above:
            report.skipped["second rows of PCTs that straddle two SHAs"] += 1
        else:
            kept.append(r)
    return one_a_key(kept, report, "code", lambda r: r.code)


def _kind_of(code: str, layout: str) -> str:
    if layout == "ons-sha":
        return BodyKind.SHA.value
    if layout == "ons-ccg":
        return BodyKind.CCG.value
    return (BodyKind.CARE_TRUST if codes.CARE_TRUST.fullmatch(code) else BodyKind.PCT).value


def _code(text: str) -> str:
    if not codes.BODY.fullmatch(text):
        raise ValueError("not the shape of a body's code")
    return text


def _kind(text: str) -> str:
    if text not in BodyKind.values:
        raise ValueError(f"not a kind of body: {', '.join(BodyKind.values)}")
    return str(text)


def _name(text: str) -> str:
    if not text:
        raise ValueError("the name is missing")
    return short(text, 200)
