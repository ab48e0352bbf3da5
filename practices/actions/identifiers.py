"""A body or a consortium is given a further code; the code is confirmed; it ends (features A2).

A bearer is any identity with `identifiers` (facts keyed by itself, scheme and value) and `particulars`, whose spells
are its life. A code may be said before its bearer begins, as those of CCGs were, and ends with it at the latest.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from practices import codes
from practices.models import BodyIdentifier, BodyKind, BodyParticulars, ParentBody, Practice, Scheme, Standing
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.authorization import Permission, require
from registry.errors import Refused, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, Fact, User
from registry.timeline import first_day_out

SHAPES = {
    codes.BODY: "three to ten capital letters and digits",
    codes.CCG: "two digits and a capital letter, as 00K",
    codes.GSS: "an E and eight digits, as E38000001",
    codes.OTHER: "up to 40 characters, without blanks around them",
}


def give_identifier(*, by: User, bearer: Any, scheme: str, value: str, standing: str, on: date, why: str) -> Entry:
    """It bears this code of this scheme from this day. Raises Refused: 403, 422 where the code has not its scheme's
    shape or the bearer has ended by then, 409 where it, or another, bears the code on any of the days."""
    require(by, Permission.CHANGE_REGISTER)
    require_day(on)
    value = value.strip() if scheme == Scheme.OTHER else codes.normalise(value)
    model = bearer.identifiers.model
    with journal.entry(by=by, action="give_identifier", kind=kind_on(on), reason=require_reason(why)) as entry:
        require_shape(shape_of(entry, bearer, scheme), value)
        if standing not in Standing.values:
            raise Refused("bad_standing", "Say whether the code is provisional or confirmed.", field="standing")
        key = (bearer.pk, scheme, value)
        line = entry.timeline(model, key)
        if line.at(on) is not None:
            raise wrong_state(f"{bearer} bears {value} on {said(on)} already. Confirm it or end it there.")
        ended = life_end(entry, bearer)
        if ended is not None and ended <= on:
            last = said(ended - timedelta(days=1))
            raise Refused("has_ended", f"The last day of {bearer} was {last}: give a day by then.", field="on")
        end = min([d for d in (line.next_start(on), ended) if d is not None], default=None)
        _require_free(entry, bearer, scheme, value, on, end)
        entry.set(model, key, on, end, (standing,))
    return entry.entry  # type: ignore[return-value]


def confirm_identifier(*, by: User, bearer: Any, scheme: str, value: str, on: date, why: str) -> Entry:
    """From this day the code is confirmed. Raises Refused (409) where it is not borne on the day, or is confirmed."""
    require(by, Permission.CHANGE_REGISTER)
    require_day(on)
    model, key = bearer.identifiers.model, (bearer.pk, scheme, value)
    with journal.entry(by=by, action="confirm_identifier", kind=kind_on(on), reason=require_reason(why)) as entry:
        line = entry.timeline(model, key)
        borne = line.stretch(on)
        if borne is None:
            raise wrong_state(f"{bearer} does not bear {value} on {said(on)}. Give a day on which it does.")
        if line.at(on) == (Standing.CONFIRMED,):
            raise wrong_state(f"{value} is confirmed on {said(on)} already.")
        entry.set(model, key, on, borne.end, (Standing.CONFIRMED.value,))
    return entry.entry  # type: ignore[return-value]


def end_identifier(*, by: User, bearer: Any, scheme: str, value: str, last_day: date | None, why: str) -> Entry:
    """The code is borne to the end of `last_day` (inclusive); None: it never was the bearer's, and the register is
    corrected. Raises Refused (409) where it is not borne on that day, or ends on it already."""
    require(by, Permission.CHANGE_REGISTER)
    out = None if last_day is None else first_day_out(require_day(last_day, "last_day"))
    kind = EntryKind.CORRECTION if out is None else kind_on(out)
    model, key = bearer.identifiers.model, (bearer.pk, scheme, value)
    with journal.entry(by=by, action="end_identifier", kind=kind, reason=require_reason(why)) as entry:
        if last_day is None:
            entry.clear(model, key, None, None)
        else:
            borne = entry.timeline(model, key).stretch(last_day)
            if borne is None:
                raise wrong_state(f"{bearer} does not bear {value} on {said(last_day)}. Give a day on which it does.")
            if borne.end != out:
                entry.clear(model, key, out, borne.end)
    if entry.entry is None:
        raise wrong_state("The register says so already: nothing was recorded.")
    return entry.entry


def shape_of(entry: Writer, bearer: Any, scheme: str) -> re.Pattern[str]:
    """What a code of this scheme looks like for this bearer (domain.md 3.3)."""
    if scheme not in Scheme.values:
        raise Refused("bad_scheme", "Choose whose code it is.", field="scheme")
    if scheme != Scheme.ODS:
        return codes.GSS if scheme == Scheme.GSS else codes.OTHER
    if isinstance(bearer, ParentBody):
        spells = entry.timeline(BodyParticulars, (bearer.pk,)).spells
        if spells and spells[-1].values[0] == BodyKind.CCG:
            return codes.CCG
    return bearer.identifiers.model.ODS  # type: ignore[no-any-return]


def require_shape(shape: re.Pattern[str], value: str) -> None:
    if not shape.fullmatch(value):
        raise Refused("bad_code", f"“{value[:40]}” is no such code: it has {SHAPES[shape]}.", field="value")


def life_end(entry: Writer, bearer: Any) -> date | None:
    """The first day after its life; None where that has no end, or is not known."""
    spells = entry.timeline(bearer.particulars.model, (bearer.pk,)).spells
    return spells[-1].end if spells else None


def other_bearer(
    entry: Writer, model: type[Fact], bearer: int, scheme: str, value: str, start: date | None, end: date | None
) -> int | None:
    """The primary key of another that bears the code on any of these days, as the entry will leave it."""
    entry.load(model)  # a few hundred in all
    for key in {*entry.keys(model), *entry.changed(model)}:
        if key[1:] == (scheme, value) and key[0] != bearer and entry.timeline(model, key).within(start, end).spells:
            return int(key[0])
    return None


def _require_free(entry: Writer, bearer: Any, scheme: str, value: str, start: date, end: date | None) -> None:
    model = bearer.identifiers.model
    other = other_bearer(entry, model, bearer.pk, scheme, value, start, end)
    taken = str(type(bearer)._default_manager.get(pk=other)) if other is not None else ""
    if not taken and model is BodyIdentifier:
        taken = _first_code_of(scheme, value, start, end)
    if taken:
        raise wrong_state(
            f"{value} is the code of {taken} on one of the days from {said(start)} on: no two bear one code on one "
            "day. End it there first, or check the code."
        )


def _first_code_of(scheme: str, value: str, start: date, end: date | None) -> str:
    """The body or practice that the register knows by this code, or that has it as its ONS code on these days."""
    if scheme == Scheme.ODS:
        known = any(kind._default_manager.filter(code=value).exists() for kind in (ParentBody, Practice))
        return value if known else ""
    if scheme == Scheme.GSS:
        later = Q() if end is None else Q(effective__startswith__lt=end) | Q(effective__lower_inf=True)
        ended = Q(effective__endswith__gt=start) | Q(effective__upper_inf=True)
        held = BodyParticulars.objects.current().filter(later, ended, gss=value).select_related("body").first()
        return held.body.code if held else ""
    return ""
