from __future__ import annotations

import csv
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from practices import stubs
from practices.layouts import organisations
from practices.layouts.organisations import BodyRow
from practices.models import BodyParticulars, BodySuccession, ParentBody
from registry.files.identities import Identities
from registry.files.importing import Planning, run
from registry.files.progress import Progress
from registry.files.report import Report
from registry.files.source import Source, read_source
from registry.files.table import read_table
from registry.timeline import Spell, Timeline

DATA = Path(__file__).resolve().parent.parent / "data"


def load_reference(*, by: Any, progress: Progress | None = None) -> Report:
    """Load the project's own reference facts: ten SHAs, the PCTs of 2006 to 2013 and their recodes.

    A newer edition of the file changes only bodies of which nobody else has told: what a file of the user's or a
    person has said of a body stands. Idempotent.
    """
    bodies, successions = read_source(DATA / "organisations.csv"), read_source(DATA / "successions.csv")
    both = Source("organisations.csv", bodies.data + successions.data)
    report = Report(both, "reference", "the project's reference facts on SHAs and PCTs")
    rows = organisations.read(read_table(bodies), report)

    def plan(p: Planning) -> None:
        known = Identities(ParentBody, dry=p.dry)
        known.mint(r.code for r in rows)
        _bodies(p, known, rows)
        _successions(p, known, successions)

    return run(plan, by=by, action="load_reference", report=report, progress=progress)


def _bodies(plan: Planning, known: Identities, rows: list[BodyRow]) -> None:
    plan.writer.load(BodyParticulars)
    told_by_others = set(
        BodyParticulars.objects.current().exclude(opened_by__action="load_reference").values_list("body_id", flat=True)
    )
    for code, group in groupby(rows, key=attrgetter("code")):
        lives, body = list(group), known[code]
        standing = plan.writer.timeline(BodyParticulars, (body,))
        line = Timeline(Spell(r.opened, r.end, _values(r, known)) for r in lives)
        if body in told_by_others and not stubs.is_stub(standing):
            plan.report.skipped["bodies of which files or people have told more"] += len(lives)
        elif line == standing:
            plan.report.unchanged += len(lives)
        else:
            plan.writer.put(BodyParticulars, (body,), line)
            plan.report.new += len(lives)


def _values(row: BodyRow, known: Identities) -> tuple[Any, ...]:
    above = known[row.above] if row.above else None
    return (row.kind, row.name, row.gss, above, row.longitude, row.latitude)


def _successions(plan: Planning, known: Identities, source: Source) -> None:
    plan.writer.load(BodySuccession)
    for row in csv.DictReader(source.text.splitlines()):
        key, on = (known[row["predecessor"]], known[row["successor"]]), date.fromisoformat(row["on"])
        stood = plan.writer.timeline(BodySuccession, key).at(on)
        told = stood if stood and stood[0] == row["kind"] else (row["kind"], None, None)  # shares are not the file's
        plan.writer.put(BodySuccession, key, Timeline().set(on, None, told))
