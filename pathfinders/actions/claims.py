"""The practices that a bid names: a dry run, the writing, all or none, and what each practice answers."""

from __future__ import annotations

from collections.abc import Sequence

from pathfinders.actions.work import not_founded, text_of, working_on
from pathfinders.claims_review import Row, review
from pathfinders.models import Bid, BidConsortium, BidPractice, ClaimAnswer
from pathfinders.states import ACTIONS, guard
from practices.models import Practice
from practices.pasting import MOST_CODES, pasted
from registry import clock
from registry.authorization import Permission, objects_of, require
from registry.casework import step
from registry.errors import Refused, not_allowed
from registry.models import User


def check_practices(
    *, by: User, bid: Bid, text: str | Sequence[tuple[int, str]], consortium: BidConsortium | int | None = None
) -> list[Row]:
    """What would come of naming these practices, row by row, as at the bid's date. Writes nothing.

    `text`: codes as pasted, or `(line, code)` as read from a file. With `consortium`, the practices that it has
    already are not told of. See `claims_review.Row`.
    """
    require(by, Permission.DRAFT_BID)
    if not bid.belongs_to(by):
        raise not_allowed("This bid belongs to another lead; only they and their deputies may do this.")
    chosen = None if consortium is None else _consortium(bid, consortium)
    return review(bid, _few(pasted(text) if isinstance(text, str) else list(text)), consortium=chosen)


def set_practices(
    *, by: User, bid: Bid, version: int, consortium: BidConsortium | int, codes: str | Sequence[str]
) -> Bid:
    """The practices of one consortium (the row or its position) of a draft: these and no others.

    All or none: raises Refused on `practices` with every row in `detail` where one may not be named; 409 where the bid
    has made a pathfinder. A code given twice is named once.
    """
    text = codes if isinstance(codes, str) else "\n".join(codes)
    with working_on(bid, by=by, action="edit", version=version, verb="set_practices") as draft:
        not_founded(draft)
        chosen = _consortium(draft, consortium)
        rows = review(draft, _few(pasted(text)), consortium=chosen)
        refused = [r for r in rows if not r["accepted"] and r["verdict"] != "duplicate"]
        if refused:
            raise Refused(
                "practices_refused", _sentence(refused, len(rows)), field="practices", detail=[dict(r) for r in rows]
            )
        wanted = {r["code"] for r in rows}
        _name(draft, chosen, wanted)
    return draft


def _name(draft: Bid, consortium: BidConsortium, codes: set[str]) -> None:
    """Leave in a consortium of a draft the practices of these codes, and no others."""
    there = dict(consortium.practices.values_list("practice__code", "pk"))
    if gone := [pk for code, pk in there.items() if code not in codes]:
        consortium.practices.filter(pk__in=gone).delete()
    new = Practice.objects.filter(code__in=codes - there.keys()).values_list("pk", flat=True)
    BidPractice.objects.bulk_create([BidPractice(bid=draft, consortium=consortium, practice_id=pk) for pk in new])


def answer_claim(*, by: User, bid: Bid, practice: Practice | str, answer: str, text: str = "") -> BidPractice:
    """What a practice says to a bid that names it (the practice or its code): confirmed, disputed or undecided.

    It belongs to the bid's row and becomes the status of the membership at release (domain.md rule 3); it moves no
    version, so that no page of staff's or the lead's goes stale by it. It may be changed until the announcement.
    Raises Refused: 403 where the practice is not the user's; 409 after the announcement; 422 on `answer`, on `text`
    where a dispute does not say why.
    """
    rule = ACTIONS["answer_claim"]
    code = practice.code if isinstance(practice, Practice) else practice
    with step(by=by, action=rule.name, permission=rule.permission, bid=bid.ref, practice=code):
        locked = Bid.objects.select_for_update().get(pk=bid.pk)
        guard(locked, by, rule.name)
        row = locked.practices.filter(practice__code=code).first()
        if row is None or code not in objects_of(by, "practice_manager"):
            raise not_allowed(f"{code} is not a practice of yours that this bid names.")
        if answer not in ClaimAnswer.values:
            raise Refused("no_answer", "Say whether it is right, wrong, or not settled yet.", field="answer")
        words = text_of(text, field="text", what="What you write", most=2_000)
        if answer == ClaimAnswer.DISPUTED and not words:
            raise Refused("no_text", "Say what is wrong: the assessor and the bid's lead read it.", field="text")
        row.answer, row.answer_text = answer, words
        row.answered_by, row.answered_on = by, clock.today()
        row.save(update_fields=["answer", "answer_text", "answered_by", "answered_on"])
    return row


def _few(codes: list[tuple[int, str]]) -> list[tuple[int, str]]:
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
