from __future__ import annotations

from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from practices import stubs, vintages
from practices.actions.import_practices import dated
from practices.layouts import ods_parents
from practices.layouts.ods_parents import ParentRow
from practices.models import ParentBody, PracticeParent
from practices.recognising import wrong_file
from practices.vintages import Vintages
from registry.files.identities import Identities
from registry.files.importing import Planning, run
from registry.files.progress import Progress, Silent
from registry.files.report import Report
from registry.files.source import read_source
from registry.files.table import read_table
from registry.timeline import Spell, Timeline


def import_parents(
    *,
    by: Any,
    path: str | Path,
    vintage: date | None = None,
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Load ODS's dated history of practices and their parent bodies (epcmem). Never writes consortium memberships.

    The file holds a practice's whole history, so it replaces what stands of that practice, but for the latest parent
    where a newer amendments file told it.
    """
    progress = progress or Silent()
    with progress.step(f"reading {Path(path).name}"):
        table = read_table(read_source(path))
        if not ods_parents.is_layout(table):
            raise wrong_file(table, "an ODS file of practices and parents (epcmem: 6 columns, no header)")
        report = Report(
            table.source, vintages.PARENTS, "ODS parents of practices", vintage=vintage or dated(table.source.name)
        )
        rows = ods_parents.read(table, report)
    return run(
        _Plan(rows),
        by=by,
        action="import_parents",
        report=report,
        dry_run=dry_run,
        skip_refused=skip_refused,
        progress=progress,
    )


class _Plan:
    def __init__(self, rows: list[ParentRow]) -> None:
        self.rows = rows

    def __call__(self, plan: Planning) -> None:
        self.writer, self.report = plan.writer, plan.report
        self.vintage: date = plan.report.vintage  # type: ignore[assignment]
        self.told, self.moves = Vintages(vintages.PARENTS), Vintages(vintages.MOVES)
        practices = stubs.practices(plan, (r.code for r in self.rows))
        bodies = stubs.bodies(plan, Identities(ParentBody, dry=plan.dry), (r.parent for r in self.rows))
        self.writer.load(PracticeParent)
        for code, rows in groupby(self.rows, key=attrgetter("code")):
            spells = [Spell(r.joined, r.end, (bodies[r.parent],)) for r in rows]
            self._history(practices[code], spells)
        self.told.save(dry=plan.dry)

    def _history(self, practice: int, spells: list[Spell]) -> None:
        if self.told.older(practice, self.vintage):
            self.report.older += len(spells)
            return
        standing = self.writer.timeline(PracticeParent, (practice,))
        line = Timeline()
        for spell in spells:
            line = line.set(*spell)
        if self.moves.older(practice, self.vintage) and standing.spells:
            line = line.set(*standing.spells[-1])
        self.told.tell(practice, self.vintage)
        self._count(spells, standing, line)
        if line != standing:
            self.writer.put(PracticeParent, (practice,), line)

    def _count(self, spells: list[Spell], standing: Timeline, line: Timeline) -> None:
        if line == standing:
            self.report.unchanged += len(spells)
            return
        held = set(standing)
        for spell in spells:
            if spell in held:
                self.report.unchanged += 1
            elif standing.clear(spell.start, spell.end) != standing:
                self.report.changed += 1
            else:
                self.report.new += 1
