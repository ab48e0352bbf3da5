from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from practices import stubs
from practices.actions.identifiers import other_bearer
from practices.actions.import_practices import dated
from practices.layouts import organisations
from practices.layouts.organisations import BodyRow
from practices.models import PCT_KINDS, BodyIdentifier, BodyKind, BodyParticulars, OperationalLife, ParentBody
from practices.recognising import wrong_file
from registry.files.identities import Identities
from registry.files.importing import Planning, run
from registry.files.progress import Progress, Silent
from registry.files.report import Report
from registry.files.source import read_source
from registry.files.table import read_table
from registry.journal import Key
from registry.models import Entry, Fact
from registry.timeline import Spell, Timeline

ABOLISHED = date(2013, 4, 1)
"""The first day without PCTs and SHAs (domain.md rule 17)."""


def import_organisations(
    *,
    by: Any,
    path: str | Path,
    vintage: date | None = None,
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Load bodies above practices: the project's own layout, or an ONS lookup (PCT to SHA, SHA, CCG).

    Our own layout states a body's whole life, which replaces what stands. An ONS lookup gives codes and names of a
    day, without dates of life: for a body that the register knows it can change the name, GSS code or SHA from its
    vintage on; a body that it does not know begins on that day, and a PCT or SHA ends on 31 March 2013.
    """
    progress = progress or Silent()
    with progress.step(f"reading {Path(path).name}"):
        table = read_table(read_source(path))
        kind = organisations.layout_of(table)
        if not kind:
            raise wrong_file(table, "a file of organisations (our own layout, or an ONS lookup of PCTs, SHAs or CCGs)")
        report = Report(
            table.source,
            kind,
            _WHAT[kind],
            vintage=vintage or organisations.vintage_in(table) or dated(table.source.name),
        )
        rows = organisations.read(table, report)
    plan = _whole_lives if kind == "organisations" else _lookup
    return run(
        lambda p: plan(p, rows),
        by=by,
        action="import_organisations",
        report=report,
        dry_run=dry_run,
        skip_refused=skip_refused,
        progress=progress,
    )


_WHAT = {
    "organisations": "organisations",
    "ons-pct-sha": "ONS lookup of PCTs and SHAs",
    "ons-sha": "ONS list of SHAs",
    "ons-ccg": "ONS list of CCGs",
}


Told = tuple[type[Fact], Key, Timeline]


class _Bodies:
    """Codes, what stands, and how new it is: the newest vintage among the files that opened a body's facts."""

    def __init__(self, plan: Planning, rows: list[BodyRow]) -> None:
        self.plan, self.report = plan, plan.report
        self.vintage: date = plan.report.vintage  # type: ignore[assignment]
        self.pks = Identities(ParentBody, dry=plan.dry)
        self.pks.mint(r.code for r in rows)
        stubs.bodies(plan, self.pks, (r.above for r in rows if r.above))
        plan.writer.load(BodyParticulars)
        self.held = self._vintages()

    def _vintages(self) -> dict[int, date]:
        pairs = BodyParticulars.objects.current().values_list("body_id", "opened_by_id").distinct()
        numbers = {number for _, number in pairs}
        of = {
            e.number: date.fromisoformat(e.source["vintage"])
            for e in Entry.objects.filter(number__in=numbers, source__has_key="vintage", source__kind__in=_WHAT)
        }
        held: dict[int, date] = {}
        for body, number in pairs:
            if number in of:
                held[body] = max(of[number], held.get(body, of[number]))
        return held

    def settle(self, code: str, line: Timeline, rows: int = 1, more: Sequence[Told] = ()) -> None:
        """Put a body's line, and what else is told of it, counting its rows."""
        body = self.pks[code]
        standing = self.plan.writer.timeline(BodyParticulars, (body,))
        if line == standing and all(self.plan.writer.timeline(model, key) == told for model, key, told in more):
            self.report.unchanged += rows
        elif body in self.held and self.vintage < self.held[body]:
            self.report.older += rows
        else:
            self.plan.writer.put(BodyParticulars, (body,), line)
            for model, key, told in more:
                self.plan.writer.put(model, key, told)
            fresh = stubs.is_stub(standing)
            self.report.new, self.report.changed = (
                self.report.new + rows * fresh,
                self.report.changed + rows * (not fresh),
            )


def _whole_lives(plan: Planning, rows: list[BodyRow]) -> None:
    bodies = _Bodies(plan, rows)
    for code, group in groupby(rows, key=attrgetter("code")):
        lives = list(group)
        line = Timeline(Spell(r.opened, r.end, _values(r, bodies)) for r in lives)
        bodies.settle(code, line, len(lives), _parallel(plan, bodies.pks[code], lives))


def _parallel(plan: Planning, body: int, rows: list[BodyRow]) -> list[Told]:
    """When it operated, and its further codes, where the rows tell of them. What they do not tell of stays."""
    told: list[Told] = []
    operated = [Spell(r.operated_from, r.operated_out, ()) for r in rows if r.operated_from]
    if operated:
        told.append((OperationalLife, (body,), _joined(operated)))
    lines: dict[Key, Timeline] = {}
    for row in rows:
        for code in row.identifiers:
            key = (body, code.scheme, code.value)
            if other_bearer(plan.writer, BodyIdentifier, *key, row.opened, row.end) is not None:
                said = "another body bears this code on one of these days"
                plan.report.refuse(row.line, "identifiers", f"{code.scheme}:{code.value}", said)
                continue
            line = lines.get(key, plan.writer.timeline(BodyIdentifier, key))
            lines[key] = line.set(row.opened, row.end, (code.standing,))
    return told + [(BodyIdentifier, key, line) for key, line in lines.items()]


def _joined(spells: list[Spell]) -> Timeline:
    line = Timeline()
    for spell in spells:
        line = line.set(*spell)
    return line


def _values(row: BodyRow, bodies: _Bodies) -> tuple[Any, ...]:
    above = bodies.pks[row.above] if row.above else None
    return (row.kind, row.name, row.gss, above, row.longitude, row.latitude)


def _lookup(plan: Planning, rows: list[BodyRow]) -> None:
    bodies = _Bodies(plan, rows)
    for row in rows:
        standing = plan.writer.timeline(BodyParticulars, (bodies.pks[row.code],))
        if stubs.is_stub(standing):
            mortal = row.kind in (*PCT_KINDS, BodyKind.SHA) and bodies.vintage < ABOLISHED
            end = ABOLISHED if mortal else None
            bodies.settle(row.code, Timeline().set(bodies.vintage, end, _values(row, bodies)))
            continue
        spell = next((s for s in standing if s.contains(bodies.vintage)), None)
        if spell is None:
            said = f"{row.code} did not live on {bodies.vintage}, as the register has it"
            plan.report.refuse(row.line, "code", row.code, said)
            continue
        _, _, _, above, *point = spell.values
        above = bodies.pks[row.above] if row.above else above
        values = (spell.values[0], row.name, row.gss, above, *point)
        line = standing if values == spell.values else standing.set(bodies.vintage, spell.end, values)
        bodies.settle(row.code, line)
