"""How membership is kept by both sides in the story: practices are asked, answer, dispute and move; lists are attested.

Told by the ordinary actions, as the consortium's own people, the practices and programme staff would take them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random

from django.db.models import QuerySet

from consortia.actions.answering import answer_by_link, record_on_paper
from consortia.actions.asking import ask_practices, expire_requests, print_letters
from consortia.actions.attesting import attest
from consortia.actions.contacts import name_contact
from consortia.actions.left_out import say_why_left_out
from consortia.actions.reporting import report_error, settle_report
from consortia.actions.settling import settle_dispute
from consortia.actions.transferring import ask_transfer
from consortia.attested import attested_list, sha256_of
from consortia.links import token_of
from consortia.models import ConfirmationRequest, Consortium, ConsortiumParticulars, Membership
from consortia.permissions import holders
from pathfinders.demonstration import calendar
from pathfinders.reads import unaffiliated
from practices.models import Practice
from registry import clock
from registry.clock import on_day
from registry.models import User
from registry.moment import Moment

ADDRESSES = "practices.invalid"
SCAN = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""What stands for a scan of a signed form: one empty page."""
WHY = ("undecided", "undecided", "objection", "refused", "new_practice", "apms", "special")
"""Reasons that trusts gave, in turn."""
ASKING = 4
"""Consortia beside the demonstration's own whose practices were asked in June."""
ATTESTING = 40


@dataclass
class Kept:
    """A consortium, who leads it, and its members on the day, by code."""

    consortium: Consortium
    lead: User
    members: list[Practice]


class BothSides:
    """The chapter in its two parts: June, when practices are asked and lists attested, and August."""

    def __init__(self, admin: User, own: Consortium, manager: User) -> None:
        """`own`: the consortium of the demonstration's lead; `manager`: the manager of its first practice."""
        self.admin, self.manager = admin, manager
        with _at(calendar.ASKED):
            self.first, *self.others = _asked_in_june(own)

    def june(self) -> None:
        for kept in (self.first, *self.others):
            _ask(kept)
        answers = sorted((a for kept in (self.first, *self.others) for a in _answers(kept)), key=lambda a: a[0])
        for (day, hour, _, _), answer in answers:
            with _at(day, hour):
                answer()
        _attested([self.first, *self.others])

    def august(self) -> None:
        _settled(self.admin, self.others[0])
        _moved(self.others[1], self.others[2])
        _why_left_out(self.admin)
        _lately(self.first, self.manager, self.admin)


def _asked_in_june(own: Consortium) -> list[Kept]:
    """The demonstration's consortium, then some of middle size, in the order of their references."""
    found = [_kept(own, holders("consortium_lead", own.ref)[0])]
    for fact in _standing():
        leads = holders("consortium_lead", fact.consortium.ref)
        if fact.consortium_id == own.pk or not leads:
            continue
        kept = _kept(fact.consortium, leads[0])
        if 12 <= len(kept.members) <= 24:
            found.append(kept)
        if len(found) > ASKING:
            break
    return found


def _standing() -> QuerySet[ConsortiumParticulars]:
    return ConsortiumParticulars.objects.at(Moment.now()).order_by("consortium__ref").select_related("consortium")


def _kept(consortium: Consortium, lead: User) -> Kept:
    """With its members of the day that stay."""
    days = (clock.today(), calendar.REQUESTS)
    held = [
        set(Membership.objects.at(Moment.of(d)).filter(consortium=consortium).values_list("practice", flat=True))
        for d in days
    ]
    return Kept(consortium, lead, list(Practice.objects.filter(pk__in=held[0] & held[1]).order_by("code")))


@contextmanager
def _at(day: date, hour: int = 11) -> Iterator[None]:
    with clock.story_time(on_day(day, hour=hour)):
        yield


def _ask(kept: Kept) -> None:
    """Addresses are given, and the practices asked: by mail, one by letter; one is not asked."""
    with _at(calendar.ASKED):
        for practice in kept.members[:-2]:
            name_contact(
                by=kept.lead,
                practice=practice,
                address=f"manager@{practice.code.lower()}.{ADDRESSES}",
                origin="lead",
                consortium=kept.consortium,
            )
        ask_practices(by=kept.lead, consortium=kept.consortium, practices=kept.members[:-2])
        print_letters(by=kept.lead, consortium=kept.consortium, practices=kept.members[-2:-1])


When = tuple[date, int, str, int]


def _answers(kept: Kept) -> Iterator[tuple[When, Callable[[], object]]]:
    """When each practice that answers does, and how: one disputes, one is undecided, one has signed on paper."""
    draw = Random(kept.consortium.ref)
    asked = ConfirmationRequest.objects.filter(consortium=kept.consortium, channel="mail").order_by("practice__code")
    for n, request in enumerate(asked.select_related("practice", "consortium")):
        when = (calendar.ASKED + timedelta(days=1 + n % 7), 9 + n % 8, kept.consortium.ref, n)
        by_link = partial(answer_by_link, token=token_of(request))
        if n == 1:
            words = "We signed nothing; our partners meet in September."
            yield when, partial(by_link, answer="disputed", reason="not_agreed", text=words, who="Practice manager")
        elif n == 2:
            yield when, partial(by_link, answer="undecided", who="Senior partner")
        elif n == 3:
            yield when, partial(_on_paper, kept, request.practice)
        elif draw.random() < 0.8 and n > 3:
            yield when, partial(by_link, answer="confirmed", who="Practice manager")


def _on_paper(kept: Kept, practice: Practice) -> None:
    record_on_paper(
        by=kept.lead,
        practice=practice,
        consortium=kept.consortium,
        answer="confirmed",
        on=clock.today(),
        file=SCAN,
        name=f"{practice.code}-signed.pdf",
        who="Senior partner",
    )


def _settled(admin: User, kept: Kept) -> None:
    """One dispute is settled: the practice agrees after all."""
    practice = kept.members[1]
    with _at(calendar.SETTLED):
        settle_dispute(
            by=admin,
            practice=practice,
            consortium=kept.consortium,
            outcome="accepted",
            reason="The partners met the consortium's board on 2 August and wrote that they wish to stay.",
        )


def _moved(to: Kept, gone_from: Kept) -> None:
    """A practice moves with both sides' agreement; another wish is still waiting."""
    moving, waiting = gone_from.members[4], gone_from.members[5]
    with _at(calendar.SETTLED, hour=14):
        transfer = ask_transfer(
            by=to.lead,
            practice=moving,
            to=to.consortium,
            on=date(2011, 10, 1),
            side="consortium",
            text="As we discussed.",
        )
        request = ConfirmationRequest.objects.filter(transfer=transfer).first()
        if request is not None:
            answer_by_link(token=token_of(request), answer="agree", who="Senior partner")
    with _at(calendar.SETTLED, hour=15):
        ask_transfer(by=to.lead, practice=waiting, to=to.consortium, on=date(2011, 10, 1), side="consortium")


def _attested(asked: list[Kept]) -> None:
    """Many leads say that their list is right; the others are overdue, publicly."""
    with _at(calendar.ATTESTED):
        attesting = {k.consortium.pk: k for k in asked}
        for fact in _standing():
            if len(attesting) >= ATTESTING:
                break
            if fact.consortium_id not in attesting and (leads := holders("consortium_lead", fact.consortium.ref)):
                attesting[fact.consortium_id] = Kept(fact.consortium, leads[0], [])
        for kept in attesting.values():
            seen = sha256_of(attested_list(Moment.of(calendar.ATTESTED), kept.consortium))
            attest(by=kept.lead, consortium=kept.consortium, sha256_seen=seen)


def _why_left_out(admin: User) -> None:
    """What trusts and practices told programme staff."""
    with _at(calendar.WHY_LEFT_OUT):
        rows = list(unaffiliated.rows(admin, Moment.now()).order_by("code").values_list("code", "pct_code"))
        codes = [code for code, _ in rows[::6]][:70]
        practices = {p.code: p for p in Practice.objects.filter(code__in=codes)}
        for n, code in enumerate(codes):
            say_why_left_out(by=admin, practice=practices[code], reason=WHY[n % len(WHY)])


def _lately(first: Kept, manager: User, admin: User) -> None:
    """The questions of June have expired and are put again; the demonstration's own practice has reported errors."""
    with _at(calendar.REMINDED):
        expire_requests()
        ask_practices(by=first.lead, consortium=first.consortium, practices=first.members[:-2])
    with _at(calendar.REMINDED, hour=15):
        report = report_error(
            by=manager, practice=first.members[0], about="address", text="The postcode is that of our old premises."
        )
        settle_report(
            by=admin, report=report, outcome="unchanged", text="The NHS’s file of August has the new one already."
        )
        report_error(by=manager, practice=first.members[0], about="list_size", text="Our list of June is 300 too low.")
