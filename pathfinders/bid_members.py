"""The practices that a bid names, as the register knew them on the bid's own date: a handful of queries for any bid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from consortia.models import ConsortiumParticulars, Membership
from pathfinders.models import Bid, BidPractice, ClaimAnswer
from pathfinders.states import BidState
from practices.list_sizes import Patients, list_sizes
from practices.models import BodyParticulars, PracticeParent, PracticeParticulars, PracticeStatus, Status
from registry.authorization import Permission, may
from registry.models.fact import Lower


@dataclass
class Named:
    """One practice of a bid. `belongs_to`: (reference, name) of the consortium it belonged to on the day;
    `other_bids`: references of other bids that name it, told to programme staff only; `answer`: what it said to this
    bid ("" while silent), with its words."""

    code: str
    practice: int
    consortium: int
    group: str
    name: str = ""
    status: str = ""
    patients: Patients | None = None
    pct: tuple[str, str] | None = None
    belongs_to: tuple[str, str] | None = None
    other_bids: list[str] = field(default_factory=list)
    answer: str = ""
    answer_text: str = ""

    @property
    def elsewhere(self) -> bool:
        return bool(self.belongs_to or self.other_bids)


def named_in(bid: Bid, user: Any) -> list[Named]:
    """The bid's practices in order of consortium and code, with what the register says of each."""
    claims = BidPractice.objects.visible_to(user).filter(bid=bid).order_by("consortium__position", "practice__code")
    rows = [
        Named(code, pk, consortium, group, answer=answer, answer_text=text)
        for code, pk, consortium, group, answer, text in claims.values_list(
            "practice__code", "practice", "consortium", "consortium__name", "answer", "answer_text"
        )
    ]
    pks, day = [r.practice for r in rows], bid.as_at
    names = _names(pks, day)
    statuses = dict(_on(PracticeStatus, pks, day).values_list("practice", "status"))
    lists, pcts = list_sizes(pks, day), _pcts(pks, day)
    held, others = _held(pks, day), _other_bids(bid, pks, user)
    for row in rows:
        row.name = names.get(row.practice, "")
        row.status = Status(statuses[row.practice]).label if row.practice in statuses else "Not open"
        row.patients, row.pct = lists.get(row.practice), pcts.get(row.practice)
        row.belongs_to, row.other_bids = held.get(row.practice), others.get(row.practice, [])
    return rows


def confirmations(named: Collection[Named]) -> dict[str, int]:
    """How many of the practices there are, and confirmed, disputed, are undecided, or have not answered."""
    said = Counter(n.answer for n in named)
    answers = {str(a): said[a] for a in ClaimAnswer.values}
    return {"practices": len(named), **answers, "silent": said[""]}


def _on(model: Any, pks: Collection[int], day: date) -> Any:
    return model.objects.current().filter(practice__in=pks, effective__contains=day)


def _names(pks: Collection[int], day: date) -> dict[int, str]:
    """The name on the day, else the nearest one told."""
    known = PracticeParticulars.objects.current().filter(practice__in=pks).annotate(_from=Lower("effective"))
    names: dict[int, str] = {}
    for practice, start, name in known.order_by("practice", "_from").values_list("practice", "_from", "name"):
        if practice not in names or start is None or start <= day:
            names[practice] = name
    return names


def _pcts(pks: Collection[int], day: date) -> dict[int, tuple[str, str]]:
    parents = {p: (pk, code) for p, pk, code in _on(PracticeParent, pks, day).values_list(
        "practice", "parent", "parent__code"
    )}  # fmt: skip
    bodies = BodyParticulars.objects.current().filter(
        body__in={pk for pk, _ in parents.values()}, effective__contains=day
    )
    names = dict(bodies.values_list("body", "name"))
    return {practice: (code, names.get(pk, "")) for practice, (pk, code) in parents.items()}


def _held(pks: Collection[int], day: date) -> dict[int, tuple[str, str]]:
    held = {p: (pk, ref) for p, pk, ref in _on(Membership, pks, day).values_list(
        "practice", "consortium", "consortium__ref"
    )}  # fmt: skip
    told = ConsortiumParticulars.objects.current().filter(
        consortium__in={pk for pk, _ in held.values()}, effective__contains=day
    )
    names = dict(told.values_list("consortium", "name"))
    return {practice: (ref, names.get(pk, "")) for practice, (pk, ref) in held.items()}


def _other_bids(bid: Bid, pks: Collection[int], user: Any) -> dict[int, list[str]]:
    """Other bids before release that name these practices: casework, told to programme staff alone."""
    if not may(user, Permission.SEE_CASEWORK) or bid.belongs_to(user):
        return {}
    claims = (
        BidPractice.objects.visible_to(user)
        .filter(practice__in=pks)
        .exclude(bid=bid)
        .exclude(bid__state__in=(BidState.DRAFT, BidState.WITHDRAWN, BidState.RELEASED))
        .order_by("bid__ref")
    )
    found: dict[int, list[str]] = {}
    for practice, ref in claims.values_list("practice", "bid__ref"):
        found.setdefault(practice, []).append(ref)
    return found
