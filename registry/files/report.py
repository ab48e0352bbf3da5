from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from registry.files.source import Source


class Refusal(NamedTuple):
    """A row that cannot be loaded: where it is, what stands there, and why not."""

    line: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", {self.column}" if self.column else "")
        return f"{place}: {self.message}" + (f" (it says “{self.value}”)" if self.value else "")


class Difference(NamedTuple):
    """What a row of the file would do: new, changed or unchanged; and of each column that would say something else, what
    stands and what the file says."""

    line: int
    about: str
    verdict: str
    columns: tuple[tuple[str, str, str], ...]


@dataclass
class Report:
    """What an import found in a file and did about it, the same for every kind of file.

    Rows of the file are counted once each: new, changed, unchanged, older (than what the register holds), skipped
    (with the reason) or refused. `opened` and `closed` count facts.
    """

    source: Source
    kind: str
    what: str
    vintage: date | None = None
    quarter: str = ""
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)  # row by row, of the kinds of file that tell them
    warnings: list[str] = field(default_factory=list)
    totals: list[str] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    facts: dict[str, tuple[int, int]] = field(default_factory=dict)
    dry_run: bool = False
    skip_refused: bool = False
    whole: bool = False  # the rows are one statement: some cannot be loaded without the others
    entry: int | None = None
    same_as: int | None = None
    other_changes: int = 0  # rows written beside the facts (outlines)
    seconds: float = 0.0

    @property
    def stopped(self) -> bool:
        """Whether refused rows refused the file."""
        return bool(self.refused) and not self.skip_refused

    def refuse(self, line: int, column: str, value: str, message: str) -> None:
        self.refused.append(Refusal(line, column, value, message))

    def told(self) -> dict[str, Any]:
        """What the journal keeps of the file: `entry.source`."""
        dates = {"vintage": self.vintage.isoformat()} if self.vintage else {}
        dates |= {"quarter": self.quarter} if self.quarter else {}
        counts = {k: getattr(self, k) for k in ("rows", "new", "changed", "unchanged", "older")}
        counts |= {"skipped": sum(self.skipped.values()), "refused": len(self.refused)}
        return {"name": self.source.name, "sha256": self.source.sha256, "kind": self.kind, **dates, "counts": counts}

    def lines(self) -> list[str]:
        """The report as it is printed."""
        of = f" of {self.vintage:%-d %B %Y}" if self.vintage else f" of {self.quarter}" if self.quarter else ""
        told = [f"{self.source.name}: {self.what}{of} (SHA-256 {self.source.sha256[:12]}…)"]
        told.append("  " + self._counts())
        told += [f"  skipped {n:,}: {why}" for why, n in sorted(self.skipped.items())]
        told += [f"  Warning: {w}" for w in self.warnings]
        if self.refused:
            told.append("  Refused rows:")
            told += [f"    {r}" for r in sorted(self.refused)]
        return [*told, *[f"  {t}" for t in self.totals], "  " + self._outcome()]

    def _counts(self) -> str:
        counts = [("new", self.new), ("changed", self.changed), ("unchanged", self.unchanged)]
        if self.older:
            counts.append(("older than what the register holds", self.older))
        if self.skipped:
            counts.append(("skipped", sum(self.skipped.values())))
        counts.append(("refused", len(self.refused)))
        return f"{self.rows:,} rows: " + ", ".join(f"{n:,} {what}" for what, n in counts)

    def _outcome(self) -> str:
        took = f"{self.seconds:.1f} s"
        if self.same_as:
            return f"Nothing to do: this very file was loaded as entry {self.same_as} of the journal."
        if self.stopped:
            rows = "the refused row" if len(self.refused) == 1 else f"the {len(self.refused):,} refused rows"
            other = "" if self.whole else ", or load the rest with --skip-refused"
            return f"Nothing was written. Correct {rows}{other}."
        would = "would be " if self.dry_run else ""
        if not (self.opened or self.closed or self.other_changes):
            return f"Nothing has changed: the register already says all of this ({took})."
        facts = f"{self.opened:,} facts {would}opened, {self.closed:,} {would}closed"
        if self.other_changes:
            facts = f"{self.other_changes:,} outlines {would}stored"
        return (
            f"Dry run, nothing was written: {facts} ({took})."
            if self.dry_run
            else (f"Written as entry {self.entry} of the journal: {facts} ({took}).")
        )
