"""Budgets in bulk, from a file."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from practices.models import PCT_KINDS, BodyParticulars, ParentBody
from registry.errors import Refused
from registry.files.importing import Planning, run
from registry.files.progress import Progress, Silent
from registry.files.report import Report
from registry.files.source import read_source
from registry.files.table import read_table
from registry.models import User
from transitions import budget_file
from transitions.actions.budget_sums import Year
from transitions.actions.evidence import Source, recorded
from transitions.budget_file import Row
from transitions.models import BudgetLine, Evidence, EvidenceParticulars
from transitions.permissions import require_everywhere

NOT_YET = 0
"""In place of the key of a source that a dry run does not record."""


def import_budgets(
    *,
    by: User,
    path: str | Path,
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Load a file of budgets (`transitions.budget_file`): one entry; loaded again it changes nothing.

    A row stands from its day until what is recorded after it; figures of that very day are replaced. What a trust's
    lines of a year, and what is delegated of them, would not make together refuses all its rows of that year.
    """
    require_everywhere(by)
    progress = progress or Silent()
    with progress.step(f"reading {Path(path).name}"):
        table = read_table(read_source(path))
        report = Report(table.source, "budgets", "budgets of trusts")
        rows = budget_file.read(table, report)
    return run(
        BudgetPlan(rows),
        by=by,
        action="import_budgets",
        report=report,
        dry_run=dry_run,
        skip_refused=skip_refused,
        progress=progress,
    )


class BudgetPlan:
    """Works out, trust by trust and year by year, what the file says."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = sorted(rows, key=lambda row: (row.pct, row.year, row.start, row.line))

    def __call__(self, plan: Planning) -> None:
        self.minted: dict[Source, int] = {}
        trusts = BodyParticulars.objects.current().filter(
            kind__in=PCT_KINDS, body__code__in={r.pct for r in self.rows}
        )
        known = {body.code: body for body in ParentBody.objects.filter(pk__in=trusts.values("body"))}
        for (code, year), rows in groupby(self.rows, key=lambda row: (row.pct, row.year)):
            if code in known:
                self._year(plan, known[code], year, list(rows))
                continue
            for row in rows:
                plan.report.refuse(row.line, "pct", code, "the register knows no trust of this code")

    def _year(self, plan: Planning, pct: ParentBody, year: str, rows: list[Row]) -> None:
        books = Year(plan.writer, pct, year)
        keys = {row.key: books.line_key(row.key) for row in rows}
        before = {key: plan.writer.timeline(BudgetLine, key) for key in keys.values()}
        said: set[tuple] = set()
        verdicts: list[str] = []
        for row in rows:
            if (row.key, row.start) in said:
                plan.report.refuse(row.line, "line", row.key, "the file says this line of this day twice")
                continue
            said.add((row.key, row.start))
            verdicts.append(self._put(plan, keys[row.key], row))
        try:
            books.require_alive()
            books.check(rows[0].start, None)
        except Refused as refused:
            for key, timeline in before.items():
                plan.writer.put(BudgetLine, key, timeline)
            for row in rows:
                plan.report.refuse(row.line, refused.field or "", "", refused.message)
            return
        for verdict in verdicts:
            setattr(plan.report, verdict, getattr(plan.report, verdict) + 1)

    def _put(self, plan: Planning, key: tuple, row: Row) -> str:
        """Puts the row's figures; what comes of it: new, changed or unchanged."""
        spells = plan.writer.timeline(BudgetLine, key)
        stands = next((s for s in spells if s.contains(row.start)), None)
        values = (*row.values, self._evidence(plan, row.source))
        if stands is not None and stands.values == values:
            return "unchanged"
        end = stands.end if stands else spells.next_start(row.start)
        plan.writer.set(BudgetLine, key, row.start, end, values)
        return "changed" if stands else "new"

    def _evidence(self, plan: Planning, source: Source | Evidence) -> int:
        """Minted once, however many rows name it."""
        if isinstance(source, Evidence):
            return source.pk
        if source not in self.minted:
            self.minted[source] = _standing(source) if plan.dry else recorded(plan.writer, source).pk
        return self.minted[source]


def _standing(source: Source) -> int:
    told = {"kind": source.kind, "title": source.title, "publisher": source.publisher, "words": source.words}
    same = EvidenceParticulars.objects.current().filter(**told, said_on=None, url="")
    return same.order_by("pk").values_list("evidence", flat=True).first() or NOT_YET
