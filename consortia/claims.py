"""What would come of claiming practices for a consortium: a verdict for every row, totals before and after, warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Min

from consortia.membership_file import Claim, read_day
from consortia.models import (
    Answer,
    Consortium,
    ConsortiumParticulars,
    Membership,
    MembershipAnswer,
    MembershipReason,
    MembershipWord,
    Settlement,
    WordKind,
)
from consortia.practice_review import Known, Row, Verdict, probably_meant, said_of, shown, spells
from practices.list_sizes import people
from practices.models import BodyParticulars, PracticeParent
from registry import clock
from registry.actions.checks import require_day, said
from registry.errors import Refused
from registry.models.fact import Lower, Upper
from registry.timeline import Spell, last_day

REASONS = (MembershipReason.JOINED, MembershipReason.FOUNDING)
"""Why a lead may say that a practice is a member."""
ACCEPTED = ("ok", "dormant")
QUIET = ("duplicate", "already")
"""Rows that are not added, but of which nothing needs to be done."""
TO_DO = {
    "closed": "Give a day before it closed, or leave it out.",
    "not_open": "Give a day from then on.",
    "setting": "Only GP practices belong to consortia: leave it out.",
    "wales": "Leave it out.",
    "channel_islands": "Leave it out.",
    "disputed": "It comes back by a transfer to which it agrees, or when staff settle the dispute: leave it out.",
    "unknown": "Check the code.",
    "not_a_code": "Correct it or leave it out.",
}


class ClaimRow(Row):
    """A row and its verdict: those of `Row`, and duplicate, already (a member), claimed_elsewhere, disputed, outside_life
    (of the consortium), bad_date, bad_reason. `column` and `value`: what it is about. `on` (ISO) and `reason`: what the
    membership would have."""

    column: str
    value: str
    on: str
    reason: str


@dataclass
class Totals:
    practices: int
    people: int
    no_list: int


@dataclass
class Verdicts:
    """The answer of a dry run. `day`: the day that the totals are of."""

    rows: list[ClaimRow]
    day: date
    before: Totals
    after: Totals
    warnings: list[str] = field(default_factory=list)

    @property
    def ready(self) -> list[ClaimRow]:
        return [r for r in self.rows if r["accepted"]]

    @property
    def quiet(self) -> list[ClaimRow]:
        return [r for r in self.rows if r["verdict"] in QUIET]

    @property
    def wrong(self) -> list[ClaimRow]:
        return [r for r in self.rows if not r["accepted"] and r["verdict"] not in QUIET]

    def told(self) -> dict[str, Any]:
        """As it is kept with the list that was sent."""
        counts = {"ready": len(self.ready), "wrong": len(self.wrong), "quiet": len(self.quiet)}
        kept = {"rows": self.rows, "counts": counts, "warnings": self.warnings, "day": self.day.isoformat()}
        return kept | {"before": asdict(self.before), "after": asdict(self.after)}


def review(consortium: Consortium, claims: Sequence[Claim], *, on: date, reason: str) -> Verdicts:
    """A verdict for each row, as things stand now; in an open entry, under its lock. Writes nothing.

    About fifteen queries, whatever the number of rows.
    """
    known = _Members(consortium, {c.code for c in claims})
    words = [w for w in REASONS if w in MembershipWord.objects.of(WordKind.JOIN).values_list("key", flat=True)]
    first: dict[str, int] = {}
    rows = []
    with clock.asked_once():
        for claim in claims:
            rows.append(_row(claim, known, words, on, reason, first.get(claim.code)))
            if claim.code:
                first.setdefault(claim.code, claim.line)
    _suggest(rows, on, known.trusts(on))
    day = max((date.fromisoformat(r["on"]) for r in rows if r["accepted"]), default=on)
    return Verdicts(rows, day, *_totals(known, consortium, rows, day))


def _row(claim: Claim, known: _Members, words: Collection[str], on: date, reason: str, before: int | None) -> ClaimRow:
    day, wrong = _day(claim.day, on)
    said_reason = claim.reason.strip().lower().replace(" ", "_") or reason
    column, value = "practice code", claim.code
    if not claim.code:
        verdict, message = "not_a_code", "There is no practice code on this line."
    elif before is not None:
        verdict, message = "duplicate", f"{shown(claim.code)} is listed already, on line {before}."
    elif wrong:
        verdict, message, column, value = "bad_date", wrong, "from", claim.day
    elif said_reason not in words:
        verdict, column, value = "bad_reason", "reason", claim.reason
        message = f"“{shown(value)}” is no reason to give here; give one of {', '.join(words)}."
    else:
        verdict, message = known.verdict(claim.code, day)
        if verdict in ("outside_life", "closed", "not_open"):
            column, value = "from", day.isoformat()
    if todo := TO_DO.get(verdict):
        message = f"{message} {todo}"
    return ClaimRow(
        line=claim.line,
        code=claim.code,
        name=known.name(claim.code, day),
        verdict=verdict,
        message=message,
        suggestion="",
        accepted=verdict in ACCEPTED,
        column=column,
        value=value,
        on=day.isoformat(),
        reason=said_reason,
    )


def _day(text: str, on: date) -> tuple[date, str]:
    """The day of a row, and what is wrong with it."""
    if not text.strip():
        return on, ""
    try:
        return require_day(read_day(text)), ""
    except ValueError:
        return on, f"“{shown(text)}” is not a real date; write it as 2011-04-01 or 1/4/2011."
    except Refused as refused:
        return on, refused.message


def _disputed(consortium: Consortium, practices: list[int]) -> dict[int, datetime]:
    """The practices whose last answer to this consortium is a dispute that nobody has settled since, and when it was: a
    claim ended and made again does not make them claimed without a word of theirs."""
    answers = MembershipAnswer.objects.filter(consortium=consortium, practice__in=practices, taken_back_on=None)
    last = answers.order_by("practice", "-pk").distinct("practice").values_list("practice", "answer", "at")
    settled = Settlement.objects.filter(consortium=consortium, practice__in=practices).order_by("pk")
    since = dict(settled.values_list("practice", "at"))
    return {pk: at for pk, answer, at in last if answer == Answer.DISPUTED and not (pk in since and since[pk] >= at)}


class _Members(Known):
    """Beside the facts of the practices: whose they are on each day, and when the consortium exists."""

    MAY = "be a member"

    def __init__(self, consortium: Consortium, codes: Collection[str]) -> None:
        super().__init__(codes)
        self.consortium = consortium
        pks = list(self.pks.values())
        self.held = spells(Membership, pks, "consortium")
        told = ConsortiumParticulars.objects.current().filter(consortium=consortium)
        life = told.annotate(_from=Lower("effective"), _to=Upper("effective")).order_by("_from")
        self.life = [Spell(start, end, ()) for start, end in life.values_list("_from", "_to")]
        self.disputed = _disputed(consortium, pks)
        others = {s.values[0] for found in self.held.values() for s in found} - {consortium.pk}
        self.names = _names(others)
        self.recorded = {
            (practice, other): at
            for practice, other, at in Membership.objects.filter(practice__in=pks, consortium__in=others)
            .order_by()
            .values_list("practice", "consortium")
            .annotate(at=Min("opened_by__at"))
        }

    def standing(self, code: str, pk: int, day: date) -> Verdict | None:
        return self._outside_life(day) or self.elsewhere(code, pk, day)

    def elsewhere(self, code: str, pk: int, day: date) -> Verdict | None:
        """Whose it is on the day; where nobody's, but somebody's later: a claim holds until then."""
        if outside := self._outside_life(day):
            return outside
        held = self.held.get(pk, [])
        now = next((s for s in held if s.contains(day)), None)
        if now is not None and now.values[0] == self.consortium.pk:
            return "already", f"{code} is a member since {said_of(self._since(held, now))}."
        if now is not None:
            return "claimed_elsewhere", self._claimed(code, pk, held, now)
        if pk in self.disputed:
            on = said(clock.london_date(self.disputed[pk]))
            return (
                "disputed",
                f"{code} wrote on {on} that it is no member of this consortium, and that is not settled.",
            )
        later = next((s for s in held if s.start is not None and s.start > day), None)
        if later is not None:
            return "ok", f"Until {said_of(last_day(later.start))}: then it is of {self._named(later.values[0])}."
        return None

    def _claimed(self, code: str, pk: int, held: Sequence[Spell], now: Spell) -> str:
        other = now.values[0]
        recorded = said(clock.london_date(self.recorded[pk, other]))
        return (
            f"{code} belongs to {self._named(other)} since {said_of(self._since(held, now))}, recorded on {recorded}. "
            "Ask the practice or that consortium for a transfer, or leave it out."
        )

    def _named(self, consortium: int) -> str:
        if consortium == self.consortium.pk:
            return "this consortium"
        ref, name = self.names[consortium]
        return f"{name} ({ref})" if name else ref

    @staticmethod
    def _since(held: Sequence[Spell], now: Spell) -> date | None:
        """The first day of the unbroken stretch with that consortium."""
        since = now.start
        for spell in reversed(held):
            if spell.end is not None and spell.end == since and spell.values == now.values:
                since = spell.start
        return since

    def _outside_life(self, day: date) -> Verdict | None:
        if any(s.contains(day) for s in self.life):
            return None
        ref = self.consortium.ref
        later = next((s.start for s in self.life if s.start is not None and s.start > day), None)
        if later is not None:
            return "outside_life", f"{ref} begins on {said(later)}, after {said(day)}. Give a day from then on."
        ended = self.life[-1].end if self.life else None
        last = f": its last day was {said_of(last_day(ended))}" if ended else ""
        return "outside_life", f"{ref} did not exist on {said(day)}{last}. Give a day within its life."


def _names(consortia: Collection[int]) -> dict[int, tuple[str, str]]:
    """Reference and latest name of consortia."""
    found = {pk: (ref, "") for pk, ref in Consortium.objects.filter(pk__in=consortia).values_list("pk", "ref")}
    told = ConsortiumParticulars.objects.current().filter(consortium__in=consortia).annotate(_from=Lower("effective"))
    for pk, ref, name in told.order_by("_from").values_list("consortium", "consortium__ref", "name"):
        found[pk] = (ref, name)
    return found


def _suggest(rows: Sequence[ClaimRow], day: date, trusts: set[str]) -> None:
    lacked = {r["code"] for r in rows if r["verdict"] in ("unknown", "not_a_code")}
    meant = probably_meant(lacked, {r["code"] for r in rows}, day, trusts)
    for row in rows:
        if row["code"] in meant:
            row["suggestion"], name = meant[row["code"]]
            row["message"] += f" Did you mean {row['suggestion']}, {name}?"


def _totals(
    known: _Members, consortium: Consortium, rows: Sequence[ClaimRow], day: date
) -> tuple[Totals, Totals, list[str]]:
    """Members and people of the consortium on the day as it stands and with what is ready; and what is odd about it."""
    members = set(
        Membership.objects.current()
        .filter(consortium=consortium, effective__contains=day)
        .values_list("practice", flat=True)
    )
    after = members | {known.pks[r["code"]] for r in rows if r["accepted"]}
    totals = [Totals(len(found), *people(found, day)) for found in (members, after)]
    return totals[0], totals[1], _straddling(after, day) if len(after) > len(members) else []


def _straddling(practices: Collection[int], day: date) -> list[str]:
    """Warnings, never refusals (domain.md rule 23): practices of several PCTs or SHAs."""
    belong = PracticeParent.objects.current().filter(practice__in=practices, effective__contains=day)
    pcts = Counter(belong.values_list("parent", flat=True))
    above = BodyParticulars.objects.current().filter(body__in=pcts, effective__contains=day)
    told = {body: (code, sha) for body, code, sha in above.values_list("body", "body__code", "above__code")}
    found = []
    if len(pcts) > 1:
        most = ", ".join(f"{told.get(pk, ('?', ''))[0]} ({n})" for pk, n in pcts.most_common(5))
        found.append(f"Its practices would be of {len(pcts)} PCTs: {most}{', ...' if len(pcts) > 5 else ''}.")
    shas = {sha for _, sha in told.values() if sha}
    if len(shas) > 1:
        found.append(f"Its practices would be of {len(shas)} SHAs: {', '.join(sorted(shas))}.")
    return found
