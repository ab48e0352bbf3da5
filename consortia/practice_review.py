"""What the register says of practices that somebody lists: one engine for the claims of bids and of consortia.

A verdict for every code, as at a day; for a code that the register lacks, the practice that was probably meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, TypedDict

from practices.codes import explain, foreign, is_practice
from practices.models import GP_PRACTICE, Practice, PracticeParent, PracticeParticulars, PracticeStatus, Status
from practices.pasting import one_slip_away
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
MOST_SLIPS = 50
"""So many codes of a list are looked for: more are no slips of the hand."""
SHOWN = 40
"""Characters of a code that are shown to a person."""


class Row(TypedDict):
    """One code. `line` counts from 1; `verdict`: ok, dormant, closed, not_open, setting, wales, channel_islands,
    unknown, not_a_code, and those of what is listed. `suggestion`: the code probably meant, or ""."""

    line: int
    code: str
    name: str
    verdict: str
    message: str
    suggestion: str
    accepted: bool


Verdict = tuple[str, str]


class Known:
    """The facts about the codes, read at once: five queries for any number of them."""

    MAY = "be named"
    """What a practice that is accepted may do."""

    def __init__(self, codes: Collection[str]) -> None:
        self.pks = dict(Practice.objects.filter(code__in=codes).values_list("code", "pk"))
        pks = list(self.pks.values())
        self.statuses = spells(PracticeStatus, pks, "status")
        self.particulars = spells(PracticeParticulars, pks, "name", "setting")
        self.parents = spells(PracticeParent, pks, "parent__code")

    def standing(self, code: str, pk: int, day: date) -> Verdict | None:
        """What is said of a practice that is open: why it may not be listed, or a warning."""
        return self.elsewhere(code, pk, day)

    def elsewhere(self, code: str, pk: int, day: date) -> Verdict | None:
        """What is said of a practice that is open or dormant, where it belongs to another."""
        return None

    def name(self, code: str, day: date) -> str:
        return self._described(self.pks.get(code, 0), day)[0]

    def trusts(self, day: date) -> set[str]:
        """The trusts to which the practices belonged on the day."""
        return {s.values[0] for told in self.parents.values() for s in told if s.contains(day)}

    def verdict(self, code: str, day: date) -> Verdict:
        if other := foreign(code):
            verdict = "wales" if code.startswith("W") else "channel_islands" if code[:3].isalpha() else "not_a_code"
            return verdict, other.sentence
        if code not in self.pks:
            if not is_practice(code):
                return "not_a_code", explain(code)
            return "unknown", f"The register knows no practice {code}."
        pk = self.pks[code]
        return self._setting(code, pk, day) or self._life(code, pk, day) or self.standing(code, pk, day) or ("ok", "")

    def _described(self, pk: int, day: date) -> tuple[str, int | None]:
        """Name and setting on the day, else the nearest told of later, else of before."""
        told = self.particulars.get(pk, [])
        on_the_day = [s for s in told if s.contains(day)]
        later = [s for s in told if s.start is not None and s.start > day]
        return (on_the_day or later or told[-1:] or [Spell(None, None, ("", None))])[0].values

    def _setting(self, code: str, pk: int, day: date) -> Verdict | None:
        setting = self._described(pk, day)[1]
        if setting is None or setting == GP_PRACTICE:
            return None
        kind = SETTINGS.get(setting, f"prescribing setting {setting}")
        return "setting", f"{code} is not a GP practice but {kind}."

    def _life(self, code: str, pk: int, day: date) -> Verdict | None:
        told = self.statuses.get(pk, [])
        if not told:
            return self._by_reference(code, pk, day)
        status = next((s.values[0] for s in told if s.contains(day)), None)
        if status == Status.ACTIVE:
            return None
        if status == Status.DORMANT:
            sentence = f"{code} was dormant on {said(day)}. It may {self.MAY}, but counts nobody without a list."
            return self.elsewhere(code, pk, day) or ("dormant", sentence)
        alive = [s for s in told if s.values[0] in (Status.ACTIVE, Status.DORMANT)]
        before = [s for s in alive if s.end is not None and s.end <= day]
        if before:
            return "closed", f"{code} is closed; its last day was {said_of(last_day(before[-1].end))}."
        if alive:
            return "not_open", f"{code} was not yet open on {said(day)}; it opened on {said_of(alive[0].start)}."
        return "closed", f"{code} was not open on {said(day)}."

    def _by_reference(self, code: str, pk: int, day: date) -> Verdict:
        """A practice of which no file told more than where it belonged: closed once it belonged nowhere."""
        belonged = self.parents.get(pk, [])
        if belonged and all(s.end is not None and s.end <= day for s in belonged):
            last = belonged[-1]
            sentence = f"{code} is closed; it belonged to {last.values[0]} until {said_of(last_day(last.end))}."
            return "closed", sentence
        return "unknown", f"The register knows {code} only by reference: no file told its name or when it was open."


def spells(model: Any, pks: Collection[int], *fields: str) -> dict[int, list[Spell]]:
    """Standing facts of these practices, per practice in order of time."""
    found: dict[int, list[Spell]] = {}
    rows = model.objects.current().filter(practice__in=pks).annotate(_from=Lower("effective"), _to=Upper("effective"))
    for pk, start, end, *values in rows.values_list("practice", "_from", "_to", *fields):
        found.setdefault(pk, []).append(Spell(start, end, tuple(values)))
    for spells in found.values():
        spells.sort(key=lambda s: (s.start is not None, s.start or date.min))
    return found


def suggest(rows: Sequence[Any], day: date, trusts: set[str]) -> None:
    """For each row (`Row`, or one with more in it) whose code the register lacks the practice that was probably meant,
    in its `suggestion` and `message`: see `probably_meant`."""
    lacked = {r["code"] for r in rows if r["verdict"] in ("unknown", "not_a_code")}
    meant = probably_meant(lacked, {r["code"] for r in rows}, day, trusts)
    for row in rows:
        if row["code"] in meant:
            code, name = meant[row["code"]]
            row["suggestion"] = code
            row["message"] += f" Did you mean {code}, {name}?"


def probably_meant(
    lacked: Iterable[str], listed: Collection[str], day: date, trusts: set[str]
) -> dict[str, tuple[str, str]]:
    """For codes that the register lacks the practice that was probably meant, (code, name): one slip away, open that
    day, not listed already; one of the same trusts as the others first. Four queries."""
    slips = {code: one_slip_away(code) for code in sorted(lacked) if len(code) <= LONGEST_SLIP}
    near = {code: close for code, close in slips.items() if close}
    if not near:
        return {}
    asked = {c for close in list(near.values())[:MOST_SLIPS] for c in close} - set(listed)
    # One after the other by key: joined in one statement, Postgres has taken minutes for it just after an import, when
    # it cannot know yet how many facts there are.
    known = dict(Practice.objects.filter(code__in=asked).values_list("pk", "code"))
    statuses = PracticeStatus.objects.current().filter(practice__in=list(known), status=Status.ACTIVE)
    open_then = list(statuses.filter(effective__contains=day).values_list("practice", flat=True))
    named = PracticeParticulars.objects.current().filter(setting=GP_PRACTICE, practice__in=open_then)
    real = {known[pk]: name for pk, name in named.values_list("practice", "name")}
    here = PracticeParent.objects.current().filter(effective__contains=day, parent__code__in=trusts)
    neighbours = {known[pk] for pk in here.filter(practice__in=open_then).values_list("practice", flat=True)}
    found: dict[str, tuple[str, str]] = {}
    for code, slipped in near.items():
        if close := [c for c in slipped if c in real]:
            meant = min(close, key=lambda c: c not in neighbours)  # the first of the likeliest
            found[code] = (meant, real[meant])
    return found


def shown(code: str) -> str:
    return code if len(code) <= SHOWN else f"{code[:SHOWN]}…"


def said_of(day: date | None) -> str:
    return said(day) if day else "an unknown day"
