"""Bids on their way, by the programme's ordinary actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import Any

from pathfinders import actions
from pathfinders.demonstration import names
from pathfinders.demonstration.groups import Group
from pathfinders.demonstration.people import Cast
from pathfinders.demonstration.words import ANSWERS, CONDITIONS, FINDINGS, INTERESTS, LOCAL, PARTNERS
from pathfinders.models import Bid, CriteriaSet, Criterion, Wave
from pathfinders.states import BidState
from registry import clock
from registry.clock import on_day
from registry.models import User

LED_BY_THE_DEMO = "Lambeth Commissioning Consortium"
STEPS = (BidState.DRAFT, BidState.SUBMITTED, BidState.ASSESSING, BidState.ASSESSED, BidState.DECIDED)


@dataclass(frozen=True)
class Days:
    """When the bids of a wave were handed in, recommended and decided."""

    submitted: date
    assessed: date
    decided: date


@dataclass(frozen=True)
class Verdict:
    """A decision; or, without an outcome, why a bid goes back to its lead and what is asked."""

    outcome: str = "approved"
    reasons: tuple[str, ...] = ()
    text: str = ""


@dataclass
class Desk:
    """The programme's desk in one wave: takes a group's bid as far as wanted.

    The bids of the wave `told_whole`, and that of the demo's own lead, name leaders and partners too.
    """

    cast: Cast
    wave: Wave
    days: Days
    told_whole: int = 6

    @cached_property
    def criteria(self) -> list[Criterion]:
        return list(CriteriaSet.objects.get(scope="national", version=1).criteria.all())

    def carry(
        self,
        group: Group,
        lead: User,
        verdict: Verdict,
        upto: BidState = BidState.DECIDED,
        assessor: User | None = None,
    ) -> Bid:
        """A bid of this group, from its draft up to a state."""
        draw = Random(f"bid of {group.name} in wave {self.wave.number}")
        steps = STEPS[: STEPS.index(BidState.ASSESSING if upto == BidState.RETURNED else upto) + 1]
        with clock.story_time(on_day(self.days.submitted)):
            bid = self._draft(group, lead, draw)
            if BidState.SUBMITTED in steps:
                bid = actions.submit_bid(by=lead, bid=bid, version=bid.lead_version, declared=True)
        assessor = assessor or draw.choice(self.cast.assessors)
        with clock.story_time(on_day(self.days.assessed)):
            if BidState.ASSESSING in steps:
                bid = self._assess(bid, assessor, verdict, draw, whole=BidState.ASSESSED in steps)
            if upto == BidState.RETURNED:
                asked, text = verdict.reasons, verdict.text
                bid = actions.return_bid(by=assessor, bid=bid, version=bid.version, reasons=asked, text=text)
        if BidState.DECIDED in steps:
            with clock.story_time(on_day(self.days.decided)):
                self._decide(bid, verdict)
        return bid

    def _draft(self, group: Group, lead: User, draw: Random) -> Bid:
        bid = actions.draft_bid(by=lead, name=group.name, as_at=self.days.submitted)
        more = {"form": group.form} if group.form else {}
        if told_whole := self.wave.number == self.told_whole or group.name == LED_BY_THE_DEMO:
            more["partners"] = Random(f"partners of {group.name}").choice(PARTNERS)
        if more:
            bid = actions.edit_bid(by=lead, bid=bid, version=bid.lead_version, **more)
        consortia = group.consortia or [group.name]
        rows = [{"name": name, "form": group.form} for name in consortia]
        bid = actions.set_consortia(by=lead, bid=bid, version=bid.lead_version, consortia=rows)
        for position, codes in enumerate(_shared(group, len(consortia)), start=1):
            bid = actions.set_practices(by=lead, bid=bid, version=bid.lead_version, consortium=position, codes=codes)
        words = {"name": group.name, "town": group.practices[0].town}
        answers = {c.key: draw.choice(ANSWERS[c.key]).format(**words) for c in self.criteria}
        if told_whole:
            bid = self._leaders(bid, group, lead)
            local = [c for c in bid.asked() if c.key in LOCAL]
            answers |= {c.name_in_bid: LOCAL[c.key][2].format(**words) for c in local}
        return actions.answer_criteria(by=lead, bid=bid, version=bid.lead_version, answers=answers)

    def _leaders(self, bid: Bid, group: Group, lead: User) -> Bid:
        """The lead and two colleagues; one in three could gain."""
        draw = Random(f"leaders of {group.name}")
        people = [(lead.name, "Chair"), (names.doctor(draw), "Vice-chair"), (names.doctor(draw), "Clinical lead")]
        rows = []
        for name, post in people:
            gains = draw.random() < 0.33
            how = draw.choice(INTERESTS).format(town=group.practices[0].town) if gains else ""
            rows.append({"name": name, "post": post, "could_gain": gains, "how": how})
        return actions.set_leaders(by=lead, bid=bid, version=bid.lead_version, leaders=rows)

    def _assess(self, bid: Bid, assessor: User, verdict: Verdict, draw: Random, *, whole: bool) -> Bid:
        bid = actions.assign_bid(by=assessor, bid=bid, version=bid.version, assessor=assessor)
        told = self.criteria if whole else self.criteria[:2]
        findings = {c.key: self._finding(c, verdict, draw) for c in told}
        bid = actions.record_findings(by=assessor, bid=bid, version=bid.version, findings=findings)
        if not whole:
            return bid
        return actions.complete_assessment(by=assessor, bid=bid, version=bid.version, recommendation=verdict.outcome)

    @staticmethod
    def _finding(criterion: Criterion, verdict: Verdict, draw: Random) -> tuple[str, str]:
        if criterion.key in verdict.reasons:
            return draw.choice(("not", "partly")), draw.choice(FINDINGS[criterion.key])
        if draw.random() < 0.12:
            return "partly", draw.choice(FINDINGS[criterion.key])
        return "met", ""

    def _decide(self, bid: Bid, verdict: Verdict) -> None:
        actions.decide_bid(
            by=self.cast.approver,
            bid=bid,
            version=bid.version,
            outcome=verdict.outcome,
            reasons=verdict.reasons,
            text=verdict.text,
            wave=self.wave,
            decided_on=self.days.decided,
            conditions=self._conditions(verdict),
        )

    def _conditions(self, verdict: Verdict) -> list[dict[str, Any]]:
        if verdict.outcome != "approved_with_conditions":
            return []
        due_on = self.days.decided + timedelta(days=120)
        return [{"text": CONDITIONS[reason], "due_on": due_on} for reason in verdict.reasons]


def _shared(group: Group, consortia: int) -> list[list[str]]:
    """The codes of each consortium: neighbours together, sizes alike."""
    codes: Sequence[str] = [s.code for s in group.practices]
    cuts = [len(codes) * n // consortia for n in range(consortia + 1)]
    return [list(codes[a:b]) for a, b in zip(cuts, cuts[1:], strict=False)]
