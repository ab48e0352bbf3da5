"""The announcement of a wave is drafted, under embargo, until its release: title, text, notes, claims, services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pathfinders.actions.announcing import ENGLAND, checked_figure
from pathfinders.actions.service_claims import checked_service
from pathfinders.actions.wave_work import working_on_wave
from pathfinders.actions.work import text_of
from pathfinders.draft_claims import Compared, basis_of, compared, said_of, words_of
from pathfinders.models import Announcement, DraftClaim, DraftServiceClaim, Extent, ScopeKind, Wave
from pathfinders.wording import read
from registry.errors import Refused
from registry.models import User

MOST_ROWS = 200
NOT_READ = "“{words}” says no one figure that can be read: give its value, what it counts and how it is rounded."


def announce_wave(
    *,
    by: User,
    wave: Wave,
    version: int,
    title: str,
    text: str,
    notes: str = "",
    claims: Sequence[Mapping[str, Any]] = (),
    services: Sequence[Mapping[str, Any]] = (),
) -> Announcement:
    """Write the announcement; what is given replaces the whole draft.

    `claims`: `[{"words", "metric", "extent", "scope_kind", "scope", "value", "rounding", "note", "reconciliation"}]`; all
    but `words` may be left out, and are then read from the words, or are of England and of the wave alone. `services`:
    the columns of `ServiceClaim` that are not its source. Raises Refused 422 on `title` or `text` where there is none,
    on `claims` or `services` with every fault in `detail` (`{"claim": 2, "field", "message"}`); also where a claim does
    not hold and nobody says why (`note` and `reconciliation`), naming the register's figure and the difference.
    """
    told = {
        "title": text_of(title, field="title", what="The title", most=200),
        "text": text_of(text, field="text", what="The text", most=20_000),
        "notes": text_of(notes, field="notes", what="The notes to editors", most=20_000),
    }
    with working_on_wave(wave, by=by, action="announce", version=version) as locked:
        for field in ("title", "text"):
            if not told[field]:
                raise Refused(f"no_{field}", f"Give the announcement’s {field}.", field=field)
        drafted = _all(claims, "claim", lambda row: draft_claim(row, locked.number))
        offered = _all(services, "service", draft_service)
        _refuse_unexplained(compared(drafted, basis_of(locked, by)) if drafted else [])
        draft = getattr(locked, "announcement", None) or Announcement(wave=locked, version=0)
        for field, value in told.items():
            setattr(draft, field, value)
        draft.version += 1
        draft.edited_by = by
        draft.save()
        _replace(draft.claims, drafted, draft)  # type: ignore[attr-defined]
        _replace(draft.services, offered, draft)  # type: ignore[attr-defined]
    return draft


def draft_claim(row: Mapping[str, Any], wave: int) -> DraftClaim:
    """A claim as it would be saved, what was left out read from its words. Raises Refused with the field."""
    given = {name: str(value).strip() for name, value in row.items() if value not in (None, "")}
    words, metric = given.get("words", ""), given.get("metric", "")
    told = read(words, metric)
    if "value" not in given or not metric or "rounding" not in given:
        missing = told is None or not (metric or told.metric)
        if missing and words:
            raise Refused("not_read", NOT_READ.format(words=words[:100]), field="words")
    value = _value(given["value"]) if "value" in given else (told.value if told else "")
    if told is not None and isinstance(value, Decimal) and value != told.value:
        sentence = (
            f"“{told.words}” says {words_of(told.value)}, and the value given is {words_of(value)}: make them one."
        )
        raise Refused("words_differ", sentence, field="value")
    kind = given.get("scope_kind", ScopeKind.ENGLAND)
    figure = {
        "metric": metric or (told.metric if told else ""),
        "extent": given.get("extent", Extent.WAVE),
        "scope_kind": kind,
        "scope": given.get("scope", ENGLAND if kind == ScopeKind.ENGLAND else ""),
        "value": value,
        "rounding": given.get("rounding", told.rounding if told else ""),
        "words": words,
        "note": given.get("note", ""),
        "reconciliation": given.get("reconciliation", ""),
    }
    source = {"wave": wave, "publisher": "-", "title": "", "url": ""}  # given by the release
    checked = checked_figure(figure | source)
    return DraftClaim(**{name: checked[name] for name in figure})


def draft_service(row: Mapping[str, Any]) -> DraftServiceClaim:
    """What is said of a local service, as it would be saved. Raises Refused with the field."""
    return DraftServiceClaim(**checked_service(row))


def _value(typed: str) -> Decimal | str:
    """ "1,860" or "12.8 million", as a number; what is no number is refused as it was typed."""
    told = read(typed)
    return told.value if told else typed


def _all(rows: Sequence[Mapping[str, Any]], what: str, made: Any) -> list[Any]:
    if len(rows) > MOST_ROWS:
        raise Refused("too_many", f"An announcement has up to {MOST_ROWS} {what}s.", field=f"{what}s")
    found: list[Any] = []
    faults: list[dict[str, Any]] = []
    for number, row in enumerate(rows, start=1):
        try:
            found.append(made(row))
        except Refused as fault:
            faults.append({what: number, "field": fault.field, "code": fault.code, "message": fault.message})
    if faults:
        first = faults[0]
        sentence = f"{what.capitalize()} {first[what]}: {first['message']}"
        raise Refused(first["code"], sentence, field=f"{what}s", detail=faults)
    return found


def _refuse_unexplained(rows: Sequence[Compared]) -> None:
    faults = []
    for number, row in enumerate(rows, start=1):
        if not row.agrees and not row.explained:
            advice = "correct it, or say why it is announced so, with an explanation and a note"
            message = f"{said_of(row).removesuffix('.')}: {advice}."
            field = "note" if row.claim.reconciliation else "reconciliation"
            faults.append({"claim": number, "field": field, "code": "unexplained", "message": message})
    if faults:
        sentence = f"Claim {faults[0]['claim']}, {faults[0]['message']}"
        raise Refused("unexplained", sentence, field="claims", detail=faults)


def _replace(standing: Any, rows: Sequence[Any], draft: Announcement) -> None:
    standing.all().delete()
    for position, row in enumerate(rows, start=1):
        row.announcement, row.position = draft, position
    standing.bulk_create(rows)
