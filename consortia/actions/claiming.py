"""A lead claims practices for the consortium, many at once: a dry run, and the writing, all or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from consortia.actions.membership import belong, require_word
from consortia.claims import REASONS, Verdicts, review
from consortia.membership_file import Claim
from consortia.models import Consortium, Membership, MembershipReason, MembershipStatus, WordKind
from consortia.permissions import require_keeper
from practices.models import Practice, PracticeParticulars, PracticeStatus
from practices.pasting import MOST_CODES, pasted
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason
from registry.errors import Refused
from registry.journal import Writer
from registry.models import Entry, User
from registry.moment import read_snapshot


def check_claims(
    *,
    by: User,
    consortium: Consortium,
    rows: str | Sequence[Claim],
    on: date,
    reason: str = MembershipReason.JOINED,
) -> Verdicts:
    """What would come of claiming these, row by row; writes nothing. `rows`: codes as pasted, or `Claim`s.

    Raises Refused: 403 where the consortium is another's; on `on`, `reason`, `practices`.
    """
    require_keeper(by, consortium)
    require_claim(on, reason)
    with read_snapshot():
        return review(consortium, claims_of(rows), on=on, reason=reason)


def claim(
    *,
    by: User,
    consortium: Consortium,
    practices: Iterable[Practice | str],
    on: date,
    reason: str = MembershipReason.JOINED,
    why: str,
) -> Entry:
    """All of these practices are members from `on`, status claimed, until what is recorded to happen next; or none.

    Raises Refused with every row in `detail`: 409 "claimed_elsewhere" where another consortium has one of them (the
    sentence says which and since when), 409 "already_members", 422 "claims_refused" for anything else; on a day of the
    past, of today or to come.
    """
    codes = [p.code if isinstance(p, Practice) else p for p in practices]
    require_keeper(by, consortium)
    require_claim(on, reason)
    claims = claims_of([Claim(n, code) for n, code in enumerate(codes, start=1)])
    with journal.entry(by=by, action="claim", kind=kind_on(on), reason=require_reason(why)) as entry:
        write_claims(entry, consortium, claims, on=on, reason=reason)
    assert entry.entry is not None
    return entry.entry


def require_claim(on: date, reason: str) -> None:
    """Refuse a day or a reason that cannot be a claim's."""
    require_day(on)
    require_word(reason, WordKind.JOIN)
    if reason not in REASONS:
        raise Refused("bad_reason", f"“{reason}” is not for claims; give one of {', '.join(REASONS)}.", field="reason")


def claims_of(rows: str | Sequence[Claim]) -> list[Claim]:
    """Rows to check. Raises Refused on `practices` where there is none, or more are pasted than can be meant."""
    if isinstance(rows, str):
        rows = [Claim(line, code) for line, code in pasted(rows)]
        if len(rows) > MOST_CODES:
            raise Refused(
                "too_many",
                f"That is {len(rows):,} codes; up to {MOST_CODES:,} can be pasted at once. Send them as a file.",
                field="practices",
            )
    if not rows:
        raise Refused("none", "Paste the practices' codes, or choose a file.", field="practices")
    return list(rows)


def write_claims(entry: Writer, consortium: Consortium, claims: Sequence[Claim], *, on: date, reason: str) -> None:
    """In the open entry: look again at each, under its lock; write all, or raise Refused as `claim` does."""
    verdicts = review(consortium, claims, on=on, reason=reason)
    if len(verdicts.ready) < len(verdicts.rows):
        raise _refused(verdicts)
    ready = [(r, date.fromisoformat(r["on"])) for r in verdicts.rows]
    practices = {p.code: p for p in Practice.objects.filter(code__in=[r["code"] for r in verdicts.rows])}
    keys = [(p.pk,) for p in practices.values()]
    for model in (Membership, PracticeStatus, PracticeParticulars):
        entry.load(model, keys)
    for row, day in ready:
        belong(
            entry,
            practices[row["code"]],
            consortium,
            day,
            status=MembershipStatus.CLAIMED,
            reason=row["reason"],
        )


def _refused(verdicts: Verdicts) -> Refused:
    """The reason that most needs somebody first."""
    rows = [r for r in verdicts.rows if not r["accepted"]]
    taken = [r for r in rows if r["verdict"] == "claimed_elsewhere"]
    code, status, first = "claims_refused", 422, (verdicts.wrong or rows)[0]
    if taken:
        code, status, first = "claimed_elsewhere", 409, taken[0]
    elif not verdicts.wrong and all(r["verdict"] == "already" for r in rows):
        code, status = "already_members", 409
    many = f"{len(rows)} of {len(verdicts.rows)} practices cannot be added" if len(rows) > 1 else ""
    intro = f"{many}, and none was. The first: " if many else "Nothing was written. "
    return Refused(
        code, intro + first["message"], field="practices", status=status, detail=[dict(r) for r in verdicts.rows]
    )
