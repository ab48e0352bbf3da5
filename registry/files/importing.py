"""The one way in for a file (architecture.md section 6): refused rows refuse the file, one transaction, one entry."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from registry import journal
from registry.authorization import Permission, require
from registry.files.progress import Progress, Silent
from registry.files.report import Report
from registry.journal import Writer
from registry.models import Entry, EntryKind
from registry.moment import read_snapshot


@dataclass
class Planning:
    """What a plan works with: the entry in the making, the report, and whether anything may be written."""

    writer: Writer
    report: Report
    dry: bool


Plan = Callable[[Planning], None]


class _Stop(Exception):
    """Rows were refused under the lock: roll back."""


def run(
    plan: Plan,
    *,
    by: Any,
    action: str,
    report: Report,
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Progress | None = None,
    permission: Permission = Permission.IMPORT_FILES,
) -> Report:
    """Carry out an import whose file is already parsed and checked into `report`.

    `plan` reads what stands, refuses rows, and puts timelines; it runs in a read-only snapshot for a dry run and where
    rows are refused already (so that all refusals are told at once), else under the lock. Raises Refused (403) where
    `by` may not: another `permission` than that for the files of the NHS is the action's to name.
    """
    require(by, permission)
    progress = progress or Silent()
    began = time.monotonic()
    report.dry_run, report.skip_refused = dry_run, skip_refused
    say = {"by": by, "action": action, "kind": EntryKind.IMPORT, "reason": f"{report.what}: {report.source.name}"}
    if not _loaded_before(report):
        if dry_run or report.stopped:
            _look(plan, report, say, progress)
        else:
            _load(plan, report, say, progress)
    report.seconds = time.monotonic() - began
    return report


def _loaded_before(report: Report) -> bool:
    """Whether this very file was loaded whole: then hand-made corrections since are not undone by loading it again."""
    told = report.told()
    wanted = {f"source__{k}": told[k] for k in ("sha256", "kind", "vintage", "quarter") if k in told}
    undone = Entry.objects.filter(source__undoes__isnull=False).values_list("source__undoes", flat=True)
    loads = Entry.objects.filter(kind=EntryKind.IMPORT, source__counts__refused=0, **wanted).order_by("number")
    entry = loads.exclude(number__in=list(undone)).first()
    if entry is None or report.refused:
        return False
    report.same_as = entry.number
    before = entry.source["counts"]["skipped"] - sum(report.skipped.values())
    if before > 0:
        report.skipped["as when it was loaded"] = before
    report.unchanged = report.rows - sum(report.skipped.values())
    return True


def _look(plan: Plan, report: Report, say: dict[str, Any], progress: Progress) -> None:
    with read_snapshot(), progress.step(f"comparing {report.rows:,} rows with the register"):
        writer = Writer(**say)
        plan(Planning(writer, report, dry=True))
        _count(writer, report)


def _load(plan: Plan, report: Report, say: dict[str, Any], progress: Progress) -> None:
    try:
        with ExitStack() as stack:
            with progress.step("waiting for the journal"):
                writer = stack.enter_context(journal.entry(**say))
            with progress.step(f"comparing {report.rows:,} rows with the register"):
                plan(Planning(writer, report, dry=False))
                if report.stopped:
                    raise _Stop
                _count(writer, report)
                writer.more["source"] = report.told()
            with progress.step(f"writing {report.opened:,} facts"):
                stack.close()
    except _Stop:
        return
    report.entry = writer.entry.number if writer.entry else None
    report.totals += writer.said


def _count(writer: Writer, report: Report) -> None:
    """Facts to open and close; and a warning where the file supersedes what people recorded."""
    closes, opens = writer.differences()
    report.opened, report.closed, report.facts = len(opens), len(closes), dict(writer.counts)
    numbers = {int(fact.partition(".")[0]) for _, _, fact in closes}
    by_hand = Entry.objects.filter(number__in=numbers).exclude(kind=EntryKind.IMPORT).order_by("number")
    if by_hand:
        listed = ", ".join(str(e.number) for e in by_hand[:10])
        report.warnings.append(f"the file supersedes facts that were recorded by hand (entries {listed})")
