"""A trust's budget of a year, line by line, as its source states it (G1; domain.md rule 19)."""

from __future__ import annotations

from datetime import date

from practices.models import ParentBody
from registry import journal
from registry.actions.checks import kind_on, require_day, said
from registry.errors import Refused, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, Fact, User
from transitions.actions.budget_sums import Year, require_seen
from transitions.actions.evidence import Source, recorded
from transitions.models import BudgetLine, Evidence, TransitionWord, TransitionWordKind
from transitions.money import require_figures
from transitions.permissions import require_transition_keeper, require_trust
from transitions.years import require_year

MOST_NOTE = 500


def set_budget_line(
    *,
    by: User,
    pct: ParentBody,
    year: str,
    line: str,
    on: date,
    total: int | None = None,
    delegated: int | None = None,
    retained: int | None = None,
    excluded: int | None = None,
    rounding: int = 0,
    note: str = "",
    source: Source | Evidence,
    why: str = "",
    correction: bool = False,
    seen: int | None = None,
) -> Entry | None:
    """From `on`, this is the trust's budget for the line of the year: whole pounds, None for what is not stated.

    `rounding`: the unit in pounds that the source rounds to. `why`: needed where a figure stood before. `correction`:
    what stands on `on` was recorded wrongly, and is this for all of its days. `seen`: `newest_budget_entry` as the person saw
    it. Raises Refused: 403; 409 where nothing changes, or figures of that very day stand; 412 where others have changed
    the year since it was seen; 422 where figures do not add up, with the difference, or the trust had ended by then.
    """
    require_transition_keeper(by, pct)
    require_trust(pct)
    year, note = require_year(year), require_note(note)
    require_day(on)
    require_line(line)
    figures = {"total": total, "delegated": delegated, "retained": retained, "excluded": excluded}
    require_figures(figures, rounding)
    kind = EntryKind.CORRECTION if correction else kind_on(on)
    with journal.entry(by=by, action="set_budget_line", kind=kind, reason=why.strip() or _told(pct, year)) as entry:
        require_seen(pct, year, seen)
        books = Year(entry, pct, year)
        books.require_alive()
        key = books.line_key(line)
        start, end = stretch(entry, BudgetLine, key, on, None, why=why, correction=correction)
        values = (*figures.values(), rounding, note, recorded(entry, source).pk)
        put(entry, BudgetLine, key, start, end, values)
        books.check(start, end)
    return entry.entry


def _told(pct: ParentBody, year: str) -> str:
    return f"The budget of {pct.code} for {year} as stated."


def require_line(line: str) -> None:
    """Raises Refused (422) for what is no service line of the vocabulary."""
    known = TransitionWord.objects.labels(TransitionWordKind.LINE)
    if line not in known:
        raise Refused("bad_line", f"“{line[:40]}” is no service line; give one of {', '.join(known)}.", field="line")


def require_note(note: str) -> str:
    if len(note.strip()) > MOST_NOTE:
        raise Refused("too_long", f"Give at most {MOST_NOTE} characters.", field="note")
    return note.strip()


def stretch(
    entry: Writer,
    model: type[Fact],
    key: tuple,
    on: date,
    end: date | None,
    *,
    why: str,
    correction: bool = False,
) -> tuple[date, date | None]:
    """The days of what is to be written: up to what follows, or to `end` (half-open) where that comes first; a
    correction keeps its days. Raises Refused: 409 where a value of that very day stands, or a correction finds none; 422 without a reason."""
    spells = entry.timeline(model, key)
    stands = next((s for s in spells if s.contains(on)), None)
    if correction and stands is None:
        raise wrong_state(f"Nothing was recorded of this for {said(on)}, so there is nothing to correct.")
    if (stands or correction) and not why.strip():
        raise Refused("no_reason", "Say why it changed, or what was wrong before.", field="why")
    if correction and stands is not None:
        return stands.start or on, stands.end
    if stands is not None and stands.start == on:
        sentence = f"Figures from {said(on)} stand already. Say that they were recorded wrongly, or give a later day."
        raise Refused("wrong_state", sentence, field="on", status=409)
    follows = stands.end if stands else spells.next_start(on)
    return on, min((day for day in (follows, end) if day), default=None)


def put(entry: Writer, model: type[Fact], key: tuple, start: date, end: date | None, values: tuple) -> None:
    """Raises Refused (409) where the register says just that already."""
    before = entry.timeline(model, key)
    entry.set(model, key, start, end, values)
    if entry.timeline(model, key) == before:
        raise Refused("no_change", "The register says just that already.", status=409)
