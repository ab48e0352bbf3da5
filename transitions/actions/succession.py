"""Who follows a body, as staff record it: shares that sum to 1, and never in a circle (domain.md rule 14)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from practices.models import BodyParticulars, BodySuccession, ParentBody, SuccessionKind
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.authorization import Permission, require
from registry.errors import Refused, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, User

Part = tuple[str, Decimal | None, Decimal | None]
"""A successor's code, and the parts of the practices and of the people that went to it; both, or neither."""
STEP = Decimal("0.00000001")


def record_succession(
    *,
    by: User,
    predecessor: ParentBody,
    successors: Sequence[Part],
    on: date,
    kind: str,
    why: str,
    correction: bool = False,
) -> Entry:
    """From `on` the predecessor is followed by these. `correction`: they replace what was recorded of it before.

    A split has two or more successors, any other kind one. Raises Refused: 403; 409 where it has successors already
    (unless corrected), was not there the day before, is still there on the day (but for functions transferred: domain.md
    rule 14), a successor is not there on the day, or the chain would come back
    to where it began; 422 for a kind, a code or shares that cannot be.
    """
    require(by, Permission.CHANGE_REGISTER)
    require_day(on)
    reason = require_reason(why)
    bodies = _bodies(successors)
    shares = _shares(successors, kind)
    told = EntryKind.CORRECTION if correction else kind_on(on)
    with journal.entry(by=by, action="record_succession", kind=told, reason=reason) as entry:
        entry.load(BodySuccession)
        stood = [key for key in entry.keys(BodySuccession) if key[0] == predecessor.pk]
        if stood and not correction:
            raise wrong_state(f"{predecessor.code} has a successor already. Correct that, if it was recorded wrongly.")
        for key in stood:
            entry.clear(BodySuccession, key, None, None)
        _require_lives(entry, predecessor, bodies, on)
        _require_no_circle(entry, predecessor, bodies)
        if kind != SuccessionKind.TRANSFER:  # functions may go while the body stays
            _require_ended(entry, predecessor, on)
        for body, parts in zip(bodies, shares, strict=True):
            entry.set(BodySuccession, (predecessor.pk, body.pk), on, None, (kind, *parts))
    if entry.entry is None:
        raise Refused("no_change", "The register says just that already.", status=409)
    return entry.entry


def _bodies(successors: Sequence[Part]) -> list[ParentBody]:
    codes = [code.strip().upper() for code, _, _ in successors]
    found = {body.code: body for body in ParentBody.objects.filter(code__in=codes)}
    for code in codes:
        if code not in found:
            raise Refused("unknown_object", f"The register knows no body {code[:10]}.", field="successors")
    if len(set(codes)) < len(codes):
        raise Refused("same_part", "A successor is named twice.", field="successors")
    return [found[code] for code in codes]


def _shares(successors: Sequence[Part], kind: str) -> list[tuple[Decimal | None, Decimal | None]]:
    """Of eight places. Raises Refused (422) unless those of the practices, and of the people, sum to 1."""
    if kind not in SuccessionKind.values:
        raise Refused("bad_kind", f"Give one of {', '.join(SuccessionKind.values)}.", field="kind")
    if (len(successors) < 2) if kind == SuccessionKind.SPLIT else (len(successors) != 1):
        wanted = "two successors or more" if kind == SuccessionKind.SPLIT else "one successor"
        raise Refused("too_few", f"A {SuccessionKind(kind).label.lower()} has {wanted}.", field="successors")
    parts = [(practices, people) for _, practices, people in successors]
    given = [part for pair in parts for part in pair if part is not None]
    if not given:
        return parts
    if len(given) < 2 * len(parts):
        raise Refused("shares_missing", "Give both shares of every successor, or none of any.", field="successors")
    for name, column in (("practices", [p for p, _ in parts]), ("people", [p for _, p in parts])):
        values = [Decimal(v or 0) for v in column]
        least = STEP if name == "practices" else 0
        if any(v < least or v > 1 or v != v.quantize(STEP) for v in values):
            raise Refused(
                "bad_share", f"A share of {name} lies between 0 and 1, with 8 places at most.", field="successors"
            )
        if sum(values) != 1:
            raise Refused("shares", f"The shares of {name} sum to {sum(values)}, not to 1.", field="successors")
    return parts


def _require_lives(entry: Writer, predecessor: ParentBody, bodies: Sequence[ParentBody], on: date) -> None:
    eve = on - timedelta(days=1)
    if entry.timeline(BodyParticulars, (predecessor.pk,)).at(eve) is None:
        raise wrong_state(
            f"{predecessor.code} was not there on {said(eve)}, so nobody can follow it from the day after."
        )
    for body in bodies:
        if entry.timeline(BodyParticulars, (body.pk,)).at(on) is None:
            raise wrong_state(f"{body.code} is not there on {said(on)}: give a day on which it is.")


def _require_ended(entry: Writer, predecessor: ParentBody, on: date) -> None:
    """Its own life ends where another takes its place: a register that says both would contradict itself."""
    life = entry.timeline(BodyParticulars, (predecessor.pk,)).stretch(on)
    if life is None:
        return
    close = f"Close it on {said(on - timedelta(days=1))} first"
    if life.end is None:
        raise wrong_state(f"{predecessor.code} is still there on {said(on)}, without a last day. {close}.")
    raise wrong_state(
        f"{predecessor.code} is there until {said(life.end - timedelta(days=1))}. {close}, or give the day after its last, "
        f"{said(life.end)}."
    )


def _require_no_circle(entry: Writer, predecessor: ParentBody, bodies: Sequence[ParentBody]) -> None:
    """Nobody among those that follow the successors is the predecessor."""
    after = defaultdict(set)
    for before, later in entry.keys(BodySuccession):
        if len(entry.timeline(BodySuccession, (before, later))):
            after[before].add(later)
    seen, waiting = set(), {body.pk for body in bodies}
    while waiting:
        body = waiting.pop()
        if body == predecessor.pk:
            raise wrong_state(
                f"{predecessor.code} follows one of these already, so that the chain would come back to it. Correct that "
                "first, if it was recorded wrongly."
            )
        if body not in seen:
            seen.add(body)
            waiting |= after[body]
