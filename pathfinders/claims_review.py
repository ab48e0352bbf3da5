"""What the register says of the practices that a bid names, as at the bid's own date: a verdict for every row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict

from consortia.models import ConsortiumParticulars, Membership
from pathfinders.models import Bid, BidConsortium
from pathfinders.practice_codes import one_slip_away
from practices.codes import explain, foreign, is_practice
from practices.models import GP_PRACTICE, Practice, PracticeParent, PracticeParticulars, PracticeStatus, Status
from registry.actions.checks import said
from registry.models.fact import Lower, Upper
from registry.timeline import Spell, last_day

SETTINGS = {
    0: "another kind of unit",
    1: "a walk-in centre",
    2: "an out-of-hours service",
    3: "a walk-in centre and out-of-hours service",
    8: "a public health service",
    9: "a community health service",
    10: "a hospital service",
    11: "an optometry service",
    12: "an urgent care centre",
    13: "a hospice",
    14: "a care home",
    25: "a prison",
}
LONGEST_SLIP = 8
"""A longer code is no slip of the hand: what it might have been is not worked out, which costs its length squared."""
SHOWN = 40
"""Characters of a code that are shown to a person."""
ACCEPTED = ("ok", "dormant", "claimed_elsewhere")
"""Verdicts with which a practice may be named; the last two are warnings."""


class Row(TypedDict):
    """One pasted code. `line` counts from 1; `verdict`: ok, dormant, claimed_elsewhere; closed, not_open, setting,
    wales, channel_islands, unknown, not_a_code, duplicate, already. `suggestion`: the code probably meant, or ""."""

    line: int
    code: str
    name: str
    verdict: str
    message: str
    suggestion: str
    accepted: bool


def review(
    bid: Bid, codes: Iterable[tuple[int, str]], *, consortium: BidConsortium | None = None, own: bool = False
) -> list[Row]:
    """A row per code. Practices of this `consortium` of the bid (`own`: of any) are not told to be named already."""
    codes = list(codes)
    known = _Known(bid, {code for _, code in codes}, own=own)
    ours = None if own else (consortium.pk if consortium else 0)
    first: dict[str, int] = {}
    rows = []
    for line, code in codes:
        if not code:
            verdict, message = "not_a_code", "There is no practice code on this line."
        elif code in first:
            verdict, message = "duplicate", f"{shown(code)} is listed already, on line {first[code]}."
        else:
            verdict, message = known.verdict(code, ours)
        first.setdefault(code, line)
        rows.append(
            Row(
                line=line,
                code=code,
                name=known.name(code),
                verdict=verdict,
                message=message,
                suggestion="",
                accepted=verdict in ACCEPTED,
            )
        )
    _suggest(rows, bid.as_at, known.trusts())
    return rows


class _Known:
    """The facts about the pasted codes, read at once."""

    def __init__(self, bid: Bid, codes: set[str], *, own: bool) -> None:
        self.day = bid.as_at
        self.pks = dict(Practice.objects.filter(code__in=codes).values_list("code", "pk"))
        pks = list(self.pks.values())
        self.statuses = _spells(PracticeStatus, pks, "status")
        self.particulars = _spells(PracticeParticulars, pks, "name", "setting")
        self.parents = _spells(PracticeParent, pks, "parent__code")
        named = [] if own else bid.practices.filter(practice__in=pks).select_related("consortium")
        self.named = {p.practice_id: p.consortium for p in named}
        held = Membership.objects.current().filter(practice__in=pks, effective__contains=self.day)
        self.elsewhere = dict(held.values_list("practice", "consortium__ref"))
        self.consortia = dict(
            ConsortiumParticulars.objects.current()
            .filter(consortium__ref__in=set(self.elsewhere.values()), effective__contains=self.day)
            .values_list("consortium__ref", "name")
        )

    def name(self, code: str) -> str:
        return self._described(self.pks.get(code, 0))[0]

    def trusts(self) -> set[str]:
        """The trusts to which the pasted practices belonged on the day."""
        return {s.values[0] for spells in self.parents.values() for s in spells if s.contains(self.day)}

    def _described(self, pk: int) -> tuple[str, int | None]:
        """Name and setting on the day, else the nearest told of later, else of before."""
        spells = self.particulars.get(pk, [])
        on_the_day = [s for s in spells if s.contains(self.day)]
        later = [s for s in spells if s.start is not None and s.start > self.day]
        told = (on_the_day or later or spells[-1:] or [Spell(None, None, ("", None))])[0]
        return told.values

    def verdict(self, code: str, ours: int | None) -> tuple[str, str]:
        if other := foreign(code):
            verdict = "wales" if code.startswith("W") else "channel_islands" if code[:3].isalpha() else "not_a_code"
            return verdict, other.sentence
        if code not in self.pks:
            if not is_practice(code):
                return "not_a_code", explain(code)
            return "unknown", f"The register knows no practice {code}."
        pk = self.pks[code]
        return self._setting(code, pk) or self._life(code, pk) or self._named(code, pk, ours)

    def _setting(self, code: str, pk: int) -> tuple[str, str] | None:
        setting = self._described(pk)[1]
        if setting is None or setting == GP_PRACTICE:
            return None
        kind = SETTINGS.get(setting, f"prescribing setting {setting}")
        return "setting", f"{code} is not a GP practice but {kind}."

    def _life(self, code: str, pk: int) -> tuple[str, str] | None:
        spells = self.statuses.get(pk, [])
        if not spells:
            return self._by_reference(code, pk)
        status = next((s.values[0] for s in spells if s.contains(self.day)), None)
        if status == Status.ACTIVE:
            return None
        if status == Status.DORMANT:
            sentence = f"{code} was dormant on {_said(self.day)}. It may be named, but counts nobody without a list."
            return self._other(pk, code) or ("dormant", sentence)
        alive = [s for s in spells if s.values[0] in (Status.ACTIVE, Status.DORMANT)]
        before = [s for s in alive if s.end is not None and s.end <= self.day]
        if before:
            return "closed", f"{code} is closed; its last day was {_said(last_day(before[-1].end))}."
        if alive:
            return "not_open", f"{code} was not yet open on {_said(self.day)}; it opened on {_said(alive[0].start)}."
        return "closed", f"{code} was not open on {_said(self.day)}."

    def _by_reference(self, code: str, pk: int) -> tuple[str, str]:
        """A practice of which no file told more than where it belonged: closed once it belonged nowhere."""
        belonged = self.parents.get(pk, [])
        if belonged and all(s.end is not None and s.end <= self.day for s in belonged):
            last = belonged[-1]
            sentence = f"{code} is closed; it belonged to {last.values[0]} until {_said(last_day(last.end))}."
            return "closed", sentence
        return "unknown", f"The register knows {code} only by reference: no file told its name or when it was open."

    def _named(self, code: str, pk: int, ours: int | None) -> tuple[str, str]:
        inside = self.named.get(pk)
        if inside is not None and ours is not None and inside.pk != ours:
            return "already", f"{code} is in this bid already, under {inside.name}."
        return self._other(pk, code) or ("ok", "")

    def _other(self, pk: int, code: str) -> tuple[str, str] | None:
        """A warning, never a refusal: other bids are not told of, memberships are public."""
        ref = self.elsewhere.get(pk)
        if ref is None:
            return None
        name = self.consortia.get(ref, "")
        sentence = (
            f"{code} belonged to {name} ({ref}) on {_said(self.day)}. It may be named, but will not be moved at "
            "release while it belongs elsewhere."
        )
        return "claimed_elsewhere", sentence


def _spells(model: Any, pks: list[int], *fields: str) -> dict[int, list[Spell]]:
    """Standing facts of these practices, per practice in order of time."""
    found: dict[int, list[Spell]] = {}
    rows = model.objects.current().filter(practice__in=pks).annotate(_from=Lower("effective"), _to=Upper("effective"))
    for pk, start, end, *values in rows.values_list("practice", "_from", "_to", *fields):
        found.setdefault(pk, []).append(Spell(start, end, tuple(values)))
    for spells in found.values():
        spells.sort(key=lambda s: (s.start is not None, s.start or date.min))
    return found


def _suggest(rows: list[Row], day: date, trusts: set[str]) -> None:
    """For each code that the register lacks the practice that was probably meant: one slip away, open that day, not
    pasted already; one of the same trusts as the others first."""
    lacked = {r["code"] for r in rows if r["verdict"] in ("unknown", "not_a_code")}
    slips = {code: one_slip_away(code) for code in sorted(lacked) if len(code) <= LONGEST_SLIP}
    near = {code: close for code, close in slips.items() if close}
    if not near:
        return
    pasted = {r["code"] for r in rows}
    asked = {c for close in list(near.values())[:50] for c in close} - pasted
    open_then = PracticeStatus.objects.current().filter(
        practice__code__in=asked, effective__contains=day, status=Status.ACTIVE
    )
    named = PracticeParticulars.objects.current().filter(
        setting=GP_PRACTICE, practice__in=open_then.values("practice")
    )
    real = dict(named.values_list("practice__code", "name"))
    here = PracticeParent.objects.current().filter(effective__contains=day, parent__code__in=trusts)
    neighbours = set(here.filter(practice__code__in=real).values_list("practice__code", flat=True))
    for row in rows:
        close = [c for c in near.get(row["code"], ()) if c in real]
        if close:
            meant = min(close, key=lambda c: c not in neighbours)  # the first of the likeliest
            row["suggestion"] = meant
            row["message"] += f" Did you mean {meant}, {real[meant]}?"


def shown(code: str) -> str:
    return code if len(code) <= SHOWN else f"{code[:SHOWN]}…"


def _said(day: date | None) -> str:
    return said(day) if day else "an unknown day"
