"""Programmes at random, small and awkward: practices that are closed, dormant, Welsh, no surgery, without a list or with
a later one, of no PCT, members elsewhere, named twice; three waves of bids, some decided again in a later one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from consortia.models import Belonging, Membership
from pathfinders import actions
from pathfinders.models import APPROVALS, Bid, BidConsortium, BidPractice, CriteriaSet, Decision, Finding, Wave
from practices.models import ListSize, ParentBody, Practice, PracticeParent, PracticeParticulars, PracticeStatus
from registry.timeline import first_day_out
from tests import factories as make
from tests import programme as told

DAYS = (told.ANNOUNCED_ON, date(2011, 5, 4), date(2011, 9, 7))
LAST_DAYS = (date(2011, 1, 31), date(2011, 3, 1), date(2011, 3, 2), date(2011, 5, 20), date(2013, 6, 30))
QUARTERS = ("2010Q3", "2010Q4", "2011Q1", "2011Q2", "2011Q4", "2013Q2")
ANSWERS = ("", "", "confirmed", "confirmed", "disputed", "undecided")
OUTCOMES = ("approved", "approved", "approved", "approved_with_conditions", "deferred", "declined")


class RandomProgramme:
    """One England and its bids, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.who, self.reviewer = told.people(), told.person("approver", name="Rae Reviewer")
        shas = [make.make_sha(f"Q3{n}") for n in range(self.rng.randint(2, 4))]
        self.pcts = [
            make.make_pct(f"5A{n}", sha=self.rng.choice(shas), kind=self.rng.choice(("pct", "pct", "care_trust")))
            for n in range(self.rng.randint(3, 6))
        ]
        self.practices = self._practices(self.rng.randint(30, 60))
        self._members_elsewhere()

    def wave(self, number: int) -> Wave:
        """The next wave, with assessed bids and, of those before, some that a minister opened again."""
        wave = told.wave(self.who, number, DAYS[number - 1])
        for n in range(self.rng.randint(2, 6)):
            # Of one name with another now and then, and in another order than their references
            self._bid(wave, f"{self.rng.choice('abcD')} of {self.rng.choice((number, number, 0))}-{n % 4}")
        for bid in Bid.objects.filter(state="released").order_by("ref"):
            if self.rng.random() < (0.6 if bid.decision_number == 1 else 0.9):
                self._opened_again(bid, wave)
        return wave

    def chosen(self, wave: Wave) -> list[Bid]:
        """Some of the wave's bids, and most of those that are decided for the third time."""
        bids = list(Bid.objects.filter(wave=wave, state="assessed").order_by("ref"))
        some = self.rng.sample(bids, self.rng.randint(0, len(bids)))
        return some + [b for b in bids if b not in some and b.decision_number > 1 and self.rng.random() < 0.7]

    def decide(self, wave: Wave, chosen: Sequence[Bid]) -> None:
        """These are approved, the others are not."""
        approved = {bid.pk for bid in chosen}
        for bid in Bid.objects.filter(wave=wave, state="assessed").order_by("ref"):
            outcome = self.rng.choice([o for o in OUTCOMES if (o in APPROVALS) == (bid.pk in approved)])
            number = bid.decision_number + 1
            Decision.objects.create(
                bid=bid,
                number=number,
                outcome=outcome,
                reasons=[] if outcome == "approved" else ["finance"],
                decided_by=self.who.approver,
                decided_on=wave.announced_on - timedelta(days=7),
                wave=wave,
            )
            Bid.objects.filter(pk=bid.pk).update(state="decided", decision_number=number, outcome=outcome)

    def _practices(self, many: int) -> list[Practice]:
        codes = [f"{'W' if self.rng.random() < 0.05 else 'Z'}{n:05}" for n in range(many)]
        made = [Practice(code=code) for code in codes]
        with make.writing(kind="import") as entry:
            made = Practice.objects.bulk_create(made)
            for model in (PracticeStatus, PracticeParticulars, PracticeParent, ListSize):
                entry.new(model, [(p.pk,) for p in made])
            for practice in made:
                self._life(entry, practice)
                for quarter in self.rng.sample(QUARTERS, self.rng.choice((0, 1, 1, 2))):
                    size = (quarter, self.rng.randint(1, 20_000))
                    entry.set(ListSize, (practice.pk,), *make.quarter_days(quarter), size)
        return made

    def _life(self, entry: Any, practice: Practice) -> None:
        rng, key = self.rng, (practice.pk,)
        end = first_day_out(rng.choice(LAST_DAYS)) if rng.random() < 0.25 else None
        setting = 25 if rng.random() < 0.08 else 4
        entry.set(PracticeStatus, key, make.LONG_AGO, end, ("D" if rng.random() < 0.08 else "A",))
        if end:
            entry.set(PracticeStatus, key, end, None, ("C",))
        entry.set(PracticeParticulars, key, make.LONG_AGO, None, ("THE SURGERY", "", "", "", setting))
        if rng.random() < 0.1:  # another name from some day on, or another setting
            changed = ("ANOTHER", "", "", "", rng.choice((4, 4, 25)))
            entry.set(PracticeParticulars, key, rng.choice(LAST_DAYS), None, changed)
        if rng.random() < 0.95:
            entry.set(PracticeParent, key, make.LONG_AGO, end, (self._pct().pk,))

    def _pct(self) -> ParentBody:
        return self.rng.choice(self.pcts)

    def _members_elsewhere(self) -> None:
        """Of consortia outside the programme: then, before, or from a later day on."""
        group = make.make_consortium("GC0900", start=make.LONG_AGO)
        alive = list(PracticeStatus.objects.current().filter(effective__upper_inf=True).exclude(status="C"))
        with make.writing("make_membership") as entry:
            entry.new(Membership, [(life.practice_id,) for life in alive])
            for life in self.rng.sample(alive, len(alive) // 6):
                start, end = self.rng.choice(((date(2011, 1, 1), None), (date(2011, 1, 1), DAYS[0]), (DAYS[1], None)))
                entry.set(Membership, (life.practice_id,), start, end, Belonging(group.pk, "claimed", "joined"))

    def _bid(self, wave: Wave, name: str) -> None:
        rng, criteria = self.rng, CriteriaSet.objects.get(scope="national")
        ref = f"BID-2011-{Bid.objects.count() + 1:04}"
        bid = Bid.objects.create(ref=ref, lead=self.who.lead, name=name, as_at=told.FEBRUARY)
        groups = BidConsortium.objects.bulk_create(
            BidConsortium(bid=bid, position=n, name=f"{name}, {n}") for n in range(1, rng.randint(1, 3) + 1)
        )
        BidPractice.objects.bulk_create(
            BidPractice(bid=bid, consortium=rng.choice(groups), practice=practice)
            for practice in rng.sample(self.practices, rng.randint(1, len(self.practices) // 4))
        )
        self._answers(bid)
        mine = Bid.objects.filter(pk=bid.pk)
        mine.update(state="submitted", submitted_on=told.FEBRUARY, criteria=criteria)
        mine.update(state="assessing", assessor=self.who.assessor)
        Finding.objects.bulk_create(
            Finding(bid=bid, criterion=c, finding=rng.choice(("met", "not")), note="x", by=self.who.assessor)
            for c in criteria.criteria.all()
        )
        live = rng.choice((None, wave.announced_on, wave.announced_on + timedelta(days=60)))
        recommended = {"recommendation": rng.choice(OUTCOMES), "assessed_on": told.DECIDED_ON}
        mine.update(state="assessed", wave=wave, goes_live_on=live, **recommended)

    def _answers(self, bid: Bid) -> None:
        for claim in BidPractice.objects.filter(bid=bid):
            if answer := self.rng.choice(ANSWERS):
                said = {"answered_by": self.who.lead, "answered_on": told.FEBRUARY}
                BidPractice.objects.filter(pk=claim.pk).update(answer=answer, **said)

    def _opened_again(self, bid: Bid, wave: Wave) -> None:
        bid = actions.reverse_decision(
            by=self.reviewer, bid=bid, version=bid.version, on_behalf_of="A minister", reason="Seen again"
        )
        live = self.rng.choice((None, wave.announced_on + timedelta(days=30)))
        Bid.objects.filter(pk=bid.pk).update(wave=wave, goes_live_on=live)
