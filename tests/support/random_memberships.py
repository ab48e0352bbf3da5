"""Memberships at random: several people claim, answer, move, merge, close, correct, import and undo, in any order, of
the past and of days to come. What an action refuses is refused: the register goes on."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from consortia.actions import (
    close_practice,
    correct_membership,
    import_memberships,
    join,
    leave,
    merge_practices,
    register_consortium,
)
from consortia.models import Consortium, LeftOut, Membership, MembershipStatus
from pathfinders.actions.merging import merge_consortia
from pathfinders.actions.splitting import split_consortium
from practices.models import Practice, PracticeParticulars, PracticeStatus
from registry.errors import Refused
from registry.models import Entry, EntryKind
from registry.undoing import take_back
from tests import factories as make
from tests import programme as told

FIRST = date(2010, 12, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(0, 560, 28)]
LATER = (None, None, None, date(2011, 8, 31), date(2012, 1, 31))
QUARTERS = ("2010Q3", "2010Q4", "2011Q2", "2012Q1")


class RandomMemberships:
    """A small England and its people, the same for the same seed. `step()` does one thing; `done` counts what was
    done and what was refused."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.rng, self.folder = random.Random(seed), folder
        self.staff = [told.person("programme_admin") for _ in range(2)]
        sha = make.make_sha()
        self.pcts = [make.make_pct(code, sha=sha) for code in ("5Z1", "5Z2")]
        self.practices = [self._practice(n) for n in range(14)]
        for n in range(3):
            make.make_consortium(f"GC{n + 1:04}", start=FIRST, last_day=self.rng.choice(LATER))
        self.done: Counter[tuple[str, str]] = Counter()

    def _practice(self, n: int) -> Practice:
        rng = self.rng
        return make.make_practice(
            f"{'W' if n == 13 else 'Z'}{n:05}",
            pct=rng.choice(self.pcts),
            setting=25 if n == 12 else 4,
            status="D" if n == 11 else "A",
            last_day=rng.choice(LATER),
            patients=rng.randint(1, 9_000) if n % 4 else None,
            quarter=rng.choice(QUARTERS),
        )

    def step(self) -> None:
        self.step_of(*self.rng.choice(MOVES))

    def step_of(self, name: str, move: Move) -> None:
        """One move; one that is refused writes nothing."""
        before = Entry.objects.count()
        try:
            move(self)
            self.done[name, "done" if Entry.objects.count() > before else "nothing to do"] += 1
        except Refused:
            assert Entry.objects.count() == before, f"{name} was refused and wrote"
            self.done[name, "refused"] += 1

    # What moves choose from

    def someone(self) -> Any:
        return self.rng.choice(self.staff)

    def practice(self) -> Practice:
        return self.rng.choice(self.practices)

    def consortium(self) -> Consortium:
        return self.rng.choice(list(Consortium.objects.order_by("ref")))

    def day(self) -> date:
        return self.rng.choice(DAYS)

    def span(self) -> tuple[date, date | None]:
        start, end = sorted(self.rng.sample(DAYS, 2))
        return start, self.rng.choice((end, end, None))

    def status(self) -> str:
        return self.rng.choice(MembershipStatus.values)


Move = Callable[[RandomMemberships], Any]


def joins(r: RandomMemberships) -> None:
    status = r.status()
    join(
        by=r.someone(),
        practice=r.practice(),
        consortium=r.consortium(),
        on=r.day(),
        status=status,
        reason="joined",
        why="told",
        basis="The Act" if status == "allocated" else "",
    )


def leaves(r: RandomMemberships) -> None:
    leave(by=r.someone(), practice=r.practice(), on=r.day(), why="it left")


def corrects(r: RandomMemberships) -> None:
    start, end = r.span()
    group = r.rng.choice((None, r.consortium()))
    correct_membership(
        by=r.someone(),
        practice=r.practice(),
        start=start,
        end=end,
        consortium=group,
        status=r.status(),
        reason="corrected",
        why="it was wrong",
    )


def imports_memberships(r: RandomMemberships) -> None:
    path = r.folder / f"{r.rng.random()}.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["practice", "consortium", "from", "to", "status"])
        for practice in r.rng.sample(r.practices, r.rng.randint(1, 6)):
            start, end = r.span()
            rows.writerow([practice, r.consortium(), start, end or "", r.status()])
    import_memberships(by=r.someone(), path=path, skip_refused=r.rng.random() < 0.7)


def imports_practices(r: RandomMemberships) -> None:
    """As a file of practices writes: statuses and settings from a day on, several at once."""
    with make.writing("import_practices", EntryKind.IMPORT) as entry:
        for practice in r.rng.sample(r.practices, 2):
            start, end = r.span()
            if r.rng.random() < 0.8:
                entry.set(PracticeStatus, (practice.pk,), start, end, (r.rng.choice("AACDP"),))
            else:
                own = ("THE SURGERY", "", "", "", r.rng.choice((4, 4, 25)))
                entry.set(PracticeParticulars, (practice.pk,), start, end, own)


def closes(r: RandomMemberships) -> None:
    close_practice(by=r.someone(), practice=r.practice(), last_day=r.day(), reason="closed")


def lists(r: RandomMemberships) -> None:
    make.make_list_size(r.practice(), r.rng.choice(QUARTERS), r.rng.randint(1, 9_000))


def merges_practices(r: RandomMemberships) -> None:
    merge_practices(by=r.someone(), practice=r.practice(), into=r.practice(), on=r.day(), reason="one surgery")


def registers(r: RandomMemberships) -> None:
    if Consortium.objects.count() > 6:
        raise Refused("enough", "There are enough.")
    register_consortium(by=r.someone(), name=f"Group {r.rng.random()}", on=r.day(), reason="it exists")


def merges(r: RandomMemberships) -> None:
    groups = r.rng.sample(list(Consortium.objects.order_by("ref")), 2)
    into = r.rng.choice((None, groups[0]))
    merge_consortia(by=r.someone(), consortia=groups, into=into, name="" if into else "New", on=r.day(), reason="one")


def splits(r: RandomMemberships) -> None:
    group, on = r.consortium(), r.day()
    here = Membership.objects.current().filter(consortium=group, effective__endswith__gt=on)
    open_ended = Membership.objects.current().filter(consortium=group, effective__endswith=None)
    codes = sorted({m.practice.code for m in [*here, *open_ended]})
    cut = r.rng.randint(0, len(codes))
    parts: list[dict[str, Any]] = [
        {"name": "East", "practices": codes[:cut]},
        {"name": "West", "practices": codes[cut:]},
    ]
    split_consortium(by=r.someone(), consortium=group, parts=parts, on=on, reason="too large")


def says_why(r: RandomMemberships) -> None:
    start, end = r.span()
    with make.writing("say_why_left_out") as entry:
        entry.set(LeftOut, (r.practice().pk,), start, end, (r.rng.choice(("undecided", "objection")), "pct"))


def undoes(r: RandomMemberships) -> None:
    """A change of one membership, and its undoing at once: what it restores, it restores as it stood just before."""
    r.rng.choice((joins, leaves, corrects))(r)
    newest = Entry.objects.order_by("-number")[0]
    if newest.action not in ("join", "leave", "correct_membership"):
        return  # that change changed nothing
    with make.writing("undo", EntryKind.CORRECTION) as entry:
        take_back(entry, newest)


MOVES: list[tuple[str, Move]] = [
    *[("join", joins)] * 6,
    *[("leave", leaves)] * 2,
    *[("correct", corrects)] * 3,
    *[("import memberships", imports_memberships)] * 2,
    *[("import practices", imports_practices)] * 2,
    *[("say why", says_why)] * 2,
    *[("undo", undoes)] * 2,
    ("list size", lists),
    ("close", closes),
    ("merge practices", merges_practices),
    ("register", registers),
    ("merge", merges),
    ("split", splits),
]
"""Every way in which a membership changes, by name, as often as it is to come up. A new action is added here."""
