"""What a row of an ODS practices file says of a practice's life (domain.md rules 2 and 5; architecture.md section 6).

A file's status letters are true from the file's vintage. Before it, a practice is active from its opening to its
closing. Where an older file has told of the practice already, history before the new vintage stands, except where the
row states other dates. Everything here is half-open days and pure values.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from practices.models import Status
from registry.timeline import Timeline, Values

A, C, D, P = ((s.value,) for s in (Status.ACTIVE, Status.CLOSED, Status.DORMANT, Status.PROPOSED))
DAY = timedelta(days=1)


class Told(NamedTuple):
    """A row: its letter, its opening, its inclusive last day, and the vintage of its file."""

    letter: str
    opened: date | None
    last: date | None
    vintage: date

    @property
    def closing(self) -> date | None:
        """The first day on which it is closed."""
        return None if self.last is None else self.last + DAY


def life(told: Told, standing: Timeline) -> Timeline:
    """The status over all days, of a practice of which `standing` is known."""
    if not standing.spells:
        return _status_told(told, _opened_first(told))
    return _status_told(told, _opening_told(told, standing))


def _opened_first(told: Told) -> Timeline:
    """The first file that tells: active from opening. A proposed practice was never active."""
    if told.opened is None or (told.letter == Status.PROPOSED and told.last is None):
        return Timeline()
    return Timeline().set(told.opened, None, A)


def _opening_told(told: Told, standing: Timeline) -> Timeline:
    """A newer file's opening date: of a new life after the old closing, or a correction of the one that stands."""
    opened = told.opened
    if opened is None or any(s.start == opened for s in standing):
        return standing
    if standing.spells[0].values == P and told.letter != Status.PROPOSED:
        return standing.clear(opened, None).set(opened, None, A)
    closed_from = _closed_from(standing)
    if closed_from and opened >= closed_from:
        return standing.set(opened, None, A)
    if told.letter == Status.PROPOSED:
        return standing
    return _moved_opening(standing, opened)


def _moved_opening(standing: Timeline, opened: date) -> Timeline:
    """Another opening date corrects the latest life that could have begun then, leaving the rest as it stands."""
    lives = [0] + [i for i in range(1, len(standing)) if standing.spells[i - 1].values == C]
    for i in reversed(lives):
        life, before = standing.spells[i], standing.spells[i - 1] if i else None
        if before is not None and before.start is not None and opened <= before.start:
            continue  # before the closing that this life followed: an earlier life began then
        if life.start is not None and opened < life.start:
            return standing.set(opened, life.start, A)
        if life.end is not None and opened >= life.end:
            return standing
        return standing.set(life.start, opened, C) if before else standing.clear(None, opened)
    return standing


def _status_told(told: Told, line: Timeline) -> Timeline:
    """The letter from the vintage on, and the closing date, late or not."""
    letter, closing = (told.letter,), told.closing
    if letter == D or (letter == P and closing is None):
        line = line.set(max(told.vintage, told.opened) if letter == D and told.opened else told.vintage, None, letter)
    if closing is not None:
        closed_from = _closed_from(line)
        if closed_from and closed_from < closing:
            line = line.set(closed_from, closing, A)
        return line.set(closing, None, C)
    if letter == A and line.spells and line.spells[-1].values != A:
        line = line.set(max(told.vintage, told.opened or told.vintage), None, A)
    elif letter == A and told.opened is None and not line.spells:
        line = line.set(told.vintage, None, A)
    return line


def _closed_from(line: Timeline) -> date | None:
    """The day from which it is closed for good, as things stand."""
    last = line.spells[-1] if line.spells else None
    return last.start if last is not None and last.values == C else None


def particulars(told: Told, values: Values, standing: Timeline) -> Timeline:
    """Name, address, phone and setting: from opening for the first file that tells; a newer vintage's from then on."""
    since = told.opened or told.vintage
    if not standing.spells:
        return Timeline().set(since, None, values)
    first = standing.spells[0]
    if first.start is not None and since < first.start:
        standing = standing.set(since, first.start, first.values)
    on = max(told.vintage, standing.spells[0].start or told.vintage)
    return standing if standing.at(on) == values else standing.set(on, None, values)
