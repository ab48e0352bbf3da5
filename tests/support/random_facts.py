"""Facts at random, of every kind that a row of a public list is made of: set, corrected, cut short and taken back, of
days in any order. Straight through the journal: what is told of a day is at stake, not who may say it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from consortia.models import (
    Belonging,
    ConsortiumIdentifier,
    ConsortiumParticulars,
    ConsortiumSuccession,
    LeftOut,
    Membership,
)
from pathfinders.models import PathfinderParticulars, PathfinderSuccession, ProgrammePlace
from practices.models import (
    BodyIdentifier,
    BodyParticulars,
    Branch,
    ListSize,
    OperationalLife,
    PracticeParent,
    PracticeParticulars,
    PracticePlace,
    PracticeStatus,
    PracticeSuccession,
)
from tests import factories as make

START = date(2010, 1, 1)
DAYS = [START + timedelta(days=n) for n in range(0, 900, 36)]
QUARTERS = ("2010Q1", "2010Q3", "2010Q4", "2011Q2")
Fact = tuple[Any, tuple[Any, ...], tuple[Any, ...]]


class RandomFacts:
    """A handful of bodies, the same for the same seed; `step()` writes one entry."""

    def __init__(self, seed: int) -> None:
        self.rng = rng = random.Random(seed)
        self.shas = [make.make_sha(code) for code in ("Q36", "Q37")]
        self.pcts = [make.make_pct(f"5Z{n}", sha=rng.choice(self.shas), last_day=date(2012, 3, 31)) for n in (1, 2)]
        self.practices = [
            make.make_practice(f"Z0000{n}", pct=rng.choice(self.pcts), opened=DAYS[n], patients=n * 100 or None)
            for n in range(4)
        ]
        self.groups = [make.make_consortium(f"GC000{n}", start=DAYS[n]) for n in (1, 2)]
        self.pathfinders = [
            make.make_pathfinder(f"PF000{n}", consortia=[group], announced_on=DAYS[5 * n], goes_live_on=DAYS[6 * n])
            for n, group in enumerate(self.groups, 1)
        ]

    def step(self) -> None:
        with make.writing("step") as entry:
            model, key, values = self.rng.choice(KINDS)(self)
            if model is ListSize:
                start, end = make.quarter_days(values[0])
            else:
                start, end = sorted(self.rng.sample(DAYS, 2))
                end = self.rng.choice((end, end, None))
            if self.rng.random() < 0.25:
                entry.clear(model, key, start, end)
            else:
                entry.set(model, key, start, end, values)

    def of(self, found: list[Any]) -> int:
        return self.rng.choice(found).pk

    def two(self, found: list[Any]) -> tuple[int, int]:
        one, other = self.rng.sample(found, 2)
        return one.pk, other.pk

    def word(self) -> str:
        return self.rng.choice(("ONE", "TWO"))

    def degrees(self) -> Decimal:
        return Decimal(self.rng.choice((1, 2)))

    def trust(self) -> Fact:
        kind = self.rng.choice(("pct", "care_trust"))
        where = (self.degrees(), self.degrees())
        return BodyParticulars, (self.of(self.pcts),), (kind, self.word(), "", self.of(self.shas), *where)

    def announced(self) -> Fact:
        first, announced, live = sorted(self.rng.sample(DAYS, 3))
        return PathfinderParticulars, (self.of(self.pathfinders),), (self.word(), 1, first, announced, live)


KINDS: tuple[Callable[[RandomFacts], Fact], ...] = (
    RandomFacts.trust,
    RandomFacts.announced,
    lambda r: (
        PracticeParticulars,
        (r.of(r.practices),),
        (r.word(), "", "ZZ1 1ZZ", r.word(), r.rng.choice((4, 4, 25))),  # a telephone that no row shows
    ),
    lambda r: (PracticeStatus, (r.of(r.practices),), (r.rng.choice("AACDP"),)),
    lambda r: (PracticeParent, (r.of(r.practices),), (r.of(r.pcts),)),
    lambda r: (PracticePlace, (r.of(r.practices),), (r.degrees(), r.degrees())),
    lambda r: (ListSize, (r.of(r.practices),), (r.rng.choice(QUARTERS), r.rng.randint(1, 9))),
    lambda r: (ListSize, (r.of(r.practices),), (r.rng.choice(QUARTERS), r.rng.randint(1, 9))),
    lambda r: (Branch, (r.of(r.practices), r.rng.choice(("001", "002"))), (r.word(), "", "")),
    lambda r: (PracticeSuccession, r.two(r.practices), ("absorb",)),
    lambda r: (
        Membership,
        (r.of(r.practices),),
        Belonging(r.of(r.groups), r.rng.choice(("claimed", "disputed")), "joined"),
    ),
    lambda r: (
        Membership,
        (r.of(r.practices),),
        Belonging(r.of(r.groups), r.rng.choice(("claimed", "disputed")), r.rng.choice(("joined", "founding"))),
    ),
    lambda r: (LeftOut, (r.of(r.practices),), ("undecided", r.rng.choice(("practice", "pct")))),
    lambda r: (ConsortiumParticulars, (r.of(r.groups),), (r.word(), r.word())),
    lambda r: (ProgrammePlace, (r.of(r.pathfinders), r.of(r.groups)), ()),
    lambda r: (ConsortiumSuccession, r.two(r.groups), ("absorb", None)),
    lambda r: (PathfinderSuccession, r.two(r.pathfinders), ("absorb", None)),
    lambda r: (OperationalLife, (r.of(r.pcts),), ()),
    lambda r: (BodyIdentifier, (r.pcts[0].pk, "other", "X1"), (r.rng.choice(("provisional", "confirmed")),)),
    lambda r: (ConsortiumIdentifier, (r.groups[0].pk, "other", "X2"), (r.rng.choice(("provisional", "confirmed")),)),
)
