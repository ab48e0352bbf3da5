"""A letter is edited before it is sent, shown exactly as its reader will have it, and nothing typed is lost."""

from __future__ import annotations

import re
from html import unescape

import pytest

from registry import clock
from registry.models import Mail
from tests import programme as told
from tests.desk import day, errors_of, letter_sent, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return told.people()


@pytest.fixture
def bid(who):
    told.wave(who)
    return told.assessed(who)


@pytest.fixture
def approver(who):
    return signed_in(who.approver)


def path(bid):
    return f"/staff/bids/{bid.ref}/decide/"


def typed(bid, **more):
    sent = {"version": bid.version, "outcome": "declined", "reasons": ["finance"], "outside": ["wave_capacity"]}
    return sent | {"text": "Try again.", "wave": 3} | day("decided_on", "20 2 2011") | more


def shown(page) -> str:
    return unescape(re.search(r'id="letter">(.*?)</div>', text_of(page), re.S)[1])


def test_an_edited_letter_is_shown_again_before_it_can_leave(bid, approver):
    page = approver.post(path(bid), typed(bid))
    body = page.context["letter"]["body"].replace("Try again.", "We are sorry.\r\n\r\nDo try again.")
    again = approver.post(path(bid), letter_sent(page, letter_subject="About your bid", letter_body=body, send="1"))
    assert "You changed the letter" in text_of(again) and not bid.decisions.exists()
    assert "We are sorry.\n\nDo try again." in shown(again)
    assert approver.post(path(bid), letter_sent(again, send="1")).status_code == 302
    mail = Mail.objects.get(held_for="wave-3")
    assert (mail.subject, mail.body) == ("About your bid", shown(again))
    assert bid.decisions.get().text == "Try again."


def test_an_edit_may_not_leave_a_reason_out(bid, approver):
    page = approver.post(path(bid), typed(bid))
    body = page.context["letter"]["body"].replace("(not one of the published criteria)", "")
    page = approver.post(path(bid), letter_sent(page, letter_body=body, letter_subject="Mine", show="1"))
    assert page.status_code == 422 and "leaves out" in errors_of(page)[0]
    assert "not one of the published criteria" in errors_of(page)[0]
    assert body.strip() in page.context["form"]["letter_body"].value() and 'value="Mine"' in text_of(page)
    assert 'name="send"' not in text_of(page) and not bid.decisions.exists()
    blank = approver.post(path(bid), letter_sent(page, letter_body=" ", send="1"))
    assert blank.status_code == 422 and "needs a subject and a text" in errors_of(blank)[0]


def test_an_edit_survives_a_look_at_the_form(bid, approver):
    page = approver.post(path(bid), typed(bid))
    body = page.context["letter"]["body"] + "\nWith regards"
    back = approver.post(path(bid), letter_sent(page, letter_body=body, change="1"))
    form = back.context["form"]
    sent = typed(bid) | {name: form[name].value() for name in form.fields if name.startswith("letter_")}
    page = approver.post(path(bid), sent)
    assert shown(page).endswith("With regards\n")


def test_an_edit_that_the_form_has_overtaken_is_kept_beside_the_new_letter(bid, approver):
    page = approver.post(path(bid), typed(bid))
    sent = letter_sent(page, letter_body=page.context["letter"]["body"] + "\nWith regards")
    page = approver.post(path(bid), sent | {"text": "In May.", "change": "1"})
    sent = sent | {"text": "In May."}
    page = approver.post(path(bid), sent)
    assert "In May." in shown(page) and "With regards" not in shown(page)
    assert "With regards" in page.context["kept"]["body"] and "written anew" in text_of(page)


def test_a_step_that_was_overtaken_keeps_form_and_letter(who, bid, approver):
    page = approver.post(path(bid), typed(bid))
    told.decide(who, bid, 3, by=told.person("approver", name="First Approver"))
    body = page.context["letter"]["body"] + "\nWith regards"
    sent = letter_sent(page, letter_body=body)
    late = approver.post(path(bid), sent | {"send": "1"})
    assert late.status_code == 412 and "With regards" in text_of(late) and "Try again." in text_of(late)
    assert bid.decisions.count() == 1


def test_a_bid_whose_lead_was_erased_is_decided_without_a_letter(who, bid, approver):
    type(who.lead).objects.filter(pk=who.lead.pk).update(email=None, name="")
    page = approver.post(path(bid), typed(bid))
    assert "no letter is written" in text_of(page)
    assert approver.post(path(bid), letter_sent(page, send="1")).status_code == 302
    assert bid.decisions.count() == 1 and not Mail.objects.filter(held_for="wave-3").exists()


def test_a_return_is_previewed_and_sent_as_it_was_shown(who):
    bid = told.assessing(who)
    assessor, address = signed_in(who.assessor), f"/staff/bids/{bid.ref}/return/"
    today = clock.today()
    sent = {"version": bid.version, "reasons": ["information_missing"], "text": "Which lead?"}
    page = assessor.post(address, sent | day("returned_on", f"{today.day} {today.month} {today.year}"))
    assert page.status_code == 200 and "Which lead?" in shown(page) and told.fresh(bid).state == "assessing"
    assert assessor.post(address, letter_sent(page, send="1")).status_code == 302
    assert told.fresh(bid).state == "returned"
    assert Mail.objects.filter(about=bid.ref).latest("pk").body == shown(page)
