"""What the register says of the practices that a bid names, as at the bid's own date: a verdict for every row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from consortia.models import ConsortiumParticulars, Membership
from consortia.practice_review import Known, Row, Verdict, said_of, shown, suggest
from pathfinders.models import Bid, BidConsortium

__all__ = ["ACCEPTED", "Row", "review", "shown"]
ACCEPTED = ("ok", "dormant", "claimed_elsewhere")
"""Verdicts with which a practice may be named; the last two are warnings. Others beside those of
`consortia.practice_review.Row`: duplicate, already."""


def review(
    bid: Bid, codes: Iterable[tuple[int, str]], *, consortium: BidConsortium | None = None, own: bool = False
) -> list[Row]:
    """A row per code. Practices of this `consortium` of the bid (`own`: of any) are not told to be named already."""
    codes = list(codes)
    known = _Named(bid, {code for _, code in codes}, ours=None if own else (consortium.pk if consortium else 0))
    first: dict[str, int] = {}
    rows = []
    for line, code in codes:
        if not code:
            verdict, message = "not_a_code", "There is no practice code on this line."
        elif code in first:
            verdict, message = "duplicate", f"{shown(code)} is listed already, on line {first[code]}."
        else:
            verdict, message = known.verdict(code, bid.as_at)
        first.setdefault(code, line)
        rows.append(
            Row(
                line=line,
                code=code,
                name=known.name(code, bid.as_at),
                verdict=verdict,
                message=message,
                suggestion="",
                accepted=verdict in ACCEPTED,
            )
        )
    suggest(rows, bid.as_at, known.trusts(bid.as_at))
    return rows


class _Named(Known):
    """Beside the facts what the bid names already (but for its consortium `ours`; None: nothing is told of)."""

    def __init__(self, bid: Bid, codes: set[str], *, ours: int | None) -> None:
        super().__init__(codes)
        pks, self.ours = list(self.pks.values()), ours
        named = [] if ours is None else bid.practices.filter(practice__in=pks).select_related("consortium")
        self.named = {p.practice_id: p.consortium for p in named}
        held = Membership.objects.current().filter(practice__in=pks, effective__contains=bid.as_at)
        self.held = dict(held.values_list("practice", "consortium__ref"))
        self.consortia = dict(
            ConsortiumParticulars.objects.current()
            .filter(consortium__ref__in=set(self.held.values()), effective__contains=bid.as_at)
            .values_list("consortium__ref", "name")
        )

    def standing(self, code: str, pk: int, day: date) -> Verdict | None:
        inside = self.named.get(pk)
        if inside is not None and inside.pk != self.ours:
            return "already", f"{code} is in this bid already, under {inside.name}."
        return self.elsewhere(code, pk, day)

    def elsewhere(self, code: str, pk: int, day: date) -> Verdict | None:
        """A warning, never a refusal: other bids are not told of, memberships are public."""
        ref = self.held.get(pk)
        if ref is None:
            return None
        name = self.consortia.get(ref, "")
        sentence = (
            f"{code} belonged to {name} ({ref}) on {said_of(day)}. It may be named, but will not be moved at "
            "release while it belongs elsewhere."
        )
        return "claimed_elsewhere", sentence
