"""What a list that somebody sent says, checked and written: of one consortium, or of many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from consortia import membership_file
from consortia.actions.claiming import write_claims
from consortia.actions.import_memberships import MembershipPlan
from consortia.claims import review
from consortia.membership_file import Claim
from consortia.models import MembershipUpload
from practices.list_sizes import people
from practices.pasting import pasted
from registry import journal
from registry.actions.checks import kind_on
from registry.errors import Refused
from registry.files.importing import run
from registry.files.keeping import read
from registry.files.report import Report
from registry.files.spreadsheet import read_spreadsheet
from registry.files.table import Line
from registry.models import User
from registry.moment import read_snapshot

PASTED = "pasted codes.txt"
"""The name of what was typed into a box."""
LONG = 2_000
"""A list of more rows than this is checked and written in the background."""
Told = Callable[[int], None]


def silent(done: int) -> None:
    """Nobody asked for the progress."""


def is_long(upload: MembershipUpload) -> bool:
    return upload.total > LONG


def lines_of(upload: MembershipUpload, data: bytes) -> list[Line] | list[Claim]:
    """The rows of a list, without its header. Raises Refused on `file` where it is none."""
    if upload.consortium is not None:
        return claims_in(upload, data)[0]
    table = read_spreadsheet(upload.name, data)
    membership_file.columns_of(table)
    return table.lines[1:]


def claims_in(upload: MembershipUpload, data: bytes) -> tuple[list[Claim], list[str]]:
    """The rows of a lead's list, and what is to be said of its columns."""
    if upload.name == PASTED:
        return [Claim(line, code) for line, code in pasted(data.decode())], []
    return membership_file.read_own(read_spreadsheet(upload.name, data))


def checked(upload: MembershipUpload, data: bytes | None = None, told: Told = silent) -> dict[str, Any]:
    """The dry run's answer as it is kept: rows, counts, totals before and after. Writes nothing."""
    data = read(upload.sha256) if data is None else data
    if upload.consortium is None:
        return _checked_many(upload, data, told)
    claims, notes = claims_in(upload, data)
    with read_snapshot():
        verdicts = review(upload.consortium, claims, on=_on(upload), reason=upload.options["reason"])
    answer = verdicts.told()
    return answer | {"warnings": [*notes, *answer["warnings"]]}


def written(upload: MembershipUpload, *, by: User, options: dict[str, Any], told: Told | None = None) -> int:
    """Write what the kept answer found ready, in one entry, whose number is returned. Raises Refused where a row is
    ready no more."""
    data = read(upload.sha256)
    if upload.consortium is None:
        return _written_many(upload, data, by, options, told or silent)
    ready = [r for r in upload.answer["rows"] if r["accepted"]]
    wanted = {(r["line"], r["code"]) for r in ready}
    claims = [c for c in claims_in(upload, data)[0] if (c.line, c.code) in wanted]
    first = min(date.fromisoformat(r["on"]) for r in ready)
    with journal.entry(
        by=by,
        action="claim",
        kind=kind_on(first),
        reason=options.get("why") or f"Members of {upload.consortium.ref}: {upload.name}",
        source={"name": upload.name, "sha256": upload.sha256, "kind": "claims"},
    ) as entry:
        write_claims(entry, upload.consortium, claims, on=_on(upload), reason=upload.options["reason"])
    assert entry.entry is not None
    return entry.entry.number


def _on(upload: MembershipUpload) -> date:
    return date.fromisoformat(upload.options["on"])


# A file of many consortia


def _planned(upload: MembershipUpload, data: bytes, told: Told) -> tuple[MembershipPlan, Report]:
    table = read_spreadsheet(upload.name, data)
    report = Report(table.source, "memberships", "memberships of consortia")
    rows = membership_file.read(table, report)
    return MembershipPlan(rows, upload.options["create"], told), report


def _checked_many(upload: MembershipUpload, data: bytes, told: Told) -> dict[str, Any]:
    plan, report = _planned(upload, data, told)
    run(plan, by=upload.sent_by, action="import_memberships", report=report, dry_run=True)
    told_rows = {row.line: row for row in plan.rows}
    rows = [
        _row(r.line, r.value if r.column == "practice" else "", "refused", f"{r.message}.", r.column, r.value)
        for r in report.refused
    ]
    refused = {r.line for r in report.refused}
    rows += [
        _row(line, told_rows[line].practice, outcome.verdict, outcome.note)
        for line, outcome in plan.outcomes.items()
        if line not in refused
    ]
    for row in rows:
        if not row["code"] and row["line"] in told_rows:
            row["code"] = told_rows[row["line"]].practice
    counts = {"ready": report.new + report.changed, "wrong": len(refused), "quiet": report.unchanged}
    answer: dict[str, Any] = {
        "rows": sorted(rows, key=lambda r: r["line"]),
        "counts": counts | {"new": report.new, "changed": report.changed},
        "warnings": report.warnings,
        "totals": report.totals,
        "same_as": report.same_as,
    }
    if plan.day is not None:
        answer["day"] = plan.day.isoformat()
        for name, found in (("before", plan.before), ("after", plan.after)):
            count, lacking = people(found, plan.day)
            answer[name] = {"practices": len(found), "people": count, "no_list": lacking}
    return answer


def _row(line: int, code: str, verdict: str, message: str, column: str = "", value: str = "") -> dict[str, Any]:
    return {"line": line, "code": code, "verdict": verdict, "message": message, "column": column, "value": value}


def _written_many(upload: MembershipUpload, data: bytes, by: User, options: dict[str, Any], told: Told) -> int:
    plan, report = _planned(upload, data, told)
    run(plan, by=by, action="import_memberships", report=report, skip_refused=options["skip_refused"])
    if report.stopped:
        first = report.refused[0]
        raise Refused("rows_refused", f"The register has moved on: {first}. Nothing was written.", status=409)
    if report.new + report.changed != upload.answer["counts"]["ready"]:
        raise Refused(
            "moved_on",
            "The register has moved on since this list was checked. Nothing was written; look at what is found now.",
            status=409,
        )
    assert report.entry is not None
    return report.entry
