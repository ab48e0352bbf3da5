"""The submission to ministers: a wave's recommended bids with their numbers, and which can be decided as a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pathfinders.models import Bid, BidConsortium, BidPractice, Finding, Outcome, StaffInterest, Stage, Wave
from pathfinders.querysets import own_refs
from pathfinders.regions import bodies_of, sha_of
from pathfinders.states import OWN_BID, BidState, missing_right, why_not
from practices.list_sizes import list_sizes
from practices.models import BodyParticulars
from registry.authorization import Permission, may, objects_of

OWN_PAGE = {
    Outcome.CONDITIONS: "It is recommended for approval with conditions: give them on its own page.",
    Outcome.DEFERRED: "It is recommended to be deferred: give a reason on its own page.",
    Outcome.DECLINED: "It is recommended to be declined: give a reason on its own page.",
}


@dataclass
class Numbers:
    """Bids, the consortia in them, distinct practices, and people on the lists of those practices (domain.md rule 8)."""

    bids: int = 0
    consortia: int = 0
    practices: set[int] = field(default_factory=set)
    people: int = 0
    without_list: int = 0

    def add(self, line: Line) -> None:
        self.bids += 1
        self.consortia += line.numbers.consortia
        self.practices |= line.numbers.practices

    def count(self, lists: dict[int, Any]) -> Numbers:
        self.people = sum(lists[p].count for p in self.practices if p in lists)
        self.without_list = sum(p not in lists for p in self.practices)
        return self


@dataclass
class Line:
    """One bid of the submission. `why`: why it is not decided with the list, or None."""

    bid: Bid
    sha: str
    numbers: Numbers
    why: str | None


@dataclass
class Submission:
    """`lines` in name order; `by`: numbers for each (outcome recommended, SHA); `totals` for each outcome; `ready`:
    the lines that the list decides, with their numbers in `chosen`; `waiting`: bids not assessed yet."""

    wave: Wave
    lines: list[Line]
    by: dict[tuple[str, str], Numbers]
    totals: dict[str, Numbers]
    chosen: Numbers
    waiting: list[Bid]
    decided: int
    sha_names: dict[str, str]

    @property
    def ready(self) -> list[Line]:
        return [line for line in self.lines if line.why is None]

    @property
    def unready(self) -> list[Line]:
        return [line for line in self.lines if line.why is not None]


def unready(bid: Bid, user: Any, wave: Wave) -> str | None:
    """The sentence that says why a bid is not decided with the wave's list, or None. To staff who decide nothing it is
    told as to an approver without a part in it. Their right is asked for before the bid is looked at: of a bid of the
    user's own the sentence is always the same."""
    if bid.belongs_to(user):
        return OWN_BID
    decides = may(user, Permission.DECIDE_BID)
    if decides and (sentence := missing_right(bid, user, "decide")):
        return sentence
    if bid.wave_id != wave.pk:
        return f"It is not in wave {wave.number} any more."
    if bid.state == BidState.DECIDED:
        return "It is decided already."
    own = why_not(bid, user, "decide") if decides else None
    return own or OWN_PAGE.get(Outcome(bid.recommendation))


def submission(wave: Wave, user: Any, bids: Iterable[Bid]) -> Submission:
    """The wave's submission, from these bids of it (those that the user works on). A dozen queries for any wave."""
    rows = sorted(bids, key=lambda b: (b.name.casefold(), b.ref))
    recommended = [b for b in rows if b.state == BidState.ASSESSED]
    know_parts(recommended, user)
    lines = _lines(wave, user, recommended)
    lists = list_sizes({p for line in lines for p in line.numbers.practices}, wave.announced_on)
    by: dict[tuple[str, str], Numbers] = {}
    totals: dict[str, Numbers] = {}
    chosen = Numbers()
    for line in lines:
        line.numbers.count(lists)
        by.setdefault((line.bid.recommendation, line.sha), Numbers()).add(line)
        totals.setdefault(line.bid.recommendation, Numbers()).add(line)
        if line.why is None:
            chosen.add(line)
    for numbers in (*by.values(), *totals.values(), chosen):
        numbers.count(lists)
    waiting = [b for b in rows if b.state in (BidState.SUBMITTED, BidState.ASSESSING, BidState.RETURNED)]
    decided = sum(b.state == BidState.DECIDED for b in rows)
    return Submission(wave, lines, by, totals, chosen, waiting, decided, _sha_names(wave, lines))


def know_parts(bids: Sequence[Bid], user: Any) -> None:
    """Tell each bid at once what part the user has in it, which `why_not` would ask one by one."""
    log = Finding.pgh_event_model.objects  # type: ignore[attr-defined]  # made by pghistory
    assessed = set(log.filter(bid__in=bids, by=user.pk).values_list("bid", flat=True))
    replies = Stage.pgh_event_model.objects  # type: ignore[attr-defined]  # made by pghistory
    replied = set(replies.filter(bid__in=bids, replied_by=user.pk).values_list("bid", flat=True))
    codes, refs = objects_of(user, "practice_manager"), own_refs(user)
    managed = set(BidPractice.objects.filter(bid__in=bids, practice__code__in=codes).values_list("bid", flat=True))
    minted = set(BidConsortium.objects.filter(bid__in=bids, consortium__ref__in=refs).values_list("bid", flat=True))
    declared = StaffInterest.objects.filter(user=user.pk, ended_on=None).exists()
    for bid in bids:
        bid.know("assessed", user, bid.pk in assessed)
        bid.know("replied", user, bid.pk in replied)
        bid.know("practice", user, bid.pk in managed)
        bid.know("minted", user, bid.pk in minted)
        bid.know("interest", user, declared and StaffInterest.objects.of(user, bid))


def _lines(wave: Wave, user: Any, bids: list[Bid]) -> list[Line]:
    pks = [b.pk for b in bids]
    practices: dict[int, set[int]] = {}
    for bid, practice in BidPractice.objects.visible_to(user).filter(bid__in=pks).values_list("bid", "practice"):
        practices.setdefault(bid, set()).add(practice)
    consortia: dict[int, int] = {}
    for bid in BidConsortium.objects.visible_to(user).filter(bid__in=pks).values_list("bid", flat=True):
        consortia[bid] = consortia.get(bid, 0) + 1
    regions = bodies_of(pks)
    return [
        Line(
            bid,
            sha_of(regions.get(bid.pk, [])),
            Numbers(1, consortia.get(bid.pk, 0), practices.get(bid.pk, set())),
            unready(bid, user, wave),
        )
        for bid in bids
    ]


def _sha_names(wave: Wave, lines: list[Line]) -> dict[str, str]:
    codes = {line.sha for line in lines} - {""}
    told = BodyParticulars.objects.current().filter(body__code__in=codes, effective__contains=wave.announced_on)
    return dict(told.values_list("body__code", "name"))
