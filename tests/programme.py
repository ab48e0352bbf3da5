"""People and bids for tests, made by the programme's own actions.

`people()` gives one user a role; `draft(...)`, `submitted(...)`, `assessed(...)`, `decided(...)` give a bid that far on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from pathfinders import actions
from pathfinders.models import Bid, CriteriaSet, Criterion, Wave
from practices.models import Practice
from registry import outbox
from registry.models import RoleGrant, User
from tests import factories as make

FEBRUARY = date(2011, 2, 1)
RETURNED_ON = date(2011, 2, 8)
DECIDED_ON = date(2011, 2, 20)
ANNOUNCED_ON = date(2011, 3, 2)
CONDITION_DUE = date(2011, 6, 30)
_numbers = count(1)


def person(*roles: str, name: str = "", **objects: str) -> User:
    """A user who holds these roles; `role=ref` holds it for an object: person(pct_lead="5LE")."""
    user = User.objects.create_user(f"person{next(_numbers)}@example.org", name=name)
    kinds = {
        "sha_assessor": "sha",
        "pct_lead": "pct",
        "consortium_deputy": "bid",
        "consortium_lead": "consortium",
        "practice_manager": "practice",
    }
    for role, ref in [*((r, "") for r in roles), *objects.items()]:
        RoleGrant.objects.create(
            user=user,
            role=role,
            object_kind=kinds.get(role, "") if ref else "",
            object_ref=ref,
            period=(date(2010, 4, 1), None),
            given_by="system",
        )
    return user


@dataclass
class People:
    lead: User
    assessor: User
    approver: User
    admin: User


def people() -> People:
    return People(
        lead=person("consortium_lead", name="Lee Lead"),
        assessor=person("assessor", name="Ash Assessor"),
        approver=person("approver", name="Avery Approver"),
        admin=person("programme_admin", name="Addi Admin"),
    )


def criteria() -> list[Criterion]:
    return list(CriteriaSet.objects.get(scope="national", version=1).criteria.all())


def local_criteria(
    sha: str, version: int = 1, published_on: date = date(2010, 12, 1), keys: Sequence[str] = ("access", "finance")
) -> CriteriaSet:
    """An SHA's own published criteria."""
    made = CriteriaSet.objects.create(scope=sha, version=version, published_on=published_on)
    for position, key in enumerate(keys, start=1):
        made.criteria.create(position=position, key=key, title=f"{sha} {key}", question=f"What of {key}?")
    return made


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def draft(
    who: People,
    practices: Sequence[Practice] | None = None,
    *,
    name: str = "Southwark",
    as_at: date = FEBRUARY,
    local: bool = True,
) -> Bid:
    """A draft that could be submitted: one consortium, two practices, an answer per criterion (`local`: of its SHAs
    too)."""
    practices = practices if practices is not None else [make.make_practice(), make.make_practice()]
    bid = actions.draft_bid(by=who.lead, name=name, as_at=as_at)
    group = [{"name": f"{name} Health Commissioning", "form": "company"}]
    bid = actions.set_consortia(by=who.lead, bid=bid, version=bid.lead_version, consortia=group)
    codes = [p.code for p in practices]
    bid = actions.set_practices(by=who.lead, bid=bid, version=bid.lead_version, consortium=1, codes=codes)
    answers = {c.name_in_bid: f"About {c.title}" for c in (bid.asked() if local else criteria())}
    return actions.answer_criteria(by=who.lead, bid=bid, version=bid.lead_version, answers=answers)


def submitted(who: People, practices: Sequence[Practice] | None = None, **more: Any) -> Bid:
    bid = draft(who, practices, **more)
    return actions.submit_bid(by=who.lead, bid=bid, version=bid.lead_version, declared=True)


def assessing(who: People, practices: Sequence[Practice] | None = None, **more: Any) -> Bid:
    bid = submitted(who, practices, **more)
    return actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=who.assessor)


def returned(who: People, practices: Sequence[Practice] | None = None, **more: Any) -> Bid:
    bid = assessing(who, practices, **more)
    return actions.return_bid(
        by=who.assessor,
        bid=bid,
        version=bid.version,
        reasons=["information_missing"],
        text="Who leads it?",
        returned_on=RETURNED_ON,
    )


def assessed(who: People, practices: Sequence[Practice] | None = None, **more: Any) -> Bid:
    bid = assessing(who, practices, **more)
    met = {criterion.key: ("met", "") for criterion in criteria()}
    bid = actions.record_findings(by=who.assessor, bid=bid, version=bid.version, findings=met)
    return actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation="approved")


def decide(who: People, bid: Bid, wave: Wave | int, outcome: str = "approved", **more: Any) -> Bid:
    reasons = more.pop("reasons", [] if outcome == "approved" else ["finance"])
    if outcome == "approved_with_conditions":
        more.setdefault("conditions", [{"text": "Publish a governance plan", "due_on": CONDITION_DUE}])
    actions.decide_bid(
        by=more.pop("by", who.approver),
        bid=bid,
        version=more.pop("version", bid.version),
        outcome=outcome,
        reasons=reasons,
        text=more.pop("text", ""),
        wave=wave,
        decided_on=more.pop("decided_on", DECIDED_ON),
        **more,
    )
    return fresh(bid)


def wave(who: People, number: int = 3, announced_on: date = ANNOUNCED_ON) -> Wave:
    return actions.open_wave(by=who.admin, number=number, announced_on=announced_on)


def decided(
    who: People, in_wave: Wave, practices: Sequence[Practice] | None = None, outcome: str = "approved", **more: Any
) -> Bid:
    return decide(who, assessed(who, practices, **more), in_wave, outcome)


def release(who: People, in_wave: Wave) -> Any:
    """The whole way from an open wave to its release: decided, frozen, announced, letters read, confirmed."""
    ready(who, in_wave)
    return actions.release_wave(by=who.admin, wave=in_wave, version=fresh(in_wave).version)


def frozen(who: People, in_wave: Wave) -> Wave:
    """The wave, decided and frozen."""
    wave = fresh(in_wave)
    if wave.state in ("open", "closed"):
        actions.complete_wave(by=who.admin, wave=wave, version=wave.version)
    if fresh(wave).state == "decided":
        actions.freeze_wave(by=who.admin, wave=wave, version=fresh(wave).version)
    return fresh(wave)


def ready(who: People, in_wave: Wave) -> Wave:
    """The wave, frozen, with all that its release asks for."""
    wave = frozen(who, in_wave)
    number = wave.number
    actions.announce_wave(
        by=who.admin,
        wave=wave,
        version=wave.version,
        title=f"Wave {number}",
        text=f"Wave {number} is announced today.",
    )
    actions.read_letters(by=who.admin, wave=wave, version=fresh(wave).version)
    actions.confirm_wave(by=who.approver, wave=wave, version=fresh(wave).version)
    outbox.beat()
    return fresh(wave)
