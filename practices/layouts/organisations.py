"""Organisations: the project's own layout, one row per spell of a body's life; and the ONS lookups.

Our own layout may have three columns more: `operational_open` and `operational_close` (inclusive), when the body
operated where that is known apart from its legal life; and `identifiers`, the further codes that it bore in the spell,
as "ods:00K:provisional; gss:E38000001" (confirmed where it is not said).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from practices import codes
from practices.layouts.fields import degrees, iso_date, short
from practices.layouts.reading import Column, one_a_key, rows_of
from practices.models import BodyKind, Scheme, Standing
from registry.files.report import Report
from registry.files.table import Table
from registry.timeline import first_day_out

OWN = ("code", "kind", "name", "gss", "above", "opened", "last_day", "longitude", "latitude")
MORE = ("operational_open", "operational_close", "identifiers")
ONS = {
    "ons-pct-sha": ("PCO12CD", "PCO12CDO", "PCO12NM", "SHA12CDO"),
    "ons-sha": ("SHA12CD", "SHA12CDO", "SHA12NM"),
    "ons-ccg": ("CCG13CD", "CCG13CDH", "CCG13NM"),
}
STRADDLERS = {"5K3": "Q39", "5LH": "Q31", "5N9": "Q33", "5QG": "Q38"}
"""PCTs that ONS lists under two SHAs, with the one that they answered to (data README)."""


class Code(NamedTuple):
    scheme: str
    value: str
    standing: str


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
    operated_from: date | None = None
    operated_out: date | None = None
    identifiers: tuple[Code, ...] = ()


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
    more = [name for name in MORE if name in table.header()]
    at |= dict(zip(more, table.columns(more), strict=True))

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
            *_more(cell, at),
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


def _more(cell: Column, at: dict[str, int]) -> tuple[date | None, date | None, tuple[Code, ...]]:
    """The optional columns; a cell that is not there, or blank, says nothing."""
    start = cell("operational_open", at["operational_open"], iso_date) if "operational_open" in at else None
    last = cell("operational_close", at["operational_close"], iso_date) if "operational_close" in at else None
    if last and not start:
        raise ValueError("when it began to operate is missing: fill operational_open")
    if start and last and last < start:
        raise ValueError(f"it cannot end to operate before {start}, when it began")
    return start, first_day_out(last), cell("identifiers", at["identifiers"], _codes) if "identifiers" in at else ()


def _codes(text: str) -> tuple[Code, ...]:
    found = []
    for part in filter(None, (p.strip() for p in text.split(";"))):
        scheme, value, standing = [*part.split(":"), "", ""][:3]
        code = Code(scheme, value, standing or Standing.CONFIRMED.value)
        if code.scheme not in Scheme.values or code.standing not in Standing.values or part.count(":") > 2:
            raise ValueError(f"write codes as {Scheme.ODS}:00K or {Scheme.ODS}:00K:{Standing.PROVISIONAL}")
        shape = {Scheme.ODS: codes.BODY, Scheme.GSS: codes.GSS}.get(Scheme(scheme), codes.OTHER)
        if not shape.fullmatch(value):
            raise ValueError(f"“{value[:40]}” has not the shape of such a code")
        found.append(code)
    return tuple(found)


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
