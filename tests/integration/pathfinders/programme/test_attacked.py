"""What an attack on the programme found: each of these once went through, or failed where it should have said why."""

from datetime import date

import pytest

from pathfinders import actions, letters
from pathfinders.models import BidPractice
from pathfinders.practice_files import codes_in
from registry.errors import Refused
from registry.invariants import findings
from registry.models import Mail
from tests import factories as make
from tests import programme as told

pytestmark = pytest.mark.django_db
LATER = date(2011, 5, 4)


@pytest.fixture
def who():
    return told.people()


@pytest.fixture
def reviewer():
    return told.person("approver", name="Rae Reviewer")


def released(who, outcome="declined", number=3, **more):
    wave = told.wave(who, number=number)
    bid = told.decided(who, wave, outcome=outcome, **more)
    told.release(who, wave)
    return told.fresh(bid)


def asked(who, bid):
    actions.request_review(by=who.lead, bid=bid, version=bid.lead_version, grounds="Look again")
    return told.fresh(bid)


def upheld(reviewer, bid):
    actions.settle_review(by=reviewer, bid=bid, version=bid.version, upheld=True, note="Right")
    return told.fresh(bid)


def refused(act, status=409, **given):
    with pytest.raises(Refused) as error:
        act(**given)
    assert error.value.status == status, error.value
    return error.value


def test_a_founded_bid_that_comes_back_keeps_its_name_consortia_and_practices(who, reviewer):
    bid = upheld(reviewer, asked(who, released(who, "approved_with_conditions")))
    bid = actions.return_bid(
        by=who.assessor, bid=bid, version=bid.version, reasons=["information_missing"], text="Who leads it?"
    )
    mine = {"by": who.lead, "bid": bid, "version": bid.lead_version}
    for act, given in (
        (actions.set_practices, {"consortium": 1, "codes": [make.make_practice().code]}),
        (actions.set_consortia, {"consortia": [{"name": "Another"}]}),
        (actions.edit_bid, {"name": "Another"}),
    ):
        error = refused(act, **mine, **given)
        assert f"{bid.ref} is {bid.pathfinder().ref} in the register" in error.message
    bid = actions.edit_bid(**mine, name=bid.name, form="A company")
    assert bid.form == "A company" and BidPractice.objects.filter(bid=bid).count() == 2
    assert [f.rule.name for f in findings() if f.rows] == []


class TestOneBidOfALine:
    def test_a_deferred_bid_is_not_taken_up_beside_the_bid_that_resubmits_it(self, who):
        bid = released(who, "deferred")
        new = actions.resubmit(by=who.lead, bid=bid, version=bid.lead_version, as_at=LATER)
        bid = told.fresh(bid)
        error = refused(actions.take_up_again, by=who.admin, bid=bid, version=bid.version)
        assert new.ref in error.message
        actions.withdraw_bid(by=who.lead, bid=new, version=new.lead_version)
        assert actions.take_up_again(by=who.admin, bid=bid, version=bid.version).state == "assessing"

    def test_nor_reviewed_nor_reversed(self, who, reviewer):
        bid = asked(who, released(who))
        new = actions.resubmit(by=who.lead, bid=bid, version=bid.lead_version, as_at=LATER)
        new = actions.submit_bid(by=who.lead, bid=new, version=new.lead_version, declared=True)
        bid = told.fresh(bid)
        given = {"by": reviewer, "bid": bid, "version": bid.version}
        assert new.ref in refused(actions.settle_review, **given, upheld=True, note="Right").message
        reverse = {"on_behalf_of": "The Minister", "reason": "Fair"}
        assert new.ref in refused(actions.reverse_decision, **given, **reverse).message
        actions.settle_review(**given, upheld=False, note="It is in hand")

    def test_a_line_is_followed_over_a_bid_between_and_backwards(self, who, reviewer):
        first = asked(who, released(who))
        between = actions.resubmit(by=who.lead, bid=first, version=first.lead_version, as_at=told.FEBRUARY)
        between = actions.withdraw_bid(by=who.lead, bid=between, version=between.lead_version)
        last = actions.resubmit(by=who.lead, bid=between, version=between.lead_version, as_at=told.FEBRUARY)
        first = told.fresh(first)
        refusal = refused(
            actions.settle_review, by=reviewer, bid=first, version=first.version, upheld=True, note="Right"
        )
        assert last.ref in refusal.message


def test_a_departure_that_was_granted_is_not_undone_by_a_new_decision(who, reviewer):
    bid = asked(who, released(who, "approved_with_conditions"))
    actions.ask_to_withdraw(by=who.lead, bid=bid, version=bid.lead_version, text="The partners disagree")
    bid, day = told.fresh(bid), date(2011, 10, 1)
    actions.settle_withdrawal(by=who.admin, bid=bid, version=bid.version, granted=True, ends_on=day)
    bid = told.fresh(bid)
    given = {"by": reviewer, "bid": bid, "version": bid.version}
    words = "left the programme at its own wish on 1 October 2011"
    assert words in refused(actions.settle_review, **given, upheld=True, note="Right").message
    reverse = {"on_behalf_of": "The Minister", "reason": "Fair"}
    assert words in refused(actions.reverse_decision, **given, **reverse).message


class TestLetters:
    @pytest.mark.parametrize("left_out", ["Declined", "a finding"])
    def test_an_edited_decision_says_the_outcome_and_every_finding(self, who, left_out):
        bid, wave = told.assessed(who), told.wave(who)
        lines = ["Declined", *letters.finding_lines(letters.found_on(bid)), "Finance"]
        if left_out not in lines:
            left_out = lines[1]
        reasons = letters.reason_lines(_reasons("finance"))
        body = "\n".join([*lines[:-1], *reasons])
        short = body.replace(left_out, "")
        error = refused(
            told.decide, 422, who=who, bid=bid, wave=wave, outcome="declined", letter={"subject": "It", "body": short}
        )
        assert error.field == "letter" and f"leaves out “{left_out}”" in error.message
        told.decide(who, bid, wave, "declined", letter={"subject": "The outcome", "body": body.lower()})
        assert Mail.objects.get(subject="The outcome").body == body.lower() + "\n"

    @pytest.mark.parametrize("subject", ["Two\rlines", "A\x1bb", "Back\u202ewards", "A\x85b"])
    def test_a_subject_has_no_hidden_character(self, who, subject):
        bid = told.submitted(who)
        with pytest.raises(Refused) as error:
            letters.edited({"subject": subject, "body": "Text"}, "withdrawn", bid)
        assert error.value.field == "letter"
        with pytest.raises(Refused) as error:
            actions.save_template(by=who.admin, step="withdrawn", subject=subject, body="{bid}")
        assert error.value.field == "subject"

    def test_a_text_has_lines_and_tabs_and_no_other_control(self, who):
        bid = told.submitted(who)
        sent = letters.edited({"subject": "S", "body": "One\r\n\ttwo"}, "withdrawn", bid)
        assert sent["body"] == "One\n\ttwo\n"
        for body in ("One\rtwo", "One\x00", "One\x1b[2J"):
            with pytest.raises(Refused):
                letters.edited({"subject": "S", "body": body}, "withdrawn", bid)
            with pytest.raises(Refused) as error:
                actions.save_template(by=who.admin, step="withdrawn", subject="S", body=body)
            assert error.value.field == "body"


def _reasons(*keys):
    from pathfinders.models import Reason

    return list(Reason.objects.filter(key__in=keys))


NUL = "/lead/bids/%00/ /pct/bids/%00/ /practice/bids/%00/Z00001/ /staff/bids/%00/ /staff/users/%00/".split()


@pytest.mark.parametrize("address", [*NUL, "/staff/bids/%00/decide/", "/api/v1/bids/%00/", "/api/v1/practices/A%00/"])
def test_there_is_nothing_at_an_address_with_a_nul(client, address):
    client.force_login(told.person("consortium_lead", "programme_admin", "approver", "assessor", pct_lead="5LE"))
    client.raise_request_exception = False
    page = client.get(address)
    assert page.status_code == 404
    kind = "application/problem+json" if address.startswith("/api/") else "text/html"
    assert page["Content-Type"].startswith(kind)


def test_a_lead_is_not_told_who_works_on_the_bid(who):
    bid = told.assessing(who)
    actions.return_bid(by=who.assessor, bid=bid, version=bid.version, reasons=["information_missing"], text="Who?")
    error = refused(actions.edit_bid, 412, by=who.lead, bid=bid, version=bid.lead_version, form="A company")
    assert "returned" in error.message and "Ash" not in error.message


def test_a_file_of_too_many_rows_is_refused_before_it_is_read():
    with pytest.raises(Refused, match="more than 1,000 rows"):
        codes_in("list.csv", b"Nothing known\n" + b"A81001\n" * 1_001)
    assert len(codes_in("list.csv", b"Practice code\n" + b"A81001\n" * 1_000)) == 1_000


@pytest.mark.parametrize("name", ["South\u202ewark", "South\x1bwark", "South\u200bwark"])
def test_a_name_is_what_it_looks_like(who, name):
    with pytest.raises(Refused) as error:
        actions.draft_bid(by=who.lead, name=name, as_at=told.FEBRUARY)
    assert error.value.field == "name"
    assert actions.draft_bid(by=who.lead, name="Ynys\xa0Môn", as_at=told.FEBRUARY).name == "Ynys Môn"


def test_the_description_warns_of_nothing(client, capsys):
    from drf_spectacular.drainage import GENERATOR_STATS

    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        assert client.get("/api/v1/schema/").status_code == 200
    assert not GENERATOR_STATS._warn_cache and not GENERATOR_STATS._error_cache


def test_an_sha_says_more_than_met_through_the_api(who, client):
    told.local_criteria("Q36")
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
    bid = told.submitted(who, [make.make_practice(pct=pct)])
    stage = bid.stages.get(body__code="Q36")
    client.force_login(told.person(sha_assessor="Q36"))

    def opine(finance):
        body = {"body": "Q36", "view": "support", "findings": dict(zip(keys, ("met", finance), strict=True))}
        return client.post(
            f"/api/v1/bids/{bid.ref}/give_opinion/",
            body,
            content_type="application/json",
            headers={"If-Match": f'"{stage.version}"'},
        )

    keys = [c.key for c in stage.criteria.criteria.order_by("position")]
    for wrong in ("splendid", "partly", {"note": "x"}, 4, {"finding": "not", "note": ["x"]}):
        assert opine(wrong).status_code == 422, wrong
    done = opine({"finding": "partly", "note": "No lead for it"})
    assert done.status_code in (200, 204), done.content
    said = {f.criterion.key: (f.finding, f.note) for f in stage.findings.select_related("criterion")}
    assert said == {keys[0]: ("met", ""), keys[1]: ("partly", "No lead for it")}
