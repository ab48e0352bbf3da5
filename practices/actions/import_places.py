from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from practices import stubs, vintages
from practices.actions.import_practices import dated
from practices.layouts import places
from practices.layouts.places import PlaceRow
from practices.models import PracticeParticulars, PracticePlace
from practices.recognising import wrong_file
from practices.vintages import Vintages
from registry.files.importing import Planning, run
from registry.files.progress import Progress, Silent
from registry.files.report import Report
from registry.files.source import read_source
from registry.files.table import read_table
from registry.timeline import Timeline


def import_places(
    *,
    by: Any,
    path: str | Path,
    vintage: date | None = None,
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Load where practices are, by practice code, or by postcode for every practice that has it on the vintage's day.

    The first file that tells places a practice for all days; a newer vintage's other place is true from that vintage.
    """
    progress = progress or Silent()
    with progress.step(f"reading {Path(path).name}"):
        table = read_table(read_source(path))
        if not places.is_layout(table):
            raise wrong_file(table, "a file of places (a header with practice_code or postcode, longitude, latitude)")
        report = Report(table.source, vintages.PLACES, "places", vintage=vintage or dated(table.source.name))
        rows = places.read(table, report)
    plan = _Plan(rows, by_postcode=places.by_postcode(table))
    return run(
        plan,
        by=by,
        action="import_places",
        report=report,
        dry_run=dry_run,
        skip_refused=skip_refused,
        progress=progress,
    )


class _Plan:
    def __init__(self, rows: list[PlaceRow], *, by_postcode: bool) -> None:
        self.rows, self.by_postcode = rows, by_postcode

    def __call__(self, plan: Planning) -> None:
        self.writer, self.report = plan.writer, plan.report
        self.vintage: date = plan.report.vintage  # type: ignore[assignment]
        self.told = Vintages(vintages.PLACES)
        self.writer.load(PracticePlace)
        where = self._postcodes() if self.by_postcode else self._codes(plan)
        for row in self.rows:
            self._row(row, where.get(row.code, []))
        self.told.save(dry=plan.dry)

    def _codes(self, plan: Planning) -> dict[str, list[int]]:
        known = stubs.practices(plan, (r.code for r in self.rows))
        return {r.code: [known[r.code]] for r in self.rows}

    def _postcodes(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        standing = PracticeParticulars.objects.current().filter(effective__contains=self.vintage).exclude(postcode="")
        for postcode, practice in standing.values_list("postcode", "practice_id"):
            found[postcode].append(practice)
        return found

    def _row(self, row: PlaceRow, practices: list[int]) -> None:
        if not practices:
            self.report.skipped["postcodes of no practice"] += 1
            return
        said = {self._place(p, (row.longitude, row.latitude)) for p in practices}
        for word in ("changed", "new", "unchanged", "older"):
            if word in said:
                setattr(self.report, word, getattr(self.report, word) + 1)
                return

    def _place(self, practice: int, values: tuple[Any, Any]) -> str:
        if self.told.older(practice, self.vintage):
            return "older"
        key = (practice,)
        line = self.writer.timeline(PracticePlace, key)
        self.told.tell(practice, self.vintage)
        if not line.spells:
            self.writer.put(PracticePlace, key, Timeline().set(None, None, values))
            return "new"
        if line.at(self.vintage) == values:
            return "unchanged"
        self.writer.put(PracticePlace, key, line.set(self.vintage, None, values))
        return "changed"
