"""The practices that a bid names: a dry run, and the writing, all or none."""

from __future__ import annotations

from collections.abc import Sequence

from pathfinders.actions.work import working_on
from pathfinders.claims_review import Row, review
from pathfinders.models import Bid, BidConsortium, BidPractice
from pathfinders.practice_codes import pasted
from practices.models import Practice
from registry.authorization import Permission, require
from registry.errors import Refused, not_allowed
from registry.models import User

MOST_CODES = 1_000
"""More codes than this in one paste is some other file."""


def check_practices(*, by: User, bid: Bid, text: str, consortium: BidConsortium | int | None = None) -> list[Row]:
    """What would come of naming these practices, row by row, as at the bid's date. Writes nothing.

    With `consortium`, the practices that it has already are not told of. See `claims_review.Row`.
    """
    require(by, Permission.DRAFT_BID)
    if not bid.belongs_to(by):
        raise not_allowed("This bid belongs to another lead; only they and their deputies may do this.")
    chosen = None if consortium is None else _consortium(bid, consortium)
    return review(bid, _codes(text), consortium=chosen)


def set_practices(
    *, by: User, bid: Bid, version: int, consortium: BidConsortium | int, codes: str | Sequence[str]
) -> Bid:
    """The practices of one consortium (the row or its position) of a draft: these and no others.

    All or none: raises Refused on `practices` with every row in `detail` where one may not be named. A code given
    twice is named once.
    """
    text = codes if isinstance(codes, str) else "\n".join(codes)
    with working_on(bid, by=by, action="edit", version=version, verb="set_practices") as draft:
        chosen = _consortium(draft, consortium)
        rows = review(draft, _codes(text), consortium=chosen)
        refused = [r for r in rows if not r["accepted"] and r["verdict"] != "duplicate"]
        if refused:
            raise Refused(
                "practices_refused", _sentence(refused, len(rows)), field="practices", detail=[dict(r) for r in rows]
            )
        wanted = {r["code"] for r in rows}
        chosen.practices.exclude(practice__code__in=wanted).delete()
        there = set(chosen.practices.values_list("practice__code", flat=True))
        new = Practice.objects.filter(code__in=wanted - there)
        BidPractice.objects.bulk_create([BidPractice(bid=draft, consortium=chosen, practice=p) for p in new])
    return draft


def _codes(text: str) -> list[tuple[int, str]]:
    codes = pasted(text)
    if len(codes) > MOST_CODES:
        raise Refused(
            "too_many",
            f"That is {len(codes):,} codes; up to {MOST_CODES:,} can be pasted at once. Is it another file?",
            field="practices",
        )
    return codes


def _consortium(bid: Bid, consortium: BidConsortium | int) -> BidConsortium:
    wanted = {"pk": consortium.pk} if isinstance(consortium, BidConsortium) else {"position": consortium}
    found = bid.consortia.filter(**wanted).first()
    if found is None:
        raise Refused("no_consortium", "That consortium is not in this bid any more.", field="consortium")
    return found


def _sentence(refused: list[Row], of: int) -> str:
    first = refused[0]["message"]
    if len(refused) == 1:
        return f"One of {of} codes cannot be named, and none was saved. {first}"
    return f"{len(refused)} of {of} codes cannot be named, and none was saved. The first: {first}"
