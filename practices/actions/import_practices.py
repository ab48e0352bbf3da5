from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

from practices import lives, stubs, vintages
from practices.layouts import ods_practices
from practices.layouts.ods_practices import PracticeRow
from practices.models import ParentBody, Practice, PracticeParent, PracticeParticulars, PracticeStatus
from practices.recognising import wrong_file
from practices.vintages import Vintages
from registry.errors import Refused
from registry.files.identities import Identities
from registry.files.importing import Planning, run
from registry.files.names import date_in
from registry.files.progress import Progress, Silent
from registry.files.report import Report
from registry.files.source import read_source
from registry.files.table import read_table
from registry.models import Fact
from registry.timeline import Timeline, first_day_out


def import_practices(
    *,
    by: Any,
    path: str | Path,
    vintage: date | None = None,
    amendments: bool = False,
    named_elsewhere: Collection[str] = (),
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Load an ODS practices file, whole (epraccur) or amendments (egpam): who exists, since when, in what state.

    What a row says of a practice's life is `practices.lives`. Parents: ODS's own history (epcmem) is the authority.
    A whole file's parent columns (15 to 17) are used only for practices that no epcmem file has named, and an epcmem
    file that names them later replaces what they said: the order of the files does not matter. An amendments row may
    move the parent from its joining day, unless a newer epcmem file has told of the practice. `named_elsewhere`:
    codes that an epcmem file of the same load names, so that nothing is written only to be replaced.
    """
    progress = progress or Silent()
    with progress.step(f"reading {Path(path).name}"):
        table = read_table(read_source(path))
        if not ods_practices.is_layout(table):
            raise wrong_file(table, "an ODS practices file (epraccur: 27 columns, no header)")
        what = "ODS practice amendments" if amendments else "ODS practices"
        kind = "ods-practice-amendments" if amendments else vintages.PRACTICES
        report = Report(table.source, kind, what, vintage=vintage or dated(table.source.name))
        rows = ods_practices.read(table, report)
    plan = _Plan(rows, amendments=amendments, named_elsewhere=named_elsewhere)
    return run(
        plan,
        by=by,
        action="import_practices",
        report=report,
        dry_run=dry_run,
        skip_refused=skip_refused,
        progress=progress,
    )


def dated(name: str) -> date:
    """The vintage that a file's name says. Raises Refused where it says none."""
    found = date_in(name)
    if found is None:
        raise Refused(
            "no_vintage",
            f"The name {name} does not say of when the file is: add --vintage YYYY-MM-DD.",
            field="vintage",
        )
    return found


MODELS: tuple[type[Fact], ...] = (PracticeStatus, PracticeParticulars, PracticeParent)


class _Plan:
    def __init__(self, rows: list[PracticeRow], *, amendments: bool, named_elsewhere: Collection[str]) -> None:
        self.rows, self.amendments, self.named_elsewhere = rows, amendments, named_elsewhere

    def __call__(self, plan: Planning) -> None:
        self.writer, self.report = plan.writer, plan.report
        self.vintage: date = plan.report.vintage  # type: ignore[assignment]
        self.told, self.histories = Vintages(vintages.PRACTICES), Vintages(vintages.PARENTS)
        self.moves = Vintages(vintages.MOVES)
        practices = Identities(Practice, dry=plan.dry)
        practices.mint(r.code for r in self.rows)
        for model in MODELS:
            self.writer.load(model)
        moving = {r.code: r.parent for r in self.rows if r.parent and self._tells_parent(r.code, practices[r.code])}
        self.bodies = stubs.bodies(plan, Identities(ParentBody, dry=plan.dry), moving.values())
        for row in self.rows:
            self._row(row, practices[row.code], moves=row.code in moving)
        self.told.save(dry=plan.dry)
        self.moves.save(dry=plan.dry)

    def _tells_parent(self, code: str, practice: int) -> bool:
        if self.told.older(practice, self.vintage) or code in self.named_elsewhere:
            return False
        if self.amendments:
            return not self.histories.older(practice, self.vintage) and not self.moves.older(practice, self.vintage)
        return practice not in self.histories and practice not in self.moves

    def _row(self, row: PracticeRow, practice: int, *, moves: bool) -> None:
        if self.told.older(practice, self.vintage):
            self.report.older += 1
            return
        key, told = (practice,), row.told(self.vintage)
        status, about, parents = before = tuple(self.writer.timeline(model, key) for model in MODELS)
        after = (
            lives.life(told, status),
            lives.particulars(told, row.particulars(), about),
            self._moved(row, parents) if moves else parents,
        )
        self.told.tell(practice, self.vintage)
        if moves and self.amendments and after[2] != parents:
            self.moves.tell(practice, self.vintage)
        if after == before:
            self.report.unchanged += 1
            return
        for model, line in zip(MODELS, after, strict=True):
            self.writer.put(model, key, line)
        if status.spells or about.spells:
            self.report.changed += 1
        else:
            self.report.new += 1

    def _moved(self, row: PracticeRow, parents: Timeline) -> Timeline:
        joined, end = row.joined or row.opened or self.vintage, first_day_out(row.left)
        if end is not None and end <= joined:
            return parents
        values = (self.bodies[row.parent],)
        at = next((s for s in parents if s.contains(joined)), None)
        if at is not None and at.values == values and at.end == end:
            return parents
        return parents.set(joined, end, values)
