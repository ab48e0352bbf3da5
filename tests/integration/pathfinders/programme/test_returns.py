"""A bid is returned for information, changed by its lead, and sent back; meanwhile its clock stands still."""

from datetime import date

import pytest

from pathfinders import actions, service
from pathfinders.models import Bid
from pathfinders.since_return import changes_since
from registry.errors import Refused
from registry.invariants import findings
from registry.models import Mail
from tests import factories as make
from tests import programme as told

pytestmark = pytest.mark.django_db
MARCH = date(2011, 3, 1)


@pytest.fixture
def who():
    return told.people()


def send_back(who, bid, **more) -> Bid:
    more.setdefault("declared", True)
    return actions.answer_return(by=who.lead, bid=bid, version=bid.lead_version, **more)


def refused(call, **arguments) -> Refused:
    with pytest.raises(Refused) as error:
        call(**arguments)
    return error.value


def test_the_lead_is_told_why_and_what_is_asked(who):
    bid = told.returned(who)
    assert (bid.state, bid.shown_state(who.lead), bid.shown_label(who.lead)) == (
        "returned", "returned", "Returned to you for information",
    )  # fmt: skip
    back = bid.returns.get()
    assert (back.number, back.reasons, back.text, back.returned_by, back.returned_on, back.answered_on) == (
        1, ["information_missing"], "Who leads it?", who.assessor, told.RETURNED_ON, None,
    )  # fmt: skip
    letter = Mail.objects.get(about=bid.ref, subject__startswith="We need to know more")
    assert letter.state == "queued" and letter.recipient == who.lead.ref
    for words in ("8 February 2011", "Information is missing", "Who leads it?"):
        assert words in letter.body


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reasons": []}, "reasons"),
        ({"reasons": ["no_such_reason"]}, "reasons"),
        ({"text": " "}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"returned_on": date(2011, 1, 31)}, "returned_on"),
        ({"returned_on": date(2100, 1, 1)}, "returned_on"),
        ({"letter": {"subject": "Back", "body": "Without the reason"}}, "letter"),
    ],
)
def test_a_return_says_what_is_missing(who, fields, field):
    bid = told.assessing(who)
    whole = {"reasons": ["information_missing"], "text": "Who leads it?", "returned_on": told.RETURNED_ON}
    error = refused(actions.return_bid, by=who.assessor, bid=bid, version=bid.version, **(whole | fields))
    assert (error.field, error.status) == (field, 422)
    assert not bid.returns.exists()


def test_a_letter_is_sent_as_edited(who):
    bid = told.assessing(who)
    letter = {"subject": "Your bid comes back", "body": "Information is missing: who leads it?"}
    actions.return_bid(
        by=who.assessor,
        bid=bid,
        version=bid.version,
        reasons=["information_missing"],
        text="Who leads it?",
        letter=letter,
    )
    assert Mail.objects.get(subject="Your bid comes back").body == "Information is missing: who leads it?\n"


def test_staff_return_what_they_saw_and_the_lead_sends_back_what_they_saw(who):
    bid = told.assessing(who)
    stale = {"reasons": ["information_missing"], "text": "Who?"}
    error = refused(actions.return_bid, by=who.assessor, bid=bid, version=bid.version - 1, **stale)
    assert error.status == 412 and "assigned to an assessor" in error.message
    bid = told.returned(who, name="B")
    actions.edit_bid(by=who.lead, bid=bid, version=bid.lead_version, form="A company")
    error = refused(actions.answer_return, by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    assert error.status == 412


def test_a_returned_bid_is_changed_but_for_its_date(who):
    bid = told.returned(who)
    bid = actions.edit_bid(by=who.lead, bid=bid, version=bid.lead_version, name="Southwark and more", as_at=bid.as_at)
    new = make.make_practice()
    codes = [*bid.practices.values_list("practice__code", flat=True)][1:] + [new.code]
    bid = actions.set_practices(by=who.lead, bid=bid, version=bid.lead_version, consortium=1, codes=codes)
    bid = actions.answer_criterion(by=who.lead, bid=bid, version=bid.lead_version, criterion="qipp", text="Better")
    error = refused(actions.edit_bid, by=who.lead, bid=bid, version=bid.lead_version, as_at=MARCH)
    assert error.field == "as_at" and "fixed" in error.message
    error = refused(
        actions.record_finding, by=who.assessor, bid=bid, version=bid.version, criterion="qipp", finding="met"
    )
    assert error.status == 409
    bid = send_back(who, bid)
    assert (bid.state, bid.name, bid.assessor) == ("assessing", "Southwark and more", who.assessor)
    error = refused(actions.edit_bid, by=who.lead, bid=bid, version=bid.lead_version, name="Again")
    assert error.status == 409 and "assessing" not in error.message


def test_it_is_sent_back_whole_and_declared(who):
    bid = told.returned(who)
    bid = actions.answer_criterion(by=who.lead, bid=bid, version=bid.lead_version, criterion="qipp", text="")
    error = refused(send_back, who=who, bid=bid, declared=False)
    assert [row["field"] for row in error.detail] == ["qipp", "declared"]


@pytest.mark.parametrize("day", [date(2011, 2, 7), date(2100, 1, 1)])
def test_it_is_sent_back_between_its_return_and_today(who, day):
    assert refused(send_back, who=who, bid=told.returned(who), answered_on=day).field == "answered_on"


def test_the_clock_stands_still_while_it_is_returned(who):
    bid = told.returned(who)
    due_on = bid.due_on
    assert service.clock_of(bid, MARCH, told.RETURNED_ON).used == 5
    bid = send_back(who, bid, answered_on=date(2011, 2, 22))
    assert bid.due_on == service.add_working_days(due_on, 10)
    assert service.clock_of(bid, MARCH).used == 10
    again = actions.return_bid(
        by=who.assessor,
        bid=bid,
        version=bid.version,
        reasons=["finance"],
        text="Accounts?",
        returned_on=MARCH,
    )
    again = send_back(who, again, answered_on=MARCH)
    assert again.due_on == bid.due_on and again.returns.count() == 2
    letter = Mail.objects.filter(subject__startswith="We have your bid back").latest("pk")
    assert "1 March 2011" in letter.body


def test_a_return_follows_the_one_before(who):
    bid = send_back(who, told.returned(who), answered_on=date(2011, 2, 22))
    error = refused(
        actions.return_bid,
        by=who.assessor,
        bid=bid,
        version=bid.version,
        reasons=["finance"],
        text="Accounts?",
        returned_on=date(2011, 2, 21),
    )
    assert error.field == "returned_on" and "22 February 2011" in error.message


def test_bodies_that_are_new_in_it_are_asked_and_those_asked_before_are_not_asked_again(who):
    pct, other = (make.make_pct(code, sha=make.make_sha(sha)) for code, sha in (("5LE", "Q36"), ("5AA", "Q30")))
    told.local_criteria("Q30")
    person = told.person(pct_lead="5AA")
    bid = told.returned(who, [make.make_practice(pct=pct)])
    codes = [*bid.practices.values_list("practice__code", flat=True), make.make_practice(pct=other).code]
    bid = actions.set_practices(by=who.lead, bid=bid, version=bid.lead_version, consortium=1, codes=codes)
    assert [row["field"] for row in refused(send_back, who=who, bid=bid).detail] == ["Q30-access", "Q30-finance"]
    told.local_criteria("Q30", version=2, published_on=MARCH)  # after the bid's date
    for key in ("access", "finance"):
        bid = actions.answer_criterion(
            by=who.lead, bid=bid, version=bid.lead_version, criterion=f"Q30-{key}", text="Yes"
        )
    bid = send_back(who, bid, answered_on=date(2011, 2, 22))
    asked = dict(bid.stages.values_list("body__code", "asked_on"))
    assert asked == dict.fromkeys(("5LE", "Q36"), told.FEBRUARY) | {c: date(2011, 2, 22) for c in ("5AA", "Q30")}
    assert bid.stages.get(body__code="Q30").criteria.key == "Q30-1"
    assert Mail.objects.filter(recipient=person.ref).count() == 1


def test_what_was_changed_since_is_told_and_what_was_changed_back_is_not(who):
    bid = told.returned(who)
    back = bid.returns.get()
    assert changes_since(back) == []
    kept, gone = bid.practices.order_by("practice__code").values_list("practice__code", flat=True)
    new = make.make_practice().code
    steps = [
        (actions.edit_bid, {"name": "Other"}),
        (actions.edit_bid, {"name": bid.name, "form": "A company"}),
        (actions.set_practices, {"consortium": 1, "codes": [new]}),
        (actions.set_practices, {"consortium": 1, "codes": [kept, new]}),
        (actions.answer_criterion, {"criterion": "qipp", "text": "Better"}),
    ]
    for step, fields in steps:
        bid = step(by=who.lead, bid=bid, version=bid.lead_version, **fields)
    wanted = [
        ("Form", "", "A company"),
        ("Practices added", "", new),
        ("Practices taken out", gone, ""),
        ("QIPP", "About QIPP", "Better"),
    ]
    changes = [tuple(c) for c in changes_since(back)]
    assert changes[:3] == wanted[:3] and changes[3][1:] == (f"About {changes[3][0]}", "Better") and len(changes) == 4
    bid = send_back(who, bid)
    assert [tuple(c) for c in changes_since(bid.returns.get())] == changes
    second = actions.return_bid(
        by=who.assessor, bid=bid, version=bid.version, reasons=["finance"], text="Accounts?"
    ).returns.last()
    assert changes_since(second) == []


def test_the_check_of_the_register_finds_a_return_without_a_returned_bid(who):
    bid = told.returned(who)
    assert broken() == []
    bid.returns.update(answered_on=MARCH)
    assert broken() == [(bid.ref, "returned", None)]


def broken():
    return next(f.rows for f in findings() if f.rule.name == "returned_while_a_return_is_open")
