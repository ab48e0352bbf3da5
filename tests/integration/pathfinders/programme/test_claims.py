"""The practices that a bid names: each pasted code gets its verdict as at the bid's own date (domain.md rule 3)."""

from datetime import date

import pytest

from consortia.models import Membership
from pathfinders import actions
from practices.models import Practice, PracticeParent, PracticeStatus
from registry.errors import Refused
from tests import factories as make
from tests import programme as told

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return told.person("consortium_lead")


@pytest.fixture
def bid(lead):
    bid = actions.draft_bid(by=lead, name="Southwark", as_at=told.FEBRUARY)
    return actions.set_consortia(
        by=lead, bid=bid, version=bid.lead_version, consortia=[{"name": "One"}, {"name": "Two"}]
    )


def check(lead, bid, text):
    return actions.check_practices(by=lead, bid=bid, text=text)


def only(rows):
    (row,) = rows
    return row


def test_an_open_practice_is_fine_and_is_named(lead, bid):
    make.make_practice("G85001", name="THE SURGERY")
    row = only(check(lead, bid, "g85001"))
    assert row == {
        "line": 1,
        "code": "G85001",
        "name": "THE SURGERY",
        "verdict": "ok",
        "message": "",
        "suggestion": "",
        "accepted": True,
    }


def test_a_closed_one_is_told_with_its_last_day(lead, bid):
    make.make_practice("G85002", last_day=date(2010, 9, 30))
    row = only(check(lead, bid, "G85002"))
    assert (row["verdict"], row["accepted"]) == ("closed", False)
    assert "last day was 30 September 2010" in row["message"]


def test_the_last_day_itself_counts(lead, bid):
    make.make_practice("G85002", last_day=told.FEBRUARY)
    assert only(check(lead, bid, "G85002"))["verdict"] == "ok"


def test_it_is_the_bids_own_date_that_counts(lead):
    make.make_practice("G85002", last_day=date(2010, 9, 30))
    early = actions.draft_bid(by=lead, name="Early", as_at=date(2010, 9, 1))
    assert only(check(lead, early, "G85002"))["verdict"] == "ok"


def test_one_that_opens_later(lead, bid):
    make.make_practice("G85003", opened=date(2011, 4, 1))
    row = only(check(lead, bid, "G85003"))
    assert row["verdict"] == "not_open" and "opened on 1 April 2011" in row["message"]


def test_a_dormant_one_may_be_named_with_a_note(lead, bid):
    practice = make.make_practice("G85004")
    with make.writing() as entry:
        entry.set(PracticeStatus, (practice.pk,), date(2011, 1, 1), None, ("D",))
    row = only(check(lead, bid, "G85004"))
    assert (row["verdict"], row["accepted"]) == ("dormant", True) and "dormant" in row["message"]


@pytest.mark.parametrize(("setting", "kind"), [(1, "walk-in"), (25, "prison"), (99, "setting 99")])
def test_what_is_not_a_gp_practice(lead, bid, setting, kind):
    make.make_practice("Y00001", setting=setting)
    row = only(check(lead, bid, "Y00001"))
    assert row["verdict"] == "setting" and kind in row["message"]


def test_welsh_and_channel_islands_codes_even_where_the_register_has_them(lead, bid):
    make.make_practice("W97001")
    rows = check(lead, bid, "W97001 ALD200")
    assert [r["verdict"] for r in rows] == ["wales", "channel_islands"]


def test_a_practice_known_only_by_where_it_belonged(lead, bid):
    """A stub of an import of parents: closed once it belonged nowhere, else not known well enough."""
    pct = make.make_pct("5LE")
    with make.writing() as entry:
        gone, there = (Practice.objects.create(code=code) for code in ("G85008", "G85009"))
        entry.set(PracticeParent, (gone.pk,), date(2002, 4, 1), date(2009, 10, 1), (pct.pk,))
        entry.set(PracticeParent, (there.pk,), date(2002, 4, 1), None, (pct.pk,))
    rows = check(lead, bid, "G85008 G85009")
    assert [r["verdict"] for r in rows] == ["closed", "unknown"]
    assert "5LE until 30 September 2009" in rows[0]["message"] and "only by reference" in rows[1]["message"]


def test_a_suggestion_is_of_the_same_trust_where_one_is(lead, bid):
    here, there = make.make_pct("5LE"), make.make_pct("5LD")
    make.make_practice("G85001", pct=here)
    make.make_practice("G85102", pct=there)
    make.make_practice("G85192", pct=here)
    assert check(lead, bid, "G85001 G85112")[1]["suggestion"] == "G85192"
    assert only(check(lead, bid, "G85112"))["suggestion"] == "G85102"


def test_an_unknown_code_with_the_one_probably_meant(lead, bid):
    make.make_practice("G85012", name="ELM LODGE")
    make.make_practice("G85021", name="CLOSED ONE", last_day=date(2010, 1, 1))
    row = only(check(lead, bid, "G85102"))
    assert (row["verdict"], row["suggestion"]) == ("unknown", "G85012")
    assert "Did you mean G85012, ELM LODGE?" in row["message"]
    assert only(check(lead, bid, "G850I2"))["suggestion"] == "G85012"


def test_no_suggestion_of_what_is_pasted_already_closed_or_far_away(lead, bid):
    make.make_practice("G85012")
    make.make_practice("G85031", last_day=date(2010, 1, 1))
    rows = check(lead, bid, "G85012 G85013 G85032 A11111")
    assert [r["suggestion"] for r in rows] == ["", "", "", ""]


def test_words_that_are_no_codes(lead, bid):
    row = only(check(lead, bid, "Surgery"))
    assert row["verdict"] == "not_a_code"


def test_a_code_given_twice(lead, bid):
    make.make_practice("G85001")
    rows = check(lead, bid, "G85001\n\nG85001")
    assert [(r["line"], r["verdict"]) for r in rows] == [(1, "ok"), (3, "duplicate")]
    assert "on line 1" in rows[1]["message"]


def test_one_that_is_in_this_bid_already(lead, bid):
    make.make_practice("G85001")
    bid = actions.set_practices(by=lead, bid=bid, version=bid.lead_version, consortium=1, codes="G85001")
    row = only(check(lead, bid, "G85001"))
    assert row["verdict"] == "already" and "under One" in row["message"]
    (row,) = actions.check_practices(by=lead, bid=bid, text="G85001", consortium=1)
    assert row["verdict"] == "ok"
    with pytest.raises(Refused) as error:
        actions.set_practices(by=lead, bid=bid, version=bid.lead_version, consortium=2, codes="G85001")
    assert error.value.field == "practices" and "under One" in error.value.message


def test_a_member_of_another_consortium_is_a_warning(lead, bid):
    practice, group = make.make_practice("G85001"), make.make_consortium(name="Elsewhere")
    make.make_membership(practice, group, date(2011, 1, 1))
    row = only(check(lead, bid, "G85001"))
    assert (row["verdict"], row["accepted"]) == ("claimed_elsewhere", True)
    assert "Elsewhere" in row["message"] and group.ref in row["message"]
    actions.set_practices(by=lead, bid=bid, version=bid.lead_version, consortium=1, codes="G85001")


def test_other_bids_are_not_told_of(lead, bid):
    practice = make.make_practice("G85001")
    told.submitted(told.people(), [practice], name="Rival")
    assert only(check(lead, bid, "G85001"))["verdict"] == "ok"


def test_all_or_none_are_written(lead, bid):
    make.make_practice("G85001")
    with pytest.raises(Refused) as error:
        actions.set_practices(by=lead, bid=bid, version=bid.lead_version, consortium=1, codes=["G85001", "W97001"])
    assert (error.value.code, error.value.field) == ("practices_refused", "practices")
    assert [r["verdict"] for r in error.value.detail] == ["ok", "wales"]
    assert not bid.practices.exists()


def test_setting_practices_replaces_those_that_were_there(lead, bid):
    for code in ("G85001", "G85002", "G85003"):
        make.make_practice(code)
    bid = actions.set_practices(by=lead, bid=bid, version=bid.lead_version, consortium=1, codes="G85001, G85002")
    kept = bid.practices.get(practice__code="G85002").pk
    bid = actions.set_practices(by=lead, bid=bid, version=bid.lead_version, consortium=1, codes="G85003 G85002 G85003")
    assert set(bid.practices.values_list("practice__code", flat=True)) == {"G85002", "G85003"}
    assert bid.practices.get(practice__code="G85002").pk == kept
    assert not Membership.objects.exists()


def test_checking_writes_nothing_and_is_for_the_own_bid(lead, bid):
    make.make_practice("G85001")
    check(lead, bid, "G85001")
    assert not bid.practices.exists() and told.fresh(bid).version == bid.version
    with pytest.raises(Refused) as error:
        check(told.person("consortium_lead"), bid, "G85001")
    assert error.value.status == 403


def test_a_paste_of_some_other_file_is_refused_at_once(lead, bid):
    with pytest.raises(Refused) as error:
        check(lead, bid, "G85001 " * 1_001)
    assert error.value.code == "too_many"


def test_a_long_list_is_checked_in_few_questions(lead, bid, django_assert_max_num_queries):
    codes = [make.make_practice().code for _ in range(30)] + [f"H8{n:04}" for n in range(30)]
    with django_assert_max_num_queries(10):
        rows = check(told.fresh(lead), bid, " ".join(codes))
    assert [r["verdict"] for r in rows] == ["ok"] * 30 + ["unknown"] * 30
