"""How the members of a consortium stand, and what waits for its lead and deputies: the lead's home and Monday's letter.

Reads alone, each a fixed number of queries however many members there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from consortia.attested import Attested, standing
from consortia.models import (
    Channel,
    ConfirmationRequest,
    Consortium,
    ConsortiumParticulars,
    Membership,
    MembershipStatus,
    Proof,
    TransferRequest,
    WorkItem,
)
from consortia.quarters import said_quarter
from consortia.states import RequestState, TransferState
from registry.actions.checks import said
from registry.moment import Moment

REMINDED_AFTER = timedelta(days=7)
"""A practice is not reminded within a week of the last letter."""
ASKED_BEFORE = timedelta(days=30)
"""How long before the end of a quarter its attestation becomes a task."""
LATE, ATTEST, DISPUTED, REMIND, WORK, TRANSFER = URGENCY = (
    "attestation_late", "attest", "disputed", "remind", "work", "transfer",
)  # fmt: skip


class Counts(NamedTuple):
    """Members on a day by how sure they are; `paper`: those of the confirmed that signed on paper."""

    members: int = 0
    confirmed: int = 0
    unanswered: int = 0
    disputed: int = 0
    undecided: int = 0
    allocated: int = 0
    paper: int = 0

    @property
    def words(self) -> str:
        """33 of 40 confirmed, 5 unanswered, 2 disputed."""
        if not self.members:
            return "No members"
        told = [f"{self.confirmed} of {self.members} confirmed"]
        told += [
            f"{n} {name}"
            for name in ("unanswered", "disputed", "undecided", "allocated")
            if (n := getattr(self, name))
        ]
        return ", ".join(told)


class Task(NamedTuple):
    """Something that waits. `path`: where it is done; with `button`, that is one press (a POST)."""

    kind: str
    ref: str
    words: str
    path: str
    button: str = ""


class Waiting(NamedTuple):
    """One consortium, for one keeper."""

    consortium: Consortium
    name: str
    counts: Counts
    attested: Attested
    tasks: tuple[Task, ...]

    @property
    def path(self) -> str:
        return f"/lead/consortia/{self.consortium.ref}/"


def waiting(user: Any, refs: Sequence[str], moment: Moment) -> list[Waiting]:
    """The consortia of these references that are there on the day, by reference, each with what waits in it for the
    user."""
    names = ConsortiumParticulars.objects.at(moment).filter(consortium=OuterRef("pk")).values("name")[:1]
    own = Consortium.objects.visible_to(user).filter(ref__in=refs).annotate(name=Subquery(names))
    found = list(own.filter(name__isnull=False).order_by("ref"))
    if not found:
        return []
    counts, attested = counts_of(moment, found), standing(moment, found)
    due = remindable(user, found, moment)
    work = _counted(WorkItem.objects.visible_to(user).open().filter(consortium__in=found), "consortium")
    asked = TransferRequest.objects.visible_to(user).filter(state=TransferState.AT_CONSORTIUM, to_consortium__in=found)
    moves, today = _counted(asked, "to_consortium"), moment.as_of
    return [
        Waiting(
            c,
            c.name,  # type: ignore[attr-defined]
            counts[c.pk],
            attested[c.pk],
            tuple(_tasks(c, counts[c.pk], attested[c.pk], len(due.get(c.pk, ())), work[c.pk], moves[c.pk], today)),
        )
        for c in found
    ]


def most_pressing(found: Sequence[Waiting]) -> list[Task]:
    """What waits in all of them, the most pressing first."""
    return sorted((t for w in found for t in w.tasks), key=lambda t: (URGENCY.index(t.kind), t.ref))


def counts_of(moment: Moment, consortia: Sequence[Consortium]) -> dict[int, Counts]:
    of = {
        "confirmed": Q(status=MembershipStatus.CONFIRMED),
        "unanswered": Q(status=MembershipStatus.CLAIMED),
        "disputed": Q(status=MembershipStatus.DISPUTED),
        "undecided": Q(status=MembershipStatus.UNDECIDED),
        "allocated": Q(status=MembershipStatus.ALLOCATED),
        "paper": Q(status=MembershipStatus.CONFIRMED, proof=Proof.PAPER),
    }
    rows = Membership.objects.at(moment).filter(consortium__in=consortia).values("consortium")
    told = rows.annotate(members=Count("pk"), **{name: Count("pk", filter=q) for name, q in of.items()})
    by_pk = {row.pop("consortium"): Counts(**row) for row in told}
    return {c.pk: by_pk.get(c.pk, Counts()) for c in consortia}


def remindable(user: Any, consortia: Sequence[Consortium], moment: Moment) -> dict[int, list[int]]:
    """By consortium, the practices that have not answered what was mailed to them a week ago or longer."""
    claims = Membership.objects.at(moment).filter(
        practice=OuterRef("practice"), consortium=OuterRef("consortium"), status=MembershipStatus.CLAIMED
    )
    before = moment.as_of - REMINDED_AFTER
    questions = (
        ConfirmationRequest.objects.visible_to(user)
        .filter(
            Exists(claims),
            Q(reminded_on=None) | Q(reminded_on__lte=before),
            consortium__in=consortia,
            state=RequestState.OPEN,
            channel=Channel.MAIL,
            transfer=None,
            asked_on__lte=before,
            expires_on__gte=moment.as_of,
        )
        .exclude(address="")
    )
    found: dict[int, list[int]] = {}
    for consortium, practice in questions.order_by("pk").values_list("consortium", "practice"):
        found.setdefault(consortium, []).append(practice)
    return found


def _tasks(
    consortium: Consortium, counts: Counts, attested: Attested, due: int, work: int, moves: int, today: date
) -> Iterator[Task]:
    ref = consortium.ref
    home = f"/lead/consortia/{ref}/"
    if attested.overdue and attested.due:
        yield Task(
            LATE, ref, f"Say that the list is right: overdue for {said_quarter(attested.overdue)}", f"{home}attest/"
        )
    elif attested.due_by and today > attested.due_by - ASKED_BEFORE:
        yield Task(ATTEST, ref, f"Say that the list is right by {said(attested.due_by)}", f"{home}attest/")
    if counts.disputed:
        what = (
            "practice says that it is no member" if counts.disputed == 1 else "practices say that they are no members"
        )
        yield Task(DISPUTED, ref, f"{counts.disputed} {what}", f"{home}members/?state=disputed")
    if due:
        what = "practice has" if due == 1 else "practices have"
        yield Task(REMIND, ref, f"{due} {what} not answered for a week or longer", f"{home}remind/", f"Remind {due}")
    if work:
        yield Task(WORK, ref, f"{work} {'change' if work == 1 else 'changes'} of members to look at", f"{home}work/")
    if moves:
        what = "practice asks" if moves == 1 else "practices ask"
        yield Task(TRANSFER, ref, f"{moves} {what} to join from elsewhere", f"{home}transfers/")


def _counted(rows: Any, by: str) -> Counter[int]:
    return Counter(dict(rows.order_by().values_list(by).annotate(Count("pk"))))
