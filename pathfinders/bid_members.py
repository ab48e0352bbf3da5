"""The practices that a bid names, as the register knew them on the bid's own date: a handful of queries for any bid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import FilteredRelation, OuterRef, QuerySet, Subquery

from consortia.models import ConsortiumParticulars
from pathfinders.models import Bid, BidPractice, ClaimAnswer
from pathfinders.states import BidState
from practices.list_sizes import Patients, list_sizes
from practices.models import BodyParticulars, PracticeParticulars, Status
from registry.authorization import Permission, may
from registry.models.fact import Lower
from registry.moment import Moment


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
    day = bid.as_at
    rows = [_named(*told) for told in _on_the_day(claims, day)]
    pks = [r.practice for r in rows]
    names, lists, others = _names(pks, day), list_sizes(pks, day), _other_bids(bid, pks, user)
    for row in rows:
        row.name, row.patients = names.get(row.practice, ""), lists.get(row.practice)
        row.other_bids = others.get(row.practice, [])
    return rows


def _on_the_day(claims: QuerySet[Any], day: date) -> QuerySet[Any, tuple[Any, ...]]:
    """Beside each claim the practice's status, PCT and consortium on the day, the latter two with their names."""
    moment = Moment(day, None)
    joined = {
        joined: FilteredRelation(f"practice__{facts}", condition=moment.q(f"practice__{facts}__"))
        for joined, facts in {"_status": "statuses", "_parent": "parents", "_member": "memberships"}.items()
    }
    body = BodyParticulars.objects.at(moment).filter(body=OuterRef("_parent__parent"))
    group = ConsortiumParticulars.objects.at(moment).filter(consortium=OuterRef("_member__consortium"))
    own = ("practice__code", "practice", "consortium", "consortium__name", "answer", "answer_text", "_status__status")
    pct = ("_parent__parent__code", Subquery(body.values("name")[:1]))
    return claims.annotate(**joined).values_list(
        *own, *pct, "_member__consortium__ref", Subquery(group.values("name")[:1])
    )


def _named(
    code: str, pk: int, consortium: int, group: str, answer: str, text: str, status: str | None, *areas: str | None
) -> Named:
    pct, pct_name, ref, ref_name = areas
    return Named(
        code,
        pk,
        consortium,
        group,
        status=Status(status).label if status else "Not open",
        pct=(pct, pct_name or "") if pct else None,
        belongs_to=(ref, ref_name or "") if ref else None,
        answer=answer,
        answer_text=text,
    )


def confirmations(named: Collection[Named]) -> dict[str, int]:
    """How many of the practices there are, and confirmed, disputed, are undecided, or have not answered."""
    said = Counter(n.answer for n in named)
    answers = {str(a): said[a] for a in ClaimAnswer.values}
    return {"practices": len(named), **answers, "silent": said[""]}


def _names(pks: Collection[int], day: date) -> dict[int, str]:
    """The name on the day, else the nearest one told."""
    known = PracticeParticulars.objects.current().filter(practice__in=pks).annotate(_from=Lower("effective"))
    names: dict[int, str] = {}
    for practice, start, name in known.order_by("practice", "_from").values_list("practice", "_from", "name"):
        if practice not in names or start is None or start <= day:
            names[practice] = name
    return names


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
