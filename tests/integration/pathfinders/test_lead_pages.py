"""A lead's pages: from a new bid to its receipt, with nothing typed lost on the way."""

import tracemalloc
from datetime import date

import pytest

from pathfinders import actions
from pathfinders.models import Bid
from registry import clock
from tests import factories as make
from tests import programme as told
from tests.desk import day, errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return told.people()


@pytest.fixture
def lead(who):
    return signed_in(who.lead)


@pytest.fixture
def southwark():
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"), name="Southwark PCT")
    make.make_practice("Z85099", pct=pct, last_day=date(2010, 12, 31))
    return [make.make_practice(f"Z8500{n}", pct=pct, patients=1_000 * n) for n in range(1, 5)]


def begun(who, **names):
    bid = actions.draft_bid(by=who.lead, name="Southwark", as_at=told.FEBRUARY)
    groups = [{"name": name, "form": ""} for name in names.get("groups", ["Southwark Health"])]
    return actions.set_consortia(by=who.lead, bid=bid, version=bid.lead_version, consortia=groups)


def test_a_bid_from_its_start_to_its_receipt(who, lead, southwark):
    started = lead.post("/lead/start/", {"name": "Southwark", **day("as_at", "1 2 2011")})
    bid = Bid.objects.get()
    home = f"/lead/bids/{bid.ref}/"
    assert started["Location"] == home
    assert (bid.name, bid.as_at, bid.lead) == ("Southwark", told.FEBRUARY, who.lead)
    assert text_of(lead.get(home)).count("To do") == 6  # consortia, practices, four tests; the details are there

    rows = {"c-TOTAL_FORMS": 2, "c-INITIAL_FORMS": 1, "c-0-name": "Southwark Health", "c-0-form": "company"}
    assert lead.post(f"{home}consortia/", {"version": 1, **rows, "c-1-name": ""})["Location"] == home
    add = {"do": "add", "version": 2, "practices": "", "ready": [p.code for p in southwark], "left": ["Z85099"]}
    assert lead.post(f"{home}practices/", add)["Location"] == f"{home}practices/"
    assert "Z85099</textarea>" in lead.get(f"{home}practices/").content.decode()
    for step, criterion in enumerate(told.criteria()):
        evidence = {"version": 3 + step, "text": f"About {criterion.title}"}
        assert lead.post(f"{home}evidence/{criterion.key}/", evidence).status_code == 302
    assert "To do" not in text_of(lead.get(home))

    answer = lead.get(f"{home}check/")
    assert answer.context["form"]["submitted_on"].initial == clock.today()
    check = text_of(answer)
    assert "About Clinical leadership" in check and "Z85004" in check and "Not ready yet" not in check
    sent = {"version": 7, **day("submitted_on", "3 2 2011"), "declared": "on"}
    assert lead.post(f"{home}check/", sent)["Location"] == home
    receipt = text_of(lead.get(home))
    assert "Bid submitted" in receipt and bid.ref in receipt and "What happens next" in receipt
    assert told.fresh(bid).submitted_on == date(2011, 2, 3)


def test_a_returned_bid_from_what_is_asked_to_sending_it_back(who, lead, southwark):
    told.local_criteria("Q36")
    bid = told.returned(who, southwark[:2])
    home, version = f"/lead/bids/{bid.ref}/", bid.lead_version
    words = text_of(lead.get(home))
    for said in ("Returned to you for information", "Who leads it?", "Information is missing", "send the bid back"):
        assert said in words, said
    assert "as_at_day" not in text_of(lead.get(f"{home}details/"))
    details = {"version": version, "name": "Southwark and more", "form": "", "agrees_to_be_named": "on"}
    assert lead.post(f"{home}details/", details).status_code == 302
    for step, name in enumerate(("qipp", "Q36-access"), start=1):
        assert (
            lead.post(f"{home}evidence/{name}/", {"version": version + step, "text": f"On {name}"}).status_code == 302
        )
    assert lead.get(f"{home}check/").status_code == 409
    words = text_of(lead.get(f"{home}send-back/"))
    assert "On Q36-access" in words and "Not ready yet" not in words and "Asked by the SHA Q36" in words
    sent = {"version": version + 3, **day("answered_on", "22 2 2011")}
    answer = lead.post(f"{home}send-back/", sent)
    assert answer.status_code == 422 and "Confirm that what the bid says is true" in " ".join(errors_of(answer))
    assert lead.post(f"{home}send-back/", sent | {"declared": "on"}).status_code == 302
    bid = told.fresh(bid)
    assert (bid.state, bid.name, bid.returns.get().answered_on) == (
        "assessing",
        "Southwark and more",
        date(2011, 2, 22),
    )
    words = text_of(lead.get(home))
    assert "sent back on 22 February 2011" in words and "Bid sent back" in words
    assert "Bid submitted" not in words and "The assessor sees what you changed" in words
    for step in ("details/", "send-back/"):
        assert lead.get(home + step).status_code == 409


def test_only_drafters_come_in_and_only_to_their_own_bids(who, lead):
    bid = told.draft(who)
    stranger, outsider = signed_in(told.person("consortium_lead")), signed_in(told.person())
    staff = signed_in(who.assessor)
    for page in ("", "details/", "consortia/", "practices/", "evidence/qipp/", "check/", "withdraw/"):
        path = f"/lead/bids/{bid.ref}/{page}"
        assert lead.get(path).status_code == 200, path
        assert stranger.get(path).status_code == 404, path
        assert stranger.post(path, {"version": bid.lead_version}).status_code == (404 if page else 405), path
        assert outsider.get(path).status_code == staff.get(path).status_code == 403, path
    assert stranger.get("/lead/").context["rows"] == []
    assert [row["ref"] for row in lead.get("/lead/").context["rows"]] == [bid.ref]


@pytest.mark.parametrize("far", ["submitted", "assessing", "assessed", "decided"])
def test_the_lead_sees_under_assessment_from_submission_to_release(who, lead, far):
    bid = told.decided(who, told.wave(who)) if far == "decided" else getattr(told, far)(who)
    row = lead.get("/lead/").context["rows"][0]
    assert row["shown_state"] == "under_assessment"
    page = text_of(lead.get(f"/lead/bids/{bid.ref}/"))
    assert "Under assessment" in page
    for secret in ("Decided", "Assessed", "Ash Assessor", "wave 3", "Approved"):
        assert secret not in page


def test_after_the_release_the_lead_reads_the_outcome(who, lead):
    wave = told.wave(who)
    bid = told.decided(who, wave)
    told.release(who, wave)
    page = text_of(lead.get(f"/lead/bids/{bid.ref}/"))
    assert "Approved</h2>" in page and "Decided on 20 February 2011, announced with" in page
    assert "/pathfinders/PF0001/" in page and "/waves/3/" in page


def test_pasted_codes_are_shown_with_their_verdicts_and_nothing_is_written(who, lead, southwark):
    bid = begun(who)
    pasted = "Z85001 Z85002\nZ85099\nW12345\nZ85001"
    page = lead.post(
        f"/lead/bids/{bid.ref}/practices/", {"do": "check", "version": bid.lead_version, "practices": pasted}
    )
    assert page.status_code == 200
    assert [r["code"] for r in page.context["ready"]] == ["Z85001", "Z85002"]
    assert [(r["code"], r["verdict"]) for r in page.context["wrong"]] == [("Z85099", "closed"), ("W12345", "wales")]
    assert [r["verdict"] for r in page.context["quiet"]] == ["duplicate"]
    words = text_of(page)
    assert "2 ready, 2 need you, 1 dealt with already" in words and "Add the 2 that are ready" in words
    assert "its last day was 31 December 2010" in words and "W12345 is a Welsh practice" in words
    assert pasted in words.replace("\r", "")
    assert not bid.practices.exists()


def test_practices_are_added_to_those_there_and_ticked_ones_taken_out(who, lead, southwark):
    bid = begun(who, groups=["North", "South"])
    path = f"/lead/bids/{bid.ref}/practices/"
    bid = actions.set_practices(
        by=who.lead, bid=bid, version=bid.lead_version, consortium=2, codes=[southwark[0].code, southwark[1].code]
    )
    add = {"do": "add", "version": bid.lead_version, "consortium": 2, "practices": "", "ready": [southwark[2].code]}
    assert lead.post(path, add)["Location"] == f"{path}?consortium=2"
    assert bid.practices.filter(consortium__position=2).count() == 3
    out = {"do": "remove", "version": bid.lead_version + 1, "consortium": 2, "code": [southwark[1].code]}
    assert lead.post(path, out)["Location"] == path
    left = bid.practices.order_by("practice__code").values_list("practice__code", flat=True)
    assert list(left) == [southwark[0].code, southwark[2].code]
    none = lead.post(path, {"do": "remove", "version": bid.lead_version + 2, "consortium": 2})
    assert none.status_code == 422 and errors_of(none) == ["Tick the practices to take out of the bid."]


def test_a_practice_that_closed_since_the_check_is_refused_with_the_paste_kept(who, lead, southwark):
    bid = begun(who)
    sent = {"do": "add", "version": bid.lead_version, "practices": "Z85099 as pasted", "ready": ["Z85099"]}
    page = lead.post(f"/lead/bids/{bid.ref}/practices/", sent)
    assert page.status_code == 422
    assert "its last day was 31 December 2010" in errors_of(page)[0]
    assert "Z85099 as pasted" in text_of(page)
    assert not bid.practices.exists()


def test_a_stale_form_keeps_what_was_typed_shows_what_is_saved_and_can_be_sent_again(who, lead):
    bid = begun(who)
    path = f"/lead/bids/{bid.ref}/evidence/qipp/"
    seen = bid.lead_version
    actions.answer_criterion(by=who.lead, bid=bid, version=seen, criterion="qipp", text="from another window")
    page = lead.post(path, {"version": seen, "text": "typed at length"})
    assert page.status_code == 412
    words = text_of(page)
    assert "typed at length" in words and "from another window" in words
    assert "has changed since you opened it" in errors_of(page)[0]
    assert f'name="version" value="{seen + 1}"' in words
    assert lead.post(path, {"version": seen + 1, "text": "typed at length"}).status_code == 302
    assert bid.answers.get().text == "typed at length"


def test_stale_consortia_and_practices_come_back_with_the_newest_version(who, lead, southwark):
    bid = begun(who)
    seen = bid.lead_version
    actions.edit_bid(by=who.lead, bid=bid, version=seen, form="company")
    rows = {"c-TOTAL_FORMS": 1, "c-INITIAL_FORMS": 1, "c-0-name": "Typed name", "c-0-form": ""}
    page = lead.post(f"/lead/bids/{bid.ref}/consortia/", {"version": seen, **rows})
    assert page.status_code == 412
    assert "Typed name" in text_of(page) and f'value="{seen + 1}"' in text_of(page)
    add = {"do": "add", "version": seen, "practices": "Z85001", "ready": ["Z85001"]}
    page = lead.post(f"/lead/bids/{bid.ref}/practices/", add)
    assert page.status_code == 412
    assert f'name="version" value="{seen + 1}"' in text_of(page)
    assert not bid.practices.exists()


def test_wrong_fields_are_named_and_kept(lead):
    page = lead.post("/lead/start/", {"name": "", **day("as_at", "31 2 2011")})
    assert page.status_code == 422
    assert errors_of(page) == ["Enter name of the bid", "Date of the bid must be a real date"]
    future = lead.post("/lead/start/", {"name": "Kept name", **day("as_at", "1 1 2999")})
    assert future.status_code == 422 and list(future.context["form"].errors) == ["as_at"]
    assert "Kept name" in text_of(future)


def test_another_consortium_row_works_without_a_script(who, lead):
    bid = begun(who)
    rows = {"c-TOTAL_FORMS": 1, "c-INITIAL_FORMS": 1, "c-0-name": "North", "c-0-form": "", "another": "1"}
    page = lead.post(f"/lead/bids/{bid.ref}/consortia/", {"version": bid.lead_version, **rows})
    assert page.status_code == 200
    assert 'value="North"' in text_of(page) and "c-1-name" in text_of(page)
    assert [c.name for c in bid.consortia.all()] == ["Southwark Health"]


def test_an_unfinished_bid_is_told_all_that_it_lacks_at_once(who, lead):
    bid = begun(who)
    path = f"/lead/bids/{bid.ref}/check/"
    assert "Not ready yet" in text_of(lead.get(path))
    page = lead.post(path, {"version": bid.lead_version, **day("submitted_on", "1 2 2011")})
    assert page.status_code == 422
    told_all = errors_of(page)
    assert "Name at least one practice." in told_all and "Answer “Clinical leadership”." in told_all
    assert page.context["form"].errors["declared"] == [
        "Confirm that what the bid says is true and that its practices agreed."
    ]
    assert told.fresh(bid).state == "draft"


def test_withdrawing_is_confirmed_first_and_then_done(who, lead):
    bid = told.submitted(who)
    path = f"/lead/bids/{bid.ref}/withdraw/"
    assert "cannot be undone" in text_of(lead.get(path))
    assert told.fresh(bid).state == "submitted"
    assert lead.post(path, {"version": bid.lead_version}).status_code == 302
    assert told.fresh(bid).state == "withdrawn"
    assert lead.get(path).status_code == 409


def test_a_submitted_bid_says_why_it_has_no_form(who, lead):
    bid = told.submitted(who)
    for page in ("details/", "consortia/", "practices/", "evidence/qipp/", "check/"):
        answer = lead.get(f"/lead/bids/{bid.ref}/{page}")
        assert answer.status_code == 409 and "under assessment" in text_of(answer)
    late = lead.post(f"/lead/bids/{bid.ref}/evidence/qipp/", {"version": bid.lead_version, "text": "typed too late"})
    assert late.status_code == 409 and "typed too late" in text_of(late)


def test_queries_grow_with_neither_bids_nor_practices(who, lead, django_assert_max_num_queries):
    for _ in range(3):
        told.draft(who, [make.make_practice() for _ in range(12)])
    bid = Bid.objects.order_by("pk").first()
    with django_assert_max_num_queries(10):
        lead.get("/lead/")
    with django_assert_max_num_queries(26):
        lead.get(f"/lead/bids/{bid.ref}/practices/")
    with django_assert_max_num_queries(40):
        lead.get(f"/lead/bids/{bid.ref}/check/")


def test_hundreds_of_codes_left_over_come_back_in_the_box_and_not_in_the_address(who, lead, southwark):
    bid = begun(who)
    path = f"/lead/bids/{bid.ref}/practices/"
    left = [f"Z7{n:04}" for n in range(700)]
    add = {"do": "add", "version": bid.lead_version, "practices": "", "ready": [southwark[0].code], "left": left}
    assert lead.post(path, add)["Location"] == path
    assert "\n".join(left) + "</textarea>" in lead.get(path).content.decode()
    version = told.fresh(bid).lead_version
    lead.post(path, {"do": "check", "version": version, "practices": southwark[1].code})
    assert "Z70001" not in lead.get(path).content.decode()


def test_one_endless_code_is_no_code_and_costs_nothing(who, lead, southwark):
    bid = begun(who)
    path = f"/lead/bids/{bid.ref}/practices/"
    sent = {"do": "check", "version": bid.lead_version, "practices": "Q" * 20_000}
    tracemalloc.start()
    page = lead.post(path, sent)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "Not a code" in text_of(page) and "Q" * 40 + "…" in text_of(page)
    assert peak < 50_000_000
    longer = lead.post(path, sent | {"practices": "Q" * 20_001})
    assert "That is more than 20,000 characters" in text_of(longer)
