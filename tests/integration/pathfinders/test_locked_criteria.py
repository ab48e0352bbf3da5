"""New criteria after submission change nothing on an old bid's page, byte for byte (domain.md rule 13)."""

from datetime import date

import pytest

from pathfinders import actions
from pathfinders.models import CriteriaSet
from tests import factories as make
from tests import programme as told
from tests.support import crawl

pytestmark = pytest.mark.django_db

NEW_KEYS = ("access", "innovation")


def publish_newer(published_on: date) -> None:
    """The next national set, and the next of each SHA: one had a set already, the other none."""
    version = CriteriaSet.objects.filter(scope="national").count() + 1
    national = CriteriaSet.objects.create(scope="national", version=version, published_on=published_on)
    national.criteria.create(position=1, key="qipp", title="QIPP in other words", question="What else?")
    national.criteria.create(position=2, key="new_test", title="A fifth test", question="And this?")
    told.local_criteria("Q36", version=version, published_on=published_on, keys=NEW_KEYS)
    told.local_criteria("Q30", version=version, published_on=published_on, keys=NEW_KEYS)


@pytest.fixture
def who():
    who = told.people()
    told.local_criteria("Q36")
    return who


@pytest.fixture
def practices():
    london, north = make.make_sha("Q36"), make.make_sha("Q30")
    pcts = [make.make_pct("5LE", sha=london), make.make_pct("5AA", sha=north)]
    return [make.make_practice(pct=pct) for pct in pcts]


def pages(who, bid):
    """Every page of the bid to everybody who may read it."""
    pct, sha = told.person(pct_lead="5LE"), told.person(sha_assessor="Q36")
    staff = f"/staff/bids/{bid.ref}/"
    return [
        (
            crawl.in_process(who.lead),
            [f"/lead/bids/{bid.ref}/{step}" for step in ("", "send-back/", "evidence/qipp/")],
        ),
        (crawl.in_process(who.assessor), [staff + step for step in ("", "findings/", "recommend/", "return/")]),
        (crawl.in_process(who.approver), [staff, f"{staff}decide/"]),
        (crawl.in_process(pct), ["/pct/", f"/pct/bids/{bid.ref}/", f"/pct/bids/{bid.ref}/reply/5LE/"]),
        (crawl.in_process(sha), ["/pct/", f"/pct/bids/{bid.ref}/", f"/pct/bids/{bid.ref}/reply/Q36/"]),
    ]


@pytest.mark.parametrize("make_bid", [told.submitted, told.assessing, told.returned, told.assessed])
@pytest.mark.parametrize("published_on", [date(2011, 3, 1), date(2011, 1, 31)], ids=["later", "dated back"])
def test_new_criteria_change_no_byte_of_a_bid_that_was_submitted(who, practices, settings, make_bid, published_on):
    settings.DEMO = True  # the second step of sign-in has tests of its own
    bid = make_bid(who, practices)
    readers = pages(who, bid)
    before = [crawl.read(ask, paths) for ask, paths in readers]
    shown = {path for answers in before for path, answer in answers.items() if answer.status == 200}
    assert {f"/staff/bids/{bid.ref}/", f"/lead/bids/{bid.ref}/", f"/pct/bids/{bid.ref}/reply/Q36/"} <= shown
    publish_newer(published_on)
    for (ask, paths), answers in zip(readers, before, strict=True):
        assert crawl.differences(answers, crawl.read(ask, paths)) == []
    assert [s.key for s in told.fresh(bid).sets_in_force()] == ["national-1", "Q36-1"]


def test_nor_what_it_is_decided_and_sent_back_on(who, practices):
    bid = told.returned(who, practices)
    publish_newer(date(2011, 1, 31))
    bid = actions.answer_return(by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    for criterion in told.criteria():
        bid = actions.record_finding(by=who.assessor, bid=bid, version=bid.version, criterion=criterion, finding="met")
    bid = actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation="approved")
    assert told.decide(who, bid, told.wave(who)).state == "decided"


def test_a_draft_is_shown_the_newest_of_its_date(who, practices):
    """Else the test above would see nothing change."""
    bid = told.draft(who, practices)
    publish_newer(date(2011, 1, 31))
    assert [s.key for s in bid.sets_in_force()] == ["national-2", "Q30-2", "Q36-2"]
    names = [c.name_in_bid for c in bid.asked()]
    assert names == ["qipp", "new_test", "Q30-access", "Q30-innovation", "Q36-access", "Q36-innovation"]
