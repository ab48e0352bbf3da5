from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from practices import folder
from practices.actions.import_boundaries import import_boundaries
from practices.actions.import_list_sizes import import_list_sizes
from practices.actions.import_organisations import import_organisations
from practices.actions.import_parents import import_parents
from practices.actions.import_places import import_places
from practices.actions.import_practices import import_practices
from practices.actions.load_reference import load_reference
from practices.folder import Found
from registry.authorization import Permission, require
from registry.files.progress import Progress, Silent
from registry.files.report import Report
from registry.files.source import read_source
from registry.files.table import read_table

LOADERS: dict[str, Callable[..., Report]] = {
    "organisations": import_organisations,
    "ons-sha": import_organisations,
    "ons-pct-sha": import_organisations,
    "ons-ccg": import_organisations,
    "ods-practices": import_practices,
    "ods-parents": import_parents,
    "nhsbsa-list-sizes": import_list_sizes,
    "places": import_places,
    "pct-boundaries": import_boundaries,
}


def import_england(
    *,
    by: Any,
    path: str | Path,
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Progress | None = None,
    say: Callable[[str], None] = lambda sentence: None,
) -> list[Report]:
    """Load a folder of the NHS's files in the right order, after the project's own reference facts.

    Each file is a transaction of its own; the first that is refused ends the walk, and those before it stand. `say`
    gets the lines for a person as they come. In a dry run each file is compared with the register as it stands, not
    as the files before it would leave it.
    """
    require(by, Permission.IMPORT_FILES)
    root, began = Path(path).resolve(), time.monotonic()
    found, skipped = folder.look(root)
    say(f"Taking from {path}:")
    for file in found:
        say("  " + file.sentence(root))
    for left in skipped:
        say(f"  skipping {left.path.relative_to(root)}: {left.why}")
    reports = [] if dry_run else [load_reference(by=by, progress=progress)]
    for line in [x for r in reports for x in r.lines()]:
        say(line)
    histories = _histories(found)
    for file in found:
        more = {"named_elsewhere": histories} if file.kind == "ods-practices" else {}
        report = _load(file, **more, by=by, dry_run=dry_run, skip_refused=skip_refused, progress=progress or Silent())
        reports.append(report)
        for line in report.lines():
            say(line)
        if report.stopped:
            break
    _last_word(reports, time.monotonic() - began, say)
    return reports


def _histories(found: list[Found]) -> set[str]:
    """The practices whose parents the folder's epcmem files tell."""
    files = [f.path for f in found if f.kind == "ods-parents"]
    return {line.cells[0] for path in files for line in read_table(read_source(path)).lines}


def _load(file: Found, **given: Any) -> Report:
    when = {"quarter": file.quarter} if file.quarter else {"vintage": file.vintage}
    return LOADERS[file.kind](path=file.path, **when, **given)


def _last_word(reports: list[Report], seconds: float, say: Callable[[str], None]) -> None:
    written = [r for r in reports if r.entry]
    if any(r.dry_run for r in reports):
        say(f"Dry run: nothing was written. It took {seconds:.1f} s.")
    elif reports and reports[-1].stopped:
        say(
            f"Stopped at {reports[-1].source.name}: {len(written)} files before it are loaded. It took {seconds:.1f} s."
        )
    elif written:
        say(f"Loaded {len(written)} files in {seconds:.1f} s.")
    else:
        say(f"Nothing has changed: the register already held all of it. It took {seconds:.1f} s.")
