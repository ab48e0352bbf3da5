"""Budgets in bulk, from a file."""

from __future__ import annotations

import hashlib
from itertools import groupby
from pathlib import Path
from typing import Any

from practices.models import PCT_KINDS, BodyParticulars, ParentBody
from registry.actions.checks import said
from registry.authorization import Permission, require
from registry.canonical import canonical
from registry.errors import Refused, stale
from registry.files.importing import Planning, run
from registry.files.progress import Progress, Silent
from registry.files.report import Difference, Report
from registry.files.source import Source as File
from registry.files.source import read_source
from registry.files.spreadsheet import read_spreadsheet
from registry.models import User
from transitions import budget_file
from transitions.actions.budget_sums import Year
from transitions.actions.evidence import Source, recorded
from transitions.budget_file import Row
from transitions.models import BudgetLine, Evidence, EvidenceParticulars
from transitions.money import pounds
from transitions.permissions import keeps_transition, require_transition_keeper

COLUMNS = ("total", "delegated", "retained", "excluded", "rounding", "note", "evidence")
"""Of a row, in the order of the values of the fact."""
NOT_SEEN = "What the file would do has changed since it was checked. Look at it now, then load it."


def import_budgets(
    *,
    by: User,
    path: str | Path | File,
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Progress | None = None,
    only: ParentBody | None = None,
    seen: str | None = None,
) -> Report:
    """Load a file of budgets (`transitions.budget_file`): one entry; loaded again it changes nothing.

    A row stands from its day until what is recorded after it; figures of that very day are replaced. What a trust's
    lines of a year, and what is delegated of them, would not make together refuses all its rows of that year. Rows of
    a trust that the user does not keep, or that is not `only`, are refused. `seen`: the `fingerprint` of the dry run.
    Raises Refused: 403; 412 where the file would now do something else than was seen; 422.
    """
    require(by, Permission.KEEP_TRANSITION)
    if only is not None:
        require_transition_keeper(by, only)
    progress = progress or Silent()
    source = path if isinstance(path, File) else read_source(path)
    with progress.step(f"reading {source.name}"):
        table = read_spreadsheet(source.name, source.data)
        report = Report(table.source, "budgets", "budgets of trusts")
        rows = budget_file.read(table, report)
    return run(
        BudgetPlan(rows, by=by, only=only, seen=seen),
        by=by,
        action="import_budgets",
        report=report,
        dry_run=dry_run,
        skip_refused=skip_refused,
        progress=progress,
        permission=Permission.KEEP_TRANSITION,
    )


def fingerprint(report: Report) -> str:
    """Of what the file would do, row by row."""
    return hashlib.sha256(canonical([list(row) for row in report.differences])).hexdigest()[:16]


class BudgetPlan:
    """Works out, trust by trust and year by year, what the file says."""

    def __init__(self, rows: list[Row], *, by: User, only: ParentBody | None = None, seen: str | None = None) -> None:
        self.by, self.only, self.seen = by, only, seen
        self.rows = sorted(rows, key=lambda row: (row.pct, row.year, row.start, row.line))

    def __call__(self, plan: Planning) -> None:
        self.minted: dict[Source, int] = {}
        self.titles: dict[int, str] = {}
        plan.report.differences.clear()
        trusts = BodyParticulars.objects.current().filter(
            kind__in=PCT_KINDS, body__code__in={r.pct for r in self.rows}
        )
        known = {body.code: body for body in ParentBody.objects.filter(pk__in=trusts.values("body"))}
        for (code, year), rows in groupby(self.rows, key=lambda row: (row.pct, row.year)):
            why = self._not_theirs(known.get(code))
            if not why:
                self._year(plan, known[code], year, list(rows))
                continue
            for row in rows:
                plan.report.refuse(row.line, "pct", code, why)
        plan.report.differences.sort()
        writes = not plan.dry and not plan.report.stopped
        if writes and self.seen is not None and fingerprint(plan.report) != self.seen:
            raise stale(NOT_SEEN)

    def _not_theirs(self, pct: ParentBody | None) -> str:
        if pct is None:
            return "the register knows no trust of this code"
        if self.only is not None and pct != self.only:
            return f"this file is of {self.only.code} alone: leave the rows of other trusts out"
        return (
            "" if keeps_transition(self.by, pct) else "not your trust: only its lead and programme staff load its rows"
        )

    def _year(self, plan: Planning, pct: ParentBody, year: str, rows: list[Row]) -> None:
        books = Year(plan.writer, pct, year)
        keys = {row.key: books.line_key(row.key) for row in rows}
        before = {key: plan.writer.timeline(BudgetLine, key) for key in keys.values()}
        said: set[tuple] = set()
        told: list[Difference] = []
        for row in rows:
            if (row.key, row.start) in said:
                plan.report.refuse(row.line, "line", row.key, "the file says this line of this day twice")
                continue
            said.add((row.key, row.start))
            told.append(self._put(plan, keys[row.key], row))
        try:
            books.require_alive()
            books.check(rows[0].start, None)
        except Refused as refused:
            for key, timeline in before.items():
                plan.writer.put(BudgetLine, key, timeline)
            for row in rows:
                column = refused.field if refused.field in budget_file.NAMES else ""
                plan.report.refuse(row.line, column or "", row.told.get(column or "", ""), refused.message)
            return
        for difference in told:
            setattr(plan.report, difference.verdict, getattr(plan.report, difference.verdict) + 1)
        plan.report.differences += told

    def _put(self, plan: Planning, key: tuple, row: Row) -> Difference:
        """Puts the row's figures; what comes of it."""
        spells = plan.writer.timeline(BudgetLine, key)
        stands = next((s for s in spells if s.contains(row.start)), None)
        values = (*row.values, self._evidence(plan, row.source))
        if stands is not None and stands.values == values:
            return self._told(row, "unchanged", values, values)
        end = stands.end if stands else spells.next_start(row.start)
        plan.writer.set(BudgetLine, key, row.start, end, values)
        before = stands.values if stands else (None,) * len(values)
        return self._told(row, "changed" if stands else "new", before, values)

    def _told(self, row: Row, verdict: str, before: tuple, after: tuple) -> Difference:
        pairs = zip(COLUMNS, before, after, strict=True)
        columns = tuple((name, self._said(name, old), self._said(name, new)) for name, old, new in pairs if old != new)
        return Difference(row.line, f"{row.pct}, {row.year}, {row.key}, from {said(row.start)}", verdict, columns)

    def _said(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        if name == "evidence":
            return self.titles.get(value) or Evidence.objects.get(pk=value).ref
        return pounds(value) if isinstance(value, int) else value

    def _evidence(self, plan: Planning, source: Source | Evidence) -> int:
        """Minted once, however many rows name it."""
        if isinstance(source, Evidence):
            return source.pk
        if source not in self.minted:
            found = _standing(source) if plan.dry else recorded(plan.writer, source).pk
            self.minted[source] = found or -1 - len(self.minted)  # a dry run records no source
            self.titles[self.minted[source]] = source.title
        return self.minted[source]


def _standing(source: Source) -> int | None:
    told = {"kind": source.kind, "title": source.title, "publisher": source.publisher, "words": source.words}
    same = EvidenceParticulars.objects.current().filter(**told, said_on=None, url="")
    return same.order_by("pk").values_list("evidence", flat=True).first()
