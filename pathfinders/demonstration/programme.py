"""The waves of the story: who bids, who is turned down, who is approved, and the release."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from consortia.models import Consortium
from pathfinders import actions
from pathfinders.demonstration import calendar, waves
from pathfinders.demonstration.bids import LED_BY_THE_DEMO, Desk, Verdict
from pathfinders.demonstration.groups import England, Group
from pathfinders.demonstration.people import LOCAL as LOCAL_PEOPLE
from pathfinders.demonstration.people import Cast, deputy_of, replying_for
from pathfinders.demonstration.words import GROUNDS, LEAVING, LETTERS, LOCAL, REPLIES, RETURNS
from pathfinders.models import Bid, Pathfinder, Stage, Wave
from pathfinders.states import BidState
from registry import clock
from registry.clock import on_day
from registry.models import User
from transitions.actions import set_milestone
from transitions.milestones import DEADLINE

CRITERIA = ("gp_backing", "clinical_leadership", "local_authority", "qipp")
OTHER_REASONS = ("governance", "membership_unclear", "finance", "information_missing")
OF_THE_DEMO = (BidState.DRAFT, BidState.RETURNED)
"""States in which the demo's own lead has the bid to work on."""
OUTSIDE = ("wave_capacity", "learning_elsewhere")
MERGING = 4
"""Groups of wave 2 that were gone by wave 3: 141 and 40 announced made 177."""


def deadline(admin: User) -> None:
    """By when every practice must be in a consortium, as the press gave it (domain.md section 3.1)."""
    set_milestone(
        by=admin,
        key=DEADLINE,
        name="Every practice is in a consortium",
        day=calendar.DEADLINE,
        words="autumn 2012",
        source="Pulse, “No time to lose in joining commissioning consortiums, GPs warned”, 2010",
        known_from=calendar.BEGINS,
    )


@dataclass
class Programme:
    england: England
    cast: Cast
    leads: dict[str, User] = field(default_factory=dict)

    def open(self, number: int) -> Wave:
        with clock.story_time(on_day(calendar.OPENED[number])):
            wave = actions.open_wave(by=self.cast.admin, number=number, announced_on=calendar.ANNOUNCED[number])
        waves.opened(self.cast, wave)
        return wave

    def decide_wave(self, number: int) -> Wave:
        """Open a wave and take all its bids to their decisions."""
        wave = self.open(number)
        desk = Desk(self.cast, wave, calendar.BIDS[number])
        for group in self.england.of_wave(number):
            desk.carry(group, self.leads[group.name], _approval(group, number))
        for group in self._turned_down(number):
            desk.carry(group, self.leads[group.name], _refusal(group, number))
        return wave

    def release(self, wave: Wave) -> None:
        waves.release(self.cast, wave)

    def _turned_down(self, number: int) -> list[Group]:
        """Groups of later waves that tried already; in wave 1 ESyDoc too."""
        failed = []
        for sha, counts in self.england.not_approved.items():
            later = [g for g in self.england.groups if g.sha == sha and number < g.wave < 6]
            wanted = counts[number - 1] if number <= len(counts) else 0
            failed += Random(f"turned down in {sha}, wave {number}").sample(later, min(wanted, len(later)))
        return failed + (self.england.of_wave(0) if number == 1 else [])

    def merge(self) -> None:
        """Four pathfinders of wave 2 become part of a neighbour of their own trust."""
        with clock.story_time(on_day(calendar.MERGED, hour=8)):
            for group, into in _neighbours(self.england.of_wave(2))[:MERGING]:
                actions.merge_pathfinders(
                    by=self.cast.admin,
                    pathfinder=pathfinder_of(group),
                    into=pathfinder_of(into),
                    on=calendar.MERGED,
                    reason=f"{group.name} has become part of {into.name}.",
                )

    def reshape(self) -> None:
        """Told in July 2011 of the first of August: two of Durham's seven consortia become one, a pathfinder is renamed."""
        durham = next(g for g in self.england.of_wave(1) if len(g.consortia) == 7)
        two = list(Consortium.objects.filter(bid__bid__name=durham.name, bid__bid__wave=1).order_by("ref")[:2])
        with clock.story_time(on_day(calendar.CHANGES_HEARD, hour=15)):
            actions.merge_consortia(
                by=self.cast.admin,
                on=calendar.RESHAPED,
                consortia=two,
                name="Durham Commissioning Together",
                reason="Their practices voted to work as one; the pathfinder stays as it is.",
            )
            group = next(g for g in self.england.of_wave(4) if not g.people and len(g.practices) > 5)
            actions.rename_pathfinder(
                by=self.cast.admin,
                on=calendar.RESHAPED,
                pathfinder=pathfinder_of(group),
                name=f"{group.name} and District",
                reason="Its members chose a name that says where all of them are.",
            )

    def leave_open(self) -> None:
        """The open wave: two bids in each state, and two requests, for a newcomer to work on."""
        self._requests()
        deputy_of(Consortium.objects.get(bid__bid__name=LED_BY_THE_DEMO).ref)
        desk = Desk(self.cast, self.open(6), calendar.BIDS[6])
        mine = self.cast.demo
        answered: list[Bid] = []
        returns = iter(RETURNS)
        # Drafts last: the newest of the lead's own bids stands first on their page.
        for group in sorted(self.england.of_wave(6), key=lambda g: g.state == BidState.DRAFT):
            upto = BidState(group.state)
            lead = mine["consortium_lead"] if upto in OF_THE_DEMO else self.leads[group.name]
            assessor = mine["assessor"] if upto in (BidState.ASSESSING, BidState.RETURNED) else None
            verdict = _refusal(group, 6) if group.outcome == "declined" else Verdict(text=LETTERS["approved"])
            if upto == BidState.RETURNED:
                verdict = Verdict("", *next(returns))
            bid = desk.carry(group, lead, verdict, upto, assessor)
            if upto in (BidState.ASSESSING, BidState.ASSESSED):
                with clock.story_time(on_day(desk.days.decided)):
                    actions.put_in_wave(by=self.cast.admin, bid=bid, version=bid.version, wave=desk.wave)
            if upto in (BidState.ASSESSED, BidState.DECIDED):
                answered.append(bid)
        self._reply(answered, desk)

    @staticmethod
    def _reply(bids: list[Bid], desk: Desk) -> None:
        """What PCTs and SHAs say of the bids that are far on; of the others they say nothing yet."""
        stages = list(Stage.objects.filter(bid__in=bids).select_related("bid", "body").order_by("bid__ref", "kind"))
        with clock.story_time(on_day(desk.days.assessed, hour=10)):
            people = replying_for(list(dict.fromkeys((s.kind, s.body.code) for s in stages)))
            for stage in stages:
                view, text = REPLIES[stage.kind]
                by = people[stage.body.code]
                asked = stage.criteria.criteria.all() if stage.criteria else ()
                found = {c.key: ("met", "") for c in asked}
                actions.give_opinion(by=by, stage=stage, version=stage.version, view=view, text=text, findings=found)

    def local_criteria(self) -> None:
        """London publishes criteria of its own, which the bids of the open wave answer."""
        rows = [{"key": key, "title": title, "question": question} for key, (title, question, _) in LOCAL.items()]
        with clock.story_time(on_day(calendar.LOCAL_CRITERIA)):
            actions.publish_criteria(
                by=self.cast.demo["sha_assessor"],
                scope=LOCAL_PEOPLE["sha_assessor"][1],
                published_on=calendar.LOCAL_CRITERIA,
                criteria=rows,
            )

    def _requests(self) -> None:
        """A review of the conditions of an approval waits to be settled, and a pathfinder's wish to leave."""
        reviewed = next(g for g in self._made_up(5) if _approval(g, 5).outcome == "approved_with_conditions")
        leaving = min(self._made_up(4), key=lambda g: len(g.practices))
        with clock.story_time(on_day(calendar.REQUESTS)):
            bid = bid_of(reviewed)
            actions.request_review(by=bid.lead, bid=bid, version=bid.lead_version, grounds=GROUNDS)
            bid = bid_of(leaving)
            actions.ask_to_withdraw(by=bid.lead, bid=bid, version=bid.lead_version, text=LEAVING)

    def _made_up(self, wave: int) -> list[Group]:
        return [g for g in self.england.of_wave(wave) if not g.named]


def bid_of(group: Group) -> Bid:
    """The bid with which a group was approved."""
    return Bid.objects.get(name=group.name, wave=group.wave)


def pathfinder_of(group: Group) -> Pathfinder:
    """The pathfinder that a group's approved bid became."""
    return Pathfinder.objects.get(decisions__bid=bid_of(group).ref)


def _neighbours(groups: list[Group]) -> list[tuple[Group, Group]]:
    """Pairs of groups in one trust, no group in two pairs."""
    pairs: list[tuple[Group, Group]] = []
    waiting: dict[str, Group] = {}
    for group in groups:
        pcts = {s.area.pct for s in group.practices}
        if len(pcts) > 1 or group.consortia or len(group.practices) < 3:
            continue
        other = waiting.pop(pct := pcts.pop(), None)
        if other is None:
            waiting[pct] = group
        else:
            pairs.append((group, other))
    return pairs


def _approval(group: Group, wave: int) -> Verdict:
    draw = Random(f"approval of {group.name} in wave {wave}")
    if draw.random() < 0.08:
        return Verdict("approved_with_conditions", (draw.choice(("governance", "finance")),), LETTERS["approved"])
    return Verdict(text=LETTERS["approved"])


def _refusal(group: Group, wave: int) -> Verdict:
    """Declined, or one in four deferred; mostly for one or two of the tests, sometimes for reasons outside them."""
    draw = Random(f"refusal of {group.name} in wave {wave}")
    outcome = "deferred" if draw.random() < 0.25 and group.wave else "declined"
    reasons = set(draw.sample(CRITERIA, draw.choice((1, 1, 2))))
    if draw.random() < 0.35:
        reasons.add(draw.choice(OTHER_REASONS))
    if draw.random() < 0.2:
        reasons = {draw.choice(OUTSIDE)}
    return Verdict(outcome, tuple(sorted(reasons)), LETTERS[outcome])
