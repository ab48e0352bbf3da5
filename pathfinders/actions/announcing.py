"""What was announced is recorded as claims with their sources, and corrected where it was copied wrongly."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models.functions import Length

from pathfinders.models import AnnouncedClaim, Extent, Metric, Reconciliation, Rounding, ScopeKind, WaveRelease
from pathfinders.models.claim import first_day
from registry import clock, journal
from registry.actions.checks import EARLIEST, require_reason, said
from registry.authorization import Permission, require
from registry.errors import Refused
from registry.journal import Writer
from registry.models import Entry, EntryKind, Fact, User

ENGLAND = "England"
MOST_CLAIMS = 1_000


@dataclass(frozen=True)
class Claim:
    """A claim to record: the values of `AnnouncedClaim`, in its order. `published`: YYYY-MM-DD, or YYYY-MM."""

    metric: str
    value: Decimal
    words: str
    publisher: str
    published: str
    wave: int | None = None
    extent: str = Extent.CUMULATIVE
    scope_kind: str = ScopeKind.ENGLAND
    scope: str = ENGLAND
    rounding: str = Rounding.EXACT
    title: str = ""
    url: str = ""
    note: str = ""
    reconciliation: str = ""

    def values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, f.name) for f in AnnouncedClaim.value_fields())


def record_claims(*, by: User, claims: Sequence[Claim], reason: str) -> Entry:
    """All of these claims, or none, in one entry; references minted in their order.

    A claim of a wave is refused until the wave is released: before that it would tell of it (architecture.md section
    5, Embargo). Raises Refused: 403; 409 for an unreleased wave; 422 with every fault in `detail`.
    """
    require(by, Permission.CHANGE_REGISTER)
    why = require_reason(reason, "reason")
    if not 0 < len(claims) <= MOST_CLAIMS:
        raise Refused("no_claims", f"Give from one claim to {MOST_CLAIMS:,} at once.", field="claims")
    tidied = _tidied(claims)
    with journal.entry(by=by, action="record_claims", kind=_kind(tidied), reason=why) as entry:
        write_claims(entry, tidied, _released(entry, [c.wave for c in tidied]))
    assert entry.entry is not None
    return entry.entry


def write_claims(entry: Writer, claims: Sequence[Claim], announced: dict[int, date]) -> None:
    """These claims, checked already, as facts of an open entry: references minted in their order. `announced`: the day
    of each wave that they are about."""
    refs = next_claim_refs(AnnouncedClaim, "AC", len(claims))
    entry.new(AnnouncedClaim, [(ref,) for ref in refs])
    for ref, claim in zip(refs, claims, strict=True):
        entry.set(AnnouncedClaim, (ref,), _effective(claim, announced), None, claim.values())


def correct_claim(*, by: User, ref: str, reason: str, **changes: Any) -> Entry:
    """The claim was recorded wrongly, or is now explained: these fields of it are otherwise. The old wording stays in
    the register's past. Raises Refused: 403; 404 for no such claim; 409 where nothing changes or for an unreleased
    wave; 422."""
    require(by, Permission.CHANGE_REGISTER)
    why = require_reason(reason, "reason")
    if unknown := set(changes) - {f.name for f in fields(Claim)}:
        raise Refused("no_field", f"A claim has no {', '.join(sorted(unknown))}.", field=min(unknown))
    with journal.entry(by=by, action="correct_claim", kind=EntryKind.CORRECTION, reason=why) as entry:
        standing = entry.timeline(AnnouncedClaim, (ref,))
        if not standing.spells:
            raise Refused("no_claim", f"There is no claim {ref[:20]} in the register.", field="ref", status=404)
        (claim,) = _tidied([replace(_claim(standing.spells[-1].values), **changes)])
        announced = _released(entry, [claim.wave])
        entry.clear(AnnouncedClaim, (ref,), None, None)
        entry.set(AnnouncedClaim, (ref,), _effective(claim, announced), None, claim.values())
    if entry.entry is None:
        raise Refused("no_change", f"The register says so already of {ref}.", field="ref", status=409)
    return entry.entry


def _kind(claims: Sequence[Claim]) -> EntryKind:
    """Late where one of them was published before today, or, where only the month is known, before this month."""
    today = clock.today().isoformat()
    late = any(c.published < today[: len(c.published)] for c in claims)
    return EntryKind.LATE if late else EntryKind.EVENT


def _claim(values: tuple[Any, ...]) -> Claim:
    return Claim(**dict(zip((f.name for f in AnnouncedClaim.value_fields()), values, strict=True)))


def _effective(claim: Claim, announced: dict[int, date]) -> date:
    """From its publication; where only the month is known, not before the announcement."""
    first = first_day(claim.published)
    if len(claim.published) == 10 or claim.wave is None:
        return first
    return max(first, announced[claim.wave])


def _released(entry: Writer, waves: Sequence[int | None]) -> dict[int, date]:
    """The day on which each of these waves was announced. Raises Refused 409 for one that is not released."""
    wanted = {w for w in waves if w is not None}
    entry.load(WaveRelease, [(w,) for w in wanted])
    found: dict[int, date] = {}
    for wave in sorted(wanted):
        spells = entry.timeline(WaveRelease, (wave,)).spells
        if not spells:
            raise Refused(
                "not_released",
                f"Wave {wave} is not released in this register, so a claim about it would be public before it. "
                "Release the wave, then record what was announced of it.",
                field="wave",
                status=409,
            )
        found[wave] = spells[0].values[0]
    return found


def next_claim_refs(kind: type[Fact], prefix: str, count: int) -> list[str]:
    """The next references, under the journal's lock; one that was ever given is never given again."""
    if not count:
        return []
    by_number = kind._default_manager.order_by(Length("ref").desc(), "-ref")
    highest = by_number.values_list("ref", flat=True).first()
    last = int(highest.removeprefix(prefix)) if highest else 0
    return [f"{prefix}{number:04d}" for number in range(last + 1, last + count + 1)]


# What a claim must say


def _tidied(claims: Sequence[Claim]) -> list[Claim]:
    """The claims, blanks taken off. Raises Refused with every fault, the first one's sentence foremost."""
    tidied: list[Claim] = []
    faults: list[tuple[int, Refused]] = []
    for number, claim in enumerate(claims, start=1):
        try:
            tidied.append(_checked(claim))
        except Refused as fault:
            faults.append((number, fault))
    if faults:
        number, first = faults[0]
        sentence = first.message if len(claims) == 1 else f"Claim {number}: {first.message}"
        detail = [{"claim": n, "field": f.field, "message": f.message} for n, f in faults]
        raise Refused(first.code, sentence, field=first.field, detail=detail)
    return tidied


CHOICES = {
    "metric": Metric,
    "extent": Extent,
    "scope_kind": ScopeKind,
    "rounding": Rounding,
    "reconciliation": Reconciliation,
}
NEEDED = {
    "words": "the words of the figure as they were printed",
    "publisher": "who published it",
    "scope": "what it is about: England, a code, or a pathfinder",
}


def _checked(claim: Claim) -> Claim:
    told = checked_figure({f.name: getattr(claim, f.name) for f in fields(Claim)})
    return Claim(**told | {"published": _published(told["published"])})


def checked_figure(told: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a claim, blanks taken off, its value as the column holds it; the day of publication is the
    caller's. Raises Refused with the field of the first fault."""
    told = {name: value.strip() if isinstance(value, str) else value for name, value in told.items()}
    for name, choice in CHOICES.items():
        if told[name] not in choice.values and (told[name] or name != "reconciliation"):
            known = ", ".join(choice.values)
            raise Refused("bad_choice", f"{name} is one of {known}; “{told[name]}” is not.", field=name)
    for name, what in NEEDED.items():
        if not told[name]:
            raise Refused("missing", f"Say {what}.", field=name)
    _lengths(told)
    _about(told)
    return told | {"value": _value(told)}


def _lengths(told: Mapping[str, Any]) -> None:
    longest = {f.name: f.max_length or 0 for f in AnnouncedClaim.value_fields()}
    for name in ("scope", "words", "publisher", "title", "url", "note"):
        most = longest[name]
        if "\x00" in told[name]:
            raise Refused("bad_character", f"{name} has a character that cannot be kept: type it again.", field=name)
        if len(told[name]) > most:
            raise Refused("too_long", f"{name} has up to {most} characters; this has {len(told[name])}.", field=name)
    if told["url"] and not re.match(r"https?://[^\s<>\"]+$", told["url"]):
        raise Refused("bad_url", f"“{told['url'][:60]}” is no address of the web.", field="url")


def _about(told: Mapping[str, Any]) -> None:
    """Scope, extent and wave go together."""
    if told["scope_kind"] == ScopeKind.ENGLAND and told["scope"] != ENGLAND:
        raise Refused("bad_scope", "A claim about England has the scope England.", field="scope")
    wave = told["wave"]
    if wave is not None and not (isinstance(wave, int) and 1 <= wave < 32_768):
        raise Refused("bad_wave", "Waves are numbered from 1.", field="wave")
    if wave is None and told["extent"] == Extent.WAVE:
        raise Refused("no_wave", "Give the wave, for a claim that is about a wave alone.", field="wave")


def _value(told: Mapping[str, Any]) -> Decimal:
    """To a tenth, as the column holds it."""
    try:
        value = Decimal(str(told["value"]))
        stored = value.quantize(Decimal("0.1"))
    except InvalidOperation:
        raise Refused("bad_value", f"“{told['value']}” is no number.", field="value") from None
    most = 100 if told["metric"] == Metric.SHARE else 10**10
    if stored != value or not 0 <= value <= most:
        raise Refused("bad_value", f"The value is a number from 0 to {most:,}, to a tenth at most.", field="value")
    return stored


def _published(text: str) -> str:
    try:
        day = first_day(text) if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", text, re.ASCII) else None
    except ValueError:
        day = None
    if day is None:
        sentence = f"“{text[:20]}” is no day of publication: give YYYY-MM-DD, or YYYY-MM where the day is not known."
        raise Refused("bad_day", sentence, field="published")
    if not EARLIEST <= day <= clock.today():
        raise Refused(
            "bad_day", f"{said(day)} cannot be: a claim is recorded once it is published.", field="published"
        )
    return text
