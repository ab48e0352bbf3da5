"""Consortium membership in bulk."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from consortia import membership_file
from consortia.actions.membership import belong, within
from consortia.actions.mint import next_ref
from consortia.membership_file import Row
from consortia.models import Consortium, ConsortiumParticulars, Membership
from consortia.practice_review import probably_meant
from practices.codes import explain, is_practice
from practices.models import Practice, PracticeParticulars, PracticeStatus
from registry.authorization import Permission, require
from registry.errors import Refused
from registry.files.importing import Planning, run
from registry.files.progress import Progress, Silent
from registry.files.report import Report
from registry.files.source import read_source
from registry.files.table import read_table
from registry.models import User

STEP = 500
"""Rows between two words of progress."""


def import_memberships(
    *,
    by: User,
    path: str | Path,
    create: bool = False,
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Load a file of memberships (`consortia.membership_file`): one entry; loaded again it changes nothing.

    A row without a last day holds until the practice's next row, else as joining does: until what is recorded to
    happen next. A consortium is named by reference or by name; one that is not known is refused, or with `create`
    registered from the first day on which a row names it.
    """
    require(by, Permission.CHANGE_REGISTER)
    progress = progress or Silent()
    with progress.step(f"reading {Path(path).name}"):
        table = read_table(read_source(path))
        report = Report(table.source, "memberships", "memberships of consortia")
        rows = membership_file.read(table, report)
    return run(
        MembershipPlan(rows, create),
        by=by,
        action="import_memberships",
        report=report,
        dry_run=dry_run,
        skip_refused=skip_refused,
        progress=progress,
    )


REF = re.compile(r"GC\d+")
"""A reference is never taken for the name of a new consortium."""


class Outcome(NamedTuple):
    """What comes of one row that is not refused: new, changed or unchanged; and what a person should know of it."""

    verdict: str
    note: str


class MembershipPlan:
    """Works out, row by row, what the file says; refuses the rows that cannot be.

    Afterwards `outcomes` has what comes of each other row, by line, and `day`, `before`, `after` the practices with a
    membership on the latest first day of the file. `told(n)` is called now and then with the rows done so far.
    """

    def __init__(self, rows: list[Row], create: bool, told: Callable[[int], None] = lambda done: None) -> None:
        self.rows, self.create, self.told = rows, create, told
        self.outcomes: dict[int, Outcome] = {}
        self.day: date | None = None
        self.before: set[int] = set()
        self.after: set[int] = set()

    def __call__(self, plan: Planning) -> None:
        self.plan = plan
        self.outcomes.clear()
        codes = {r.practice for r in self.rows}
        self.practices = {p.code: p for p in Practice.objects.filter(code__in=codes)}
        keys = [(p.pk,) for p in self.practices.values()]
        for model in (Membership, PracticeStatus, PracticeParticulars):
            plan.writer.load(model, keys)
        plan.writer.load(ConsortiumParticulars)
        self._find_consortia()
        done = 0
        for code, rows in self._by_practice().items():
            self._place(self.practices[code], rows)
            if done // STEP != (done := done + len(rows)) // STEP:
                self.told(done)
        self._sum()

    def _sum(self) -> None:
        """Members of the day before and after."""
        if not self.rows:
            return
        self.day = max(row.start for row in self.rows)
        held = Membership.objects.current().filter(effective__contains=self.day)
        self.before = set(held.values_list("practice", flat=True))
        touched = {p.pk: self.plan.writer.timeline(Membership, (p.pk,)) for p in self.practices.values()}
        self.after = (self.before - touched.keys()) | {pk for pk, t in touched.items() if t.at(self.day)}

    def _find_consortia(self) -> None:
        """By reference and by (any) name; a name that two consortia bear stands for neither."""
        self.by_ref = {c.ref: c for c in Consortium.objects.all()}
        by_pk = {c.pk: c for c in self.by_ref.values()}
        self.refs = {c.pk: c.ref for c in self.by_ref.values()}
        self.by_name: dict[str, set[Consortium]] = defaultdict(set)
        for (pk,) in self.plan.writer.keys(ConsortiumParticulars):
            for spell in self.plan.writer.timeline(ConsortiumParticulars, (pk,)):
                self.by_name[spell.values[0].casefold()].add(by_pk[pk])
        self.first_day: dict[str, date] = {}
        for row in self.rows:
            name = row.consortium.casefold()
            self.first_day[name] = min(row.start, self.first_day.get(name, row.start))

    def _by_practice(self) -> dict[str, list[Row]]:
        """Rows of known practices, by practice and first day."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.rows, key=lambda r: (r.practice, r.start, r.line)):
            if row.practice in self.practices:
                found[row.practice].append(row)
        self._refuse_unknown([row for row in self.rows if row.practice not in self.practices])
        return found

    def _refuse_unknown(self, rows: list[Row]) -> None:
        """Each with what the code is instead, or the practice that was probably meant."""
        if not rows:
            return
        day = min(row.start for row in rows)
        lacked = {row.practice for row in rows}
        meant = probably_meant(lacked, {row.practice for row in self.rows}, day, set())
        for row in rows:
            if is_practice(row.practice):
                why = "the register knows no practice of this code; check it, or load the practices first"
            else:
                why = f"{explain(row.practice).rstrip('.')}; correct it or leave the row out"
            if row.practice in meant:
                why += "; did you mean {}, {}?".format(*meant[row.practice])
            self.plan.report.refuse(row.line, "practice", row.practice, why)

    def _place(self, practice: Practice, rows: list[Row]) -> None:
        before: Row | None = None
        following = [*rows[1:], None]
        for row, after in zip(rows, following, strict=True):
            if before is not None and (row.start == before.start or (before.end and before.end > row.start)):
                why = f"the practice belongs elsewhere on these days by line {before.line}; correct one of the two"
                self.plan.report.refuse(row.line, "from", row.start.isoformat(), why)
                continue
            before = row
            end = row.end or (after.start if after and after.start > row.start else None)
            try:
                self._write(practice, row, end)
            except Refused as refused:
                self._refuse(row, refused)

    def _write(self, practice: Practice, row: Row, end: date | None) -> None:
        writer, report, key = self.plan.writer, self.plan.report, (practice.pk,)
        consortium = self._consortium(row)
        stood = writer.timeline(Membership, key)
        told = {"status": row.status, "reason": row.reason, "basis": row.basis}
        if end is None:
            belong(writer, practice, consortium, row.start, **told)
        else:
            within(writer, practice, consortium, row.start, end, **told)
        values = stood.at(row.start)
        if writer.timeline(Membership, key) == stood:
            report.unchanged += 1
            self.outcomes[row.line] = Outcome("unchanged", "The register says so already.")
        elif values is None:
            report.new += 1
            self.outcomes[row.line] = Outcome("new", "")
        else:
            report.changed += 1
            moves = values[0] != consortium.pk
            note = f"Moves from {self.refs.get(values[0], 'another')}." if moves else "Its membership changes."
            self.outcomes[row.line] = Outcome("changed", note)

    def _consortium(self, row: Row) -> Consortium:
        name = row.consortium.casefold()
        if row.consortium.upper() in self.by_ref:
            return self.by_ref[row.consortium.upper()]
        found = self.by_name.get(name, set())
        if len(found) > 1:
            refs = ", ".join(sorted(c.ref for c in found))
            raise Refused("ambiguous", f"{refs} bear this name; give the reference", field="consortium")
        if not found and REF.fullmatch(row.consortium.upper()):
            why = "the register knows no consortium of this reference; correct it, or give the name"
            raise Refused("unknown", why, field="consortium")
        if not found and not self.create:
            why = "the register knows no such consortium; register it first, or load with --create"
            raise Refused("unknown", why, field="consortium")
        if not found:
            found = self.by_name[name] = {self._new(row.consortium, self.first_day[name])}
        return next(iter(found))

    def _new(self, name: str, start: date) -> Consortium:
        """Registered in this entry; in a dry run under a number below zero, so that nothing is written."""
        if len(name) > 200:
            raise Refused("long_name", "a consortium's name has up to 200 characters", field="consortium")
        if self.plan.dry:
            made = Consortium(pk=-1 - len(self.by_ref), ref=f"new consortium {name}")
        else:
            made = Consortium.objects.create(ref=next_ref(Consortium, "GC"))
        self.by_ref[made.ref] = made
        self.refs[made.pk] = made.ref
        self.plan.writer.set(ConsortiumParticulars, (made.pk,), start, None, (name, ""))
        self.plan.report.totals.append(f"new consortium: {name}")
        return made

    def _refuse(self, row: Row, refused: Refused) -> None:
        column = {"practice": "practice", "consortium": "consortium", "end": "to"}.get(refused.field or "", "from")
        values = {"practice": row.practice, "consortium": row.consortium, "from": row.start.isoformat()}
        self.plan.report.refuse(row.line, column, values.get(column, ""), refused.message)
