from __future__ import annotations

from pathlib import Path
from typing import Any

from practices import quarters, stubs
from practices.layouts import list_sizes
from practices.layouts.list_sizes import ListSizeRow
from practices.models import ListSize
from practices.recognising import wrong_file
from registry.errors import Refused
from registry.files.importing import Planning, run
from registry.files.names import quarter_in
from registry.files.progress import Progress, Silent
from registry.files.report import Report
from registry.files.source import read_source
from registry.files.table import read_table


def import_list_sizes(
    *,
    by: Any,
    path: str | Path,
    quarter: str = "",
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Load registered patients per practice of one quarter (NHSBSA). A measurement of that quarter: another quarter's
    file never competes with it, and a re-issue of the same quarter supersedes. Units without patients have no list.
    """
    progress = progress or Silent()
    with progress.step(f"reading {Path(path).name}"):
        table = read_table(read_source(path))
        if not list_sizes.is_layout(table):
            raise wrong_file(
                table, "an NHSBSA file of registered patients (a header, then bands Male 0-4 to Female 75+)"
            )
        quarter = quarter or quarter_in(table.source.name)
        if not quarter:
            message = f"The name {table.source.name} does not say its quarter: add --quarter, as in --quarter 2013Q2."
            raise Refused("no_quarter", message, field="quarter")
        quarter = quarter.strip().upper()
        quarters.parse(quarter)
        report = Report(table.source, "nhsbsa-list-sizes", "NHSBSA list sizes", quarter=quarter)
        rows = list_sizes.read(table, report)
    return run(
        _Plan(rows),
        by=by,
        action="import_list_sizes",
        report=report,
        dry_run=dry_run,
        skip_refused=skip_refused,
        progress=progress,
    )


class _Plan:
    def __init__(self, rows: list[ListSizeRow]) -> None:
        self.rows = rows

    def __call__(self, plan: Planning) -> None:
        writer, report = plan.writer, plan.report
        start, end = quarters.parse(report.quarter)
        practices = stubs.practices(plan, (r.code for r in self.rows if r.patients))
        writer.load(ListSize)
        patients = 0
        for row in self.rows:
            key = (practices.pks.get(row.code),)
            held = writer.timeline(ListSize, key).at(start)
            if not row.patients and held is None:
                report.skipped["units without patients: no list"] += 1
                continue
            patients += row.patients
            if not row.patients:
                writer.clear(ListSize, key, start, end)
                report.changed += 1
            elif held == (report.quarter, row.patients):
                report.unchanged += 1
            else:
                writer.set(ListSize, key, start, end, (report.quarter, row.patients))
                report.new, report.changed = report.new + (held is None), report.changed + (held is not None)
        report.totals = [f"{patients:,} registered patients in {report.quarter}"]
