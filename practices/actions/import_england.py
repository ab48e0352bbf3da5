from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from practices import folder, totals
from practices.actions.import_boundaries import import_boundaries
from practices.actions.import_branches import import_branches
from practices.actions.import_list_sizes import import_list_sizes
from practices.actions.import_organisations import import_organisations
from practices.actions.import_parents import import_parents
from practices.actions.import_places import import_places
from practices.actions.import_practices import import_practices
from practices.actions.load_reference import load_reference
from practices.folder import Found
from practices.models import BodyKind, BodyParticulars
from registry.authorization import Permission, require
from registry.files.progress import Progress, Silent
from registry.files.report import Report
from registry.files.source import read_source
from registry.files.table import read_table
from registry.moment import Moment
from registry.planner import analyse

LOADERS: dict[str, Callable[..., Report]] = {
    "organisations": import_organisations,
    "ons-sha": import_organisations,
    "ons-pct-sha": import_organisations,
    "ons-ccg": import_organisations,
    "ods-practices": import_practices,
    "ods-parents": import_parents,
    "nhsbsa-list-sizes": import_list_sizes,
    "places": import_places,
    "branches": import_branches,
    "pct-boundaries": import_boundaries,
}


DAY = date(2011, 4, 1)
"""The day that the totals are of: the fourth wave, between the recodes of April 2010 and of 15 April 2011."""
Say = Callable[[str], None]


def import_england(
    *,
    by: Any,
    path: str | Path,
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Progress | None = None,
    say: Say = lambda sentence: None,
) -> list[Report]:
    """Load a folder of the NHS's files in the right order, after the project's own reference facts.

    Each file is a transaction of its own; the first that is refused ends the walk, and those before it stand. `say`
    gets the lines for a person as they come, at the end the totals by SHA. A dry run rehearses the whole walk in one
    transaction that is rolled back, because each file builds on those before it: writers wait for it meanwhile.
    """
    require(by, Permission.IMPORT_FILES)
    began, walk = time.monotonic(), _Walk(by, Path(path).resolve(), skip_refused, progress or Silent(), say)
    if dry_run:
        walk.rehearsal = True
        with transaction.atomic():
            walk.go()
            transaction.set_rollback(True)
    else:
        walk.go()
    say(walk.last_word(time.monotonic() - began))
    return walk.reports


class _Walk:
    """The way through a folder: what is said, what was loaded."""

    def __init__(self, by: Any, root: Path, skip_refused: bool, progress: Progress, say: Say) -> None:
        self.by, self.root, self.skip_refused, self.progress, self.say = by, root, skip_refused, progress, say
        self.rehearsal = False
        self.reports: list[Report] = []

    def go(self) -> None:
        found, skipped = folder.look(self.root)
        self.say(f"Taking from {self.root.name}:")
        for file in found:
            self.say("  " + file.sentence(self.root))
        for left in skipped:
            self.say(f"  skipping {left.path.relative_to(self.root)}: {left.why}")
        self._tell(load_reference(by=self.by, progress=self.progress))
        histories = _histories(found)
        for file in found:
            self._tell(self._load(file, histories))
            if self.reports[-1].stopped:
                return
        if not self.rehearsal and any(r.entry for r in self.reports):
            analyse()
        self._totals()

    def _load(self, file: Found, histories: set[str]) -> Report:
        more: dict[str, Any] = {"quarter": file.quarter} if file.quarter else {"vintage": file.vintage}
        if file.kind == "ods-practices":
            more["named_elsewhere"] = histories
        load = LOADERS[file.kind]
        return load(by=self.by, path=file.path, skip_refused=self.skip_refused, progress=self.progress, **more)

    def _tell(self, report: Report) -> None:
        report.dry_run = self.rehearsal
        self.reports.append(report)
        for line in report.lines():
            self.say(line)

    def _totals(self) -> None:
        named = BodyParticulars.objects.visible_to(self.by).at(Moment.of(as_of=DAY)).filter(kind=BodyKind.SHA)
        names = dict(named.values_list("body__code", "name"))
        for line in totals.lines(totals.at(self.by, DAY), names):
            self.say(line)

    def last_word(self, seconds: float) -> str:
        written, took = [r for r in self.reports if r.entry], f"{seconds:.1f} s"
        if self.reports[-1].stopped:
            before = "would be" if self.rehearsal else "are"
            return (
                f"Stopped at {self.reports[-1].source.name}; {len(written)} files before it {before} loaded ({took})."
            )
        if not written:
            return f"Nothing has changed: the register already held all of it ({took})."
        if self.rehearsal:
            return f"Dry run: {len(written)} files would be loaded; nothing was written ({took})."
        return f"Loaded {len(written)} files in {took}."


def _histories(found: list[Found]) -> set[str]:
    """The practices whose parents the folder's epcmem files tell."""
    files = [f.path for f in found if f.kind == "ods-parents"]
    return {line.cells[0] for path in files for line in read_table(read_source(path)).lines}
