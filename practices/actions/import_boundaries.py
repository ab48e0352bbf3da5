from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from practices.actions.import_practices import dated
from practices.layouts import boundaries
from practices.layouts.boundaries import OutlineRow
from practices.models import Outline, ParentBody
from registry.files.importing import Planning, run
from registry.files.progress import Progress, Silent
from registry.files.report import Report
from registry.files.source import read_source


def import_boundaries(
    *,
    by: Any,
    path: str | Path,
    vintage: date | None = None,
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Load outlines (TopoJSON or GeoJSON, WGS 84) of bodies that the register knows.

    Outlines are pictures and not facts, kept per body and vintage; the journal gets an entry that names the file.
    """
    progress = progress or Silent()
    with progress.step(f"reading {Path(path).name}"):
        source = read_source(path)
        found = boundaries.document(source)
        report = Report(source, "pct-boundaries", "outlines", vintage=vintage or dated(source.name))
        rows = boundaries.read(found, report)
    return run(
        lambda plan: _plan(plan, rows),
        by=by,
        action="import_boundaries",
        report=report,
        dry_run=dry_run,
        skip_refused=skip_refused,
        progress=progress,
    )


def _plan(plan: Planning, rows: list[OutlineRow]) -> None:
    report, vintage = plan.report, plan.report.vintage
    known = dict(ParentBody.objects.values_list("code", "pk"))
    held = dict(Outline.objects.filter(vintage=vintage).values_list("body_id", "geometry"))
    drawn = []
    for row in rows:
        body = known.get(row.code)
        if body is None:
            report.refuse(
                row.line, "code", row.code, "no body of this code is in the register: load organisations first"
            )
        elif held.get(body) == row.geometry:
            report.unchanged += 1
        else:
            report.new, report.changed = report.new + (body not in held), report.changed + (body in held)
            drawn.append(Outline(body_id=body, vintage=vintage, geometry=row.geometry))
    report.other_changes = len(drawn)
    if plan.dry or report.stopped or not drawn:
        return
    plan.writer.even_if_empty = True
    Outline.objects.bulk_create(
        drawn, update_conflicts=True, update_fields=["geometry"], unique_fields=["body", "vintage"]
    )
