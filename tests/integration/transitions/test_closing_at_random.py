"""What it must show 6: of any register, a close leaves no circle, shares that sum to 1, nobody unplaced, chains that
agree in both directions; it writes what was previewed, and its undo gives everything back."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consortia.actions.mint import mint_consortia
from consortia.models import Belonging, ConsortiumIdentifier, Membership
from pathfinders.reads.succession import chain
from pathfinders.views.public.history import last_body_name
from practices.models import (
    BodyParticulars,
    BodySuccession,
    ListSize,
    ParentBody,
    Practice,
    PracticeParent,
    PracticeParticulars,
    PracticeStatus,
)
from registry.errors import Refused
from registry.invariants import findings
from registry.journal import Writer
from registry.moment import Moment
from tests import programme as told
from tests.factories import quarter_days, writing
from tests.integration.transitions.closing_world import EVE, ON, standing, written
from transitions.actions import close_trusts, preview_close, undo_close
from transitions.closing.shares import shares
from transitions.invariants import RULES
from transitions.models import TransitionStage

SEEDS = [*range(4), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 80))]
LONG_AGO, LATER = date(2007, 4, 1), date(2013, 9, 1)


class Register:
    """Trusts of which some end as recorded, groups, consortia with and without codes, practices of every kind."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        with writing("random") as entry:
            authority = self.body(entry, "Q36", "sha", LONG_AGO)
            self.trusts = [
                self.body(entry, f"5A{n}", "pct", LONG_AGO, authority) for n in range(self.rng.randint(1, 4))
            ]
            self.groups = [
                self.body(entry, f"0{n}Q", "ccg", self.rng.choice((date(2012, 10, 1), ON))) for n in range(4)
            ]
            self.body(entry, "09Q", "ccg", date(2012, 10, 1), last=EVE)
            self.consortia = mint_consortia(entry, [(f"Group {n}", "") for n in range(6)], start=LONG_AGO)
            for n, consortium in enumerate(self.consortia):
                if self.rng.random() < 0.8:
                    code = [*(body.code for body in self.groups), "09Q", "55Q"][n]  # one that ended, one unknown
                    standing = "confirmed" if self.rng.random() < 0.8 else "provisional"
                    entry.set(ConsortiumIdentifier, (consortium.pk, "ods", code), LONG_AGO, None, (standing,))
            for n in range(self.rng.randint(3, 30)):
                self.practice(entry, n)

    def body(self, entry: Writer, code: str, kind: str, start: date, above: ParentBody | None = None, last: date | None = None) -> ParentBody:  # fmt: skip
        body = ParentBody.objects.create(code=code)
        open_ended = kind == "ccg" or self.rng.random() < 0.6
        end = ON if last or not open_ended else None
        values = (kind, f"Body {code}", "", above.pk if above else None, None, None)
        entry.set(BodyParticulars, (body.pk,), start, end, values)
        return body

    def practice(self, entry: Writer, n: int) -> None:
        rng, made = self.rng, Practice.objects.create(code=f"Z{n:05d}")
        key, trust = (made.pk,), rng.choice(self.trusts)
        entry.set(PracticeParticulars, key, LONG_AGO, None, (f"S {n}", "", "", "", 4 if rng.random() < 0.9 else 1))
        entry.set(PracticeStatus, key, LONG_AGO, None, ("D" if rng.random() < 0.15 else "A",))
        entry.set(PracticeParent, key, LONG_AGO, rng.choice((None, None, ON, LATER)), (trust.pk,))
        if rng.random() < 0.3:
            entry.set(PracticeParent, key, ON, rng.choice((None, LATER)), (rng.choice(self.groups).pk,))
        elif rng.random() < 0.8:
            entry.set(Membership, key, LONG_AGO, None, Belonging(rng.choice(self.consortia).pk, "claimed", "founding"))
        if rng.random() < 0.1:
            closed = rng.choice((date(2012, 1, 1), LATER))
            entry.set(PracticeStatus, key, closed, None, ("C",))
        if rng.random() < 0.8:
            entry.set(ListSize, key, *quarter_days("2012Q4"), ("2012Q4", rng.randint(0, 9_000)))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_of_any_register(seed: int) -> None:
    Register(seed)
    admin, before = told.person("programme_admin"), standing()
    plan = preview_close(by=admin)
    if plan.left:
        with pytest.raises(Refused) as blocked:
            close_trusts(by=admin, plan_hash=plan.hash, why="The Act")
        assert [row["code"] for row in blocked.value.detail] == [row.code for row in plan.left]
    explained = {row.code: "undecided" if row.why == "no_consortium" else "It waits" for row in plan.left}
    plan = preview_close(by=admin, explained=explained)
    assert standing() == before, "a rehearsal writes nothing"
    entry = close_trusts(by=admin, explained=explained, plan_hash=plan.hash, why="The Act")
    assert written(entry, labels()) == set(plan.changes)
    assert [finding.rule.name for finding in findings(RULES) if finding.rows] == []
    sums()
    chains()
    placed(set(explained))
    undo_close(by=admin, entry=entry, why="A trial")
    assert standing() == before


def labels() -> dict[str, str]:
    stage = TransitionStage.objects.first()
    return {stage.evidence.ref: "The national close of 1 April 2013"} if stage else {}


def sums() -> None:
    """Of each trust on the day: both shares sum to exactly 1, or people were nowhere counted."""
    parts = defaultdict(list)
    for row in BodySuccession.objects.current().exclude(successor__code="X24"):
        parts[row.predecessor_id].append((row.practice_share, row.people_share))
    for found in parts.values():
        if found[0] != (None, None):
            assert [sum(column) for column in zip(*found, strict=True)] == [Decimal(1), Decimal(1)]


def chains() -> None:
    names = {"before": last_body_name("predecessor", Moment.now()), "later": last_body_name("successor", Moment.now())}
    told_of = {b.code: chain(None, Moment.now(), b, names) for b in ParentBody.objects.all()}
    forth = {(code, step.code) for code, (_, later) in told_of.items() for step in later}
    assert forth == {(step.code, code) for code, (earlier, _) in told_of.items() for step in earlier}
    assert not any((b, a) in forth for a, b in forth)


def placed(explained: set[str]) -> None:
    """Said of the facts alone: who counts has a living group on the day, or was explained; and no trust is left."""
    counted = set(
        Practice.objects.filter(
            statuses__in=PracticeStatus.objects.current().filter(effective__contains=ON, status="A"),
            particulars__in=PracticeParticulars.objects.current().filter(effective__contains=ON, setting=4),
        ).values_list("code", flat=True)
    )
    groups = BodyParticulars.objects.current().filter(effective__contains=ON, kind="ccg").values("body")
    under = PracticeParent.objects.current().filter(effective__contains=ON, parent__in=groups)
    assert counted - set(under.values_list("practice__code", flat=True)) == explained
    open_still = BodyParticulars.objects.current().filter(kind__in=("pct", "sha"), effective__contains=ON)
    assert not open_still.exists()
    gone = PracticeParent.objects.current().filter(effective__overlap=(ON, None), parent__particulars__kind="pct")
    assert not gone.exists()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 60_000_000), min_size=1, max_size=250))
def test_shares_sum_to_one_and_are_a_step_off_at_most(counts: list[int]) -> None:
    found, whole = shares(counts), sum(counts)
    if not whole:
        assert found is None
        return
    assert found is not None and sum(found) == 1
    step = Decimal("0.00000001")
    assert all(abs(part - Decimal(n) / whole) < step and part >= 0 for part, n in zip(found, counts, strict=True))
    assert all(part == part.quantize(step) for part in found)
