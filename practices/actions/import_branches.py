from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from practices import vintages
from practices.actions.import_practices import dated
from practices.consequences import within_life
from practices.layouts import branches
from practices.layouts.branches import BranchRow
from practices.models import Branch, Practice, PracticeStatus
from practices.recognising import wrong_file
from practices.vintages import Vintages
from registry.files.identities import Identities
from registry.files.importing import Planning, run
from registry.files.progress import Progress, Silent
from registry.files.report import Report
from registry.files.source import read_source
from registry.files.table import read_table
from registry.timeline import Timeline, first_day_out


def import_branches(
    *,
    by: Any,
    path: str | Path,
    vintage: date | None = None,
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Load branch surgeries (layout `practices.layouts.branches`): each from its opening to its closing.

    Of a branch that is known, another name or address is true from the vintage on, and a closing date ends it. A row
    is refused where the register has no such practice, or where it was not open on all of the branch's days
    (domain.md rule 4). Branches that the file does not name stay as they are.
    """
    progress = progress or Silent()
    with progress.step(f"reading {Path(path).name}"):
        table = read_table(read_source(path))
        if not branches.is_layout(table):
            raise wrong_file(table, f"a file of branch surgeries (a header with {', '.join(branches.HEADER)})")
        report = Report(
            table.source, vintages.BRANCHES, "branch surgeries", vintage=vintage or dated(table.source.name)
        )
        rows = branches.read(table, report)
    return run(
        _Plan(rows),
        by=by,
        action="import_branches",
        report=report,
        dry_run=dry_run,
        skip_refused=skip_refused,
        progress=progress,
    )


class _Plan:
    def __init__(self, rows: list[BranchRow]) -> None:
        self.rows = rows

    def __call__(self, plan: Planning) -> None:
        self.writer, self.report = plan.writer, plan.report
        self.vintage: date = plan.report.vintage  # type: ignore[assignment]
        self.told = Vintages(vintages.BRANCHES)
        older = {pk for pk, held in self.told.held.items() if self.vintage < held}
        known = Identities(Practice, dry=plan.dry)
        self.writer.load(Branch)
        self.writer.load(PracticeStatus, {(known[r.practice],) for r in self.rows if r.practice in known})
        for row in self.rows:
            if row.practice not in known:
                self._refuse(row, f"the register has no practice {row.practice}")
            elif known[row.practice] in older:
                self.report.older += 1
            else:
                self._row(row, known[row.practice])
        self.told.save(dry=plan.dry)

    def _row(self, row: BranchRow, practice: int) -> None:
        key = (practice, row.branch)
        standing = self.writer.timeline(Branch, key)
        line = _life(row, standing, self.vintage)
        if within_life(line, self.writer.timeline(PracticeStatus, (practice,))) != line:
            self._refuse(row, f"practice {row.practice} was not open on all of the branch's days")
            return
        self.told.tell(practice, self.vintage)
        if line == standing:
            self.report.unchanged += 1
            return
        self.writer.put(Branch, key, line)
        if standing.spells:
            self.report.changed += 1
        else:
            self.report.new += 1

    def _refuse(self, row: BranchRow, why: str) -> None:
        self.report.refuse(row.line, "branch_code", row.practice + row.branch, why)


def _life(row: BranchRow, standing: Timeline, vintage: date) -> Timeline:
    """The branch's days as the row tells them; what it was called before the vintage stands."""
    end = first_day_out(row.last)
    if not any(s.contains(row.opened) for s in standing):
        return standing.set(row.opened, end, row.values())
    line = standing if end is None else standing.cap(end)
    if end is not None and end <= vintage:
        return line
    at = next((s for s in line if s.contains(vintage)), None)
    if at is not None and at.values == row.values() and at.end == end:
        return line
    return line.set(max(vintage, row.opened), end, row.values())
