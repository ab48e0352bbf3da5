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
from consortia.actions.answering import answer_by_link, answer_signed_in, take_back_answer
from consortia.actions.asking import ask_practices
from consortia.actions.changing import correct_claim, end_membership
from consortia.actions.claiming import claim
from consortia.actions.contacts import name_contact
from consortia.actions.left_out import say_why_left_out
from consortia.actions.settling import settle_dispute
from consortia.actions.transferring import agree_transfer, ask_transfer, decline_transfer
from consortia.actions.undoing import undo_change
from consortia.links import token_of
from consortia.models import (
    Answer,
    ConfirmationRequest,
    Consortium,
    LeftOut,
    Membership,
    MembershipAnswer,
    MembershipStatus,
    SettlementOutcome,
    TransferRequest,
)
from pathfinders.actions.merging import merge_consortia
from pathfinders.actions.splitting import split_consortium
from practices.models import Practice, PracticeParticulars, PracticeStatus
from registry.errors import Refused
from registry.models import Entry, EntryKind
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
        self.leads = {ref: told.person(consortium_lead=ref) for ref in ("GC0001", "GC0002", "GC0003")}
        self.managers = {p.pk: told.person(practice_manager=p.code) for p in self.practices}
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
            self.done[name, "done" if name in CASEWORK or Entry.objects.count() > before else "nothing to do"] += 1
        except Refused:
            assert Entry.objects.count() == before, f"{name} was refused and wrote"
            self.done[name, "refused"] += 1

    # What moves choose from

    def someone(self) -> Any:
        return self.rng.choice(self.staff)

    def keeper(self, group: Consortium) -> Any:
        """Who keeps its membership: its lead, where it has one of ours, or staff."""
        return self.rng.choice((self.leads.get(group.ref), self.someone())) or self.someone()

    def member(self) -> tuple[Practice, Consortium]:
        """A practice, and a consortium that it belonged to on some day, as the register says now."""
        held = list(Membership.objects.current().order_by("pk").select_related("practice", "consortium"))
        if not held:
            raise Refused("nobody", "There is no member.")
        one = self.rng.choice(held)
        return one.practice, one.consortium

    def one_of(self, model: Any, **which: Any) -> Any:
        found = list(model.objects.filter(**which).order_by("pk"))
        if not found:
            raise Refused("none", "There is none yet.")
        return self.rng.choice(found)

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


def claims(r: RandomMemberships) -> None:
    group = r.consortium()
    some = r.rng.sample(r.practices, r.rng.choice((1, 1, 2, 4)))
    claim(by=r.keeper(group), consortium=group, practices=some, on=r.day(), why="they joined")


def ends(r: RandomMemberships) -> None:
    practice, group = r.member()
    by = r.keeper(group)
    end_membership(by=by, consortium=group, practice=practice, on=r.day(), reason="resigned", why="it left")


def corrects_claim(r: RandomMemberships) -> None:
    practice, group = r.member()
    first = r.rng.choice((None, r.day()))
    by = r.keeper(group)
    correct_claim(by=by, consortium=group, practice=practice, on=r.day(), first_day=first, why="a wrong date")


def said(r: RandomMemberships) -> dict[str, str]:
    answer = r.rng.choice(Answer.values)
    return {"answer": answer, "reason": "not_agreed" if answer == Answer.DISPUTED else ""}


def answers(r: RandomMemberships) -> None:
    practice, group = r.member()
    answer_signed_in(by=r.managers[practice.pk], practice=practice, consortium=group, **said(r))


def answers_a_link(r: RandomMemberships) -> None:
    practice, group = r.member()
    by = r.keeper(group)
    if not ConfirmationRequest.objects.filter(practice=practice, consortium=group, state="open").exists():
        name_contact(by=r.staff[0], practice=practice, address=f"{practice.code}@example.org", origin="staff")
        ask_practices(by=by, consortium=group, practices=[practice])
    asked = r.one_of(ConfirmationRequest, practice=practice, consortium=group, state="open")
    answer_by_link(token=token_of(asked), **said(r))


def takes_an_answer_back(r: RandomMemberships) -> None:
    take_back_answer(answer=r.one_of(MembershipAnswer, taken_back_on=None))


def asks_to_move(r: RandomMemberships) -> None:
    practice, group = r.practice(), r.consortium()
    side = r.rng.choice(("practice", "consortium"))
    by = r.managers[practice.pk] if side == "practice" else r.keeper(group)
    ask_transfer(by=by, practice=practice, to=group, on=r.day(), side=side)


def answers_a_move(r: RandomMemberships) -> None:
    asked = r.one_of(TransferRequest, state__in=("at_practice", "at_consortium"))
    waits_for_practice = asked.state == "at_practice"
    by = r.managers[asked.practice_id] if waits_for_practice else r.keeper(asked.to_consortium)
    if r.rng.random() < 0.7:
        agree_transfer(by=by, transfer=asked)
    else:
        decline_transfer(by=by, transfer=asked)


def settles(r: RandomMemberships) -> None:
    disputed = r.one_of(Membership, recorded__upper_inf=True, status="disputed")
    outcome = r.rng.choice(SettlementOutcome.values)
    settle_dispute(
        by=r.someone(),
        practice=disputed.practice,
        consortium=disputed.consortium,
        outcome=outcome,
        reason="both were heard",
        on=r.rng.choice((None, r.day())),
        basis="The Act" if outcome == SettlementOutcome.ALLOCATED else "",
    )


def says_why_as_staff(r: RandomMemberships) -> None:
    practice = r.practice()
    by = r.rng.choice((r.someone(), r.managers[practice.pk]))
    say_why_left_out(by=by, practice=practice, reason="undecided", on=r.rng.choice((None, r.day())))


def undoes(r: RandomMemberships) -> None:
    """One of the last entries, by whoever wrote it."""
    entry = r.rng.choice(list(Entry.objects.order_by("-number")[:6]))
    everybody = [*r.staff, *r.leads.values(), *r.managers.values()]
    writer = next((user for user in everybody if user.ref == entry.actor), r.staff[0])
    undo_change(by=writer, entry=entry)


MOVES: list[tuple[str, Move]] = [
    *[("claim", claims)] * 8,
    *[("answer", answers)] * 5,
    *[("answer a link", answers_a_link)] * 3,
    *[("take an answer back", takes_an_answer_back)] * 2,
    *[("ask to move", asks_to_move)] * 3,
    *[("answer a move", answers_a_move)] * 3,
    *[("settle", settles)] * 3,
    *[("end", ends)] * 2,
    *[("correct a claim", corrects_claim)] * 2,
    *[("say why, by action", says_why_as_staff)] * 2,
    *[("undo", undoes)] * 4,
    *[("join", joins)] * 3,
    ("leave", leaves),
    *[("correct", corrects)] * 2,
    *[("import memberships", imports_memberships)] * 2,
    *[("import practices", imports_practices)] * 2,
    *[("say why", says_why)] * 2,
    ("list size", lists),
    ("close", closes),
    ("merge practices", merges_practices),
    ("register", registers),
    ("merge", merges),
    ("split", splits),
]
"""Every way in which a membership changes, by name, as often as it is to come up. A new action is added here."""
CASEWORK = {"ask to move"}
"""Those that write no entry."""
