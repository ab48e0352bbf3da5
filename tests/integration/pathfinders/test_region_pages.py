"""Pages of PCTs and SHAs: the bids of their area, what each says, and their reply."""

from datetime import date

import pytest

from pathfinders import actions
from tests import factories as make
from tests import programme as told
from tests.desk import errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    told.local_criteria("Q36")
    return told.people()


@pytest.fixture
def practices():
    pct = make.make_pct("5LE", sha=make.make_sha("Q36", name="NHS London"), name="Southwark PCT")
    return [make.make_practice("Z85001", pct=pct), make.make_practice("Z85002", pct=pct)]


@pytest.fixture
def pct():
    return signed_in(told.person(pct_lead="5LE", name="Pat"))


@pytest.fixture
def sha():
    return signed_in(told.person(sha_assessor="Q36", name="Sam"))


class TestHome:
    def test_those_that_wait_for_a_reply_come_first_by_their_date(self, who, practices, pct):
        later = told.submitted(who, practices, name="Later", as_at=date(2011, 2, 10))
        first = told.submitted(who, practices, name="First")
        done = told.submitted(who, practices, name="Done", as_at=date(2011, 3, 1))
        actions.give_opinion(by=told.person(pct_lead="5LE"), stage=_stage(done, "5LE"), version=1, view="support")
        rows = pct.get("/pct/").context["table"].rows
        assert [row["ref"] for row in rows] == [first.ref, later.ref, done.ref]
        assert [row["reply"] for row in rows] == ["no_reply", "no_reply", "late"]
        assert rows[0]["due_on"] == date(2011, 2, 15)

    def test_others_have_no_such_page(self, who, practices, desk_of):
        bid = told.submitted(who, practices)
        for path in ("/pct/", f"/pct/bids/{bid.ref}/", f"/pct/bids/{bid.ref}/reply/5LE/"):
            for name in ("lead", "assessor", "admin"):
                assert desk_of[name].get(path).status_code == 403, (name, path)

    @pytest.fixture
    def desk_of(self, who):
        return {name: signed_in(getattr(who, name)) for name in ("lead", "assessor", "admin")}

    def test_a_bid_of_elsewhere_is_not_there(self, who, practices):
        bid = told.submitted(who, practices)
        elsewhere = signed_in(told.person(pct_lead="5AA"))
        for path in (f"/pct/bids/{bid.ref}/", f"/pct/bids/{bid.ref}/reply/5LE/"):
            assert elsewhere.get(path).status_code == 404
        assert signed_in(told.person(sha_assessor="Q36")).get(f"/pct/bids/{bid.ref}/reply/5LE/").status_code == 404

    def test_queries_do_not_grow_with_bids(self, who, practices, pct, django_assert_max_num_queries):
        for n in range(5):
            told.submitted(who, practices, name=f"Bid {n}")
        with django_assert_max_num_queries(14):
            pct.get("/pct/")


class TestBid:
    def test_it_shows_what_the_bid_says_and_nothing_of_the_casework(self, who, practices, pct):
        bid = told.decided(who, told.wave(who), practices, outcome="declined")
        words = text_of(pct.get(f"/pct/bids/{bid.ref}/"))
        for said in ("Under assessment", "Z85001", "About Clinical leadership", "Southwark PCT (5LE)", "No reply"):
            assert said in words, said
        for hidden in ("Ash Assessor", "Declined", "Finances", "NHS London"):
            assert hidden not in words, hidden

    def test_an_sha_reads_the_comments_of_its_pcts(self, who, practices, pct, sha):
        bid = told.submitted(who, practices)
        pct.post(f"/pct/bids/{bid.ref}/reply/5LE/", {"version": 1, "view": "reservations", "text": "Too small."})
        assert "Too small." in text_of(sha.get(f"/pct/bids/{bid.ref}/"))

    def test_after_release_it_says_why_no_reply_is_taken(self, who, practices, pct):
        wave = told.wave(who)
        bid = told.decided(who, wave, practices)
        told.release(who, wave)
        assert "until its outcome is announced" in text_of(pct.get(f"/pct/bids/{bid.ref}/"))
        assert pct.get(f"/pct/bids/{bid.ref}/reply/5LE/").status_code == 409


class TestReply:
    def test_a_pct_comments_and_staff_read_it(self, who, practices, pct):
        bid = told.submitted(who, practices)
        path = f"/pct/bids/{bid.ref}/reply/5LE/"
        assert "Comment of Southwark PCT" in text_of(pct.get(path))
        answer = pct.post(path, {"version": 1, "view": "", "text": "Hm."})
        assert answer.status_code == 422 and "Choose whether you support the bid." in errors_of(answer)
        assert "Hm." in text_of(answer)
        answer = pct.post(path, {"version": 1, "view": "against", "text": "Too small."}, follow=True)
        assert answer.redirect_chain == [(f"/pct/bids/{bid.ref}/", 302)]
        words = text_of(signed_in(who.admin).get(f"/staff/bids/{bid.ref}/"))
        for said in ("Too small.", "Does not support it", "Replied after its date", "By Pat"):
            assert said in words

    def test_an_sha_finds_on_each_of_its_own_criteria(self, who, practices, sha):
        bid = told.submitted(who, practices)
        path = f"/pct/bids/{bid.ref}/reply/Q36/"
        assert "About Q36 access" in text_of(sha.get(path))
        answer = sha.post(path, {"version": 1, "view": "support", "text": "", "finding-finance": "partly"})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"finding-access", "note-finance"}
        found = {"finding-access": "met", "finding-finance": "partly", "note-finance": "No accounts."}
        sha.post(path, {"version": 1, "view": "support", "text": "", **found})
        words = text_of(signed_in(who.assessor).get(f"/staff/bids/{bid.ref}/"))
        assert words.count("No accounts.") == 2 and "Finding by Sam" in words  # with the reply, and with the evidence

    def test_a_stale_form_keeps_what_was_typed_and_shows_what_is_saved(self, who, practices, pct):
        bid = told.submitted(who, practices)
        path = f"/pct/bids/{bid.ref}/reply/5LE/"
        pct.post(path, {"version": 1, "view": "support", "text": "First."})
        answer = signed_in(told.person(pct_lead="5LE")).post(
            path, {"version": 1, "view": "against", "text": "Second."}
        )
        words = text_of(answer)
        assert answer.status_code == 412 and "First." in words and "Second." in words
        assert 'name="version" value="2"' in words


def _stage(bid, code):
    return bid.stages.get(body__code=code)
