"""The demonstration England, built whole: it computes what was announced, by the ordinary actions, always alike."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoDbBlocker

from consortia.models import Consortium
from pathfinders import service
from pathfinders.demonstration import calendar, story
from pathfinders.models import (
    Bid,
    CriteriaSet,
    LeftOutAtRelease,
    Pathfinder,
    ReleasedDecision,
    Return,
    Review,
    Stage,
    Withdrawal,
)
from pathfinders.reads import announcements, decisions
from pathfinders.reads.coverage import coverage
from pathfinders.states import OPEN_STATES, BidState, allowed_actions
from pathfinders.views.public.api_guide import EXAMPLE_SITE, EXAMPLES
from practices.models import (
    BodyParticulars,
    Branch,
    ListSize,
    Practice,
    PracticeParent,
    PracticeParticulars,
    PracticeStatus,
    PracticeSuccession,
)
from registry import clock
from registry.accounts.demo import demo_users
from registry.authorization import ROLES
from registry.errors import Refused
from registry.feed import broken_links
from registry.invariants import findings
from registry.models import Entry, Installation, Mail, MailState
from registry.models.fact import Lower
from registry.moment import Moment
from tests.support import bare_coverage, databases, sites
from tests.support.documented import ASKED

# One worker builds it, once; it takes the better part of a minute, so CI runs it apart (--long).
pytestmark = pytest.mark.long
ANYONE = AnonymousUser()
MILLION = 1_000_000


@pytest.fixture(scope="module")
def england(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demonstration, built once into a clone of the migrated database."""
    with django_db_blocker.unblock(), databases.clone():
        story.build()
        yield


STATED: dict[int, list[tuple[str, int | None, int | None, int | None]]] = {
    1: [
        ("Red House Group", 1, 3, 18_900),
        ("County Durham and Darlington", 7, 90, None),
        ("Wyvernhealth", 1, 75, 532_000),  # its source says "over half a million"
        ("Huntingdon", 1, 10, 82_000),
        ("Cambridgeshire Association to Commission Health", 1, 30, None),
        ("Oxfordshire GP Consortium", 1, None, 672_000),
        ("Manchester", 3, None, None),
        ("Nene Commissioning", 1, None, None),
        ("Great West Commissioning Consortium", 1, None, None),
    ],
    2: [
        ("Whitstable Practice", 1, 1, 32_000),
        ("East Cliff Practice", 1, 1, 14_000),
        ("South Elmsall and Rycroft", 1, 1, 21_000),
        ("Leeds", 3, None, None),
        ("North East Lincolnshire", 1, 31, None),
    ],
    3: [
        ("Newquay Commissioning Consortium", 1, 3, 28_000),
        ("Lambeth Commissioning Consortium", 1, 52, 377_624),
        ("East and North Hertfordshire GP Commissioning Consortium", 1, 50, 463_692),
        ("Ashton, Wigan and Leigh", 5, 62, 373_740),
        ("Barking and Dagenham Quality Care Consortium", 1, None, None),
    ],
    4: [("Premier MK", 1, None, None), ("Lincolnshire South West", 1, None, None)],
    5: [("GP Healthcare MK", 1, None, None)],
}
"""By wave: name, consortia, practices and people as the sources state them (None: not stated), on the day announced."""


def _bids(wave: int) -> dict[str, tuple[int, int]]:
    """By SHA the bids decided in a wave and how many were approved, by the trust of each bid's first practice."""
    day = calendar.BIDS[wave].submitted
    above = dict(BodyParticulars.objects.current().filter(effective__contains=day).values_list("body", "above__code"))
    parents = dict(PracticeParent.objects.current().filter(effective__contains=day).values_list("practice", "parent"))
    found: dict[str, tuple[int, int]] = {}
    for decision in ReleasedDecision.objects.current().filter(wave=wave):
        first = Bid.objects.get(ref=decision.bid).practices.order_by("practice__code").first()
        sha = above[parents[first.practice_id]]
        made, approved = found.get(sha, (0, 0))
        found[sha] = (made + 1, approved + (decision.pathfinder_id is not None))
        assert decision.reasons or decision.outcome == "approved"
    return found


def covered_by_status(day: date) -> int:
    return PracticeStatus.objects.current().filter(status="A", effective__contains=day).count()


def covered(year: int, month: int, day: int, known: date | None = None) -> dict:
    known_at = clock.end_of_london_day(known) if known else None
    return coverage(ANYONE, Moment.of(date(year, month, day), known_at))[0]


def test_the_register_computes_what_was_announced(england: None, subtests: pytest.Subtests) -> None:
    with subtests.test("nothing before the first announcement"):
        assert covered(2010, 12, 7)["pathfinders"] == covered(2010, 12, 7)["practices"] == 0
    with subtests.test("wave 1"):
        first = covered(2010, 12, 8)
        assert (first["pathfinders"], first["practices"]) == (52, 1860)
        assert 12.75 * MILLION <= first["people"] <= 12.85 * MILLION
    with subtests.test("wave 2"):
        assert covered(2011, 1, 17)["pathfinders"] == 52
        second = covered(2011, 1, 18)
        assert (second["pathfinders"], second["practices"]) == (141, 1860 + 2183)
        assert second["people"] == pytest.approx(28.6 * MILLION, rel=0.002)
    with subtests.test("wave 3, four of wave 2 merged away"):
        assert covered(2011, 3, 1)["pathfinders"] == 141
        assert covered(2011, 3, 2)["pathfinders"] == 141 + 40 - 4
    with subtests.test("wave 4"):
        fourth = covered(2011, 4, 4)
        assert fourth["pathfinders"] == 220
        assert 45.65 * MILLION <= fourth["people"] <= 45.75 * MILLION
    with subtests.test("wave 5"):
        fifth = covered(2011, 7, 12)
        assert fifth["pathfinders"] == 257
        assert 49.7 * MILLION <= fifth["people"] < 50 * MILLION
        assert fifth["denominator"]["value"] == pytest.approx(54.6 * MILLION, rel=0.01)
    with subtests.test("what was known on 1 January 2011 of 4 April"):
        assert covered(2011, 4, 4, known=date(2011, 1, 1))["pathfinders"] == 52

    with subtests.test("counted by Postgres practice by practice, it is the same"):
        moments = [
            Moment.of(date(2011, 8, 1)),
            Moment.of(date(2011, 4, 4), clock.end_of_london_day(date(2011, 1, 20))),
        ]
        assert sum(bare_coverage.compare(moment) for moment in moments) > 1_000

    with subtests.test("the regions after wave 2 have the pathfinders that the press reported"):
        rows = coverage(ANYONE, Moment.of(date(2011, 1, 18), None), by="sha")
        found = {r["key"]: r["pathfinders"] for r in rows}
        reported = {"Q30": 5, "Q31": 17, "Q32": 17, "Q33": 8, "Q34": 10, "Q35": 12, "Q37": 20, "Q38": 12, "Q39": 25}
        assert found == reported | {"Q36": 141 - sum(reported.values())}

    with subtests.test("named groups have the sizes that their sources state"):
        for wave, announced in calendar.ANNOUNCED.items():
            rows = coverage(ANYONE, Moment.of(announced, None), by="pathfinder") if wave < 6 else []
            by_name = {r["name"]: r for r in rows}
            for name, consortia, practices, people in STATED.get(wave, ()):
                row = by_name[name]
                told = (consortia or row["consortia"], practices or row["practices"], people or row["people"])
                assert (row["consortia"], row["practices"], row["people"]) == told, name
                in_wave = Pathfinder.objects.get(particulars__name=name, particulars__recorded__upper_inf=True)
                assert in_wave.particulars.current().get().wave == wave, name
        assert Bid.objects.get(name="ESyDoc").practices.count() == 20

    with subtests.test("bids and approvals of wave 1 by SHA are those that the press reported"):
        assert {sha: _bids(1)[sha] for sha in ("Q36", "Q35", "Q37")} == {
            "Q36": (16, 8),
            "Q35": (25, 7),
            "Q37": (19, 5),
        }
        for wave in (1, 2, 3):
            assert sum(made - approved for made, approved in _bids(wave).values()) > 5

    with subtests.test("emerging consortia lie among each other, over the bounds of trusts"):
        found = {
            c.particulars.current().get().name: c for c in Consortium.objects.filter(memberships__reason="founding")
        }
        for name in (
            "Wirral GPCC",
            "Wirral HCC",
            "Wirral NHS Alliance",
            "United League Commissioning",
            "Forward Health",
        ):
            assert found[name].memberships.current().count() >= 9
            assert not found[name].programme_places.exists()
        trusts = PracticeParent.objects.current().filter(effective__contains=date(2011, 8, 1))
        league = found["United League Commissioning"].memberships.values("practice")
        assert set(trusts.filter(practice__in=league).values_list("parent__code", flat=True)) == {"5HG", "5NM"}

    with subtests.test("branches, mergers, closures and moves over the years"):
        told = Branch.objects.current()
        practices = covered_by_status(date(2011, 8, 1))
        share = told.filter(effective__contains=date(2011, 8, 1)).values("practice").distinct().count() / practices
        assert 0.15 < share < 0.25
        assert told.filter(effective__upper_inf=False).count() > 100
        assert Entry.objects.filter(action="import_branches").count() == 2  # in bulk: one entry each
        succession = PracticeSuccession.objects.current().annotate(on=Lower("effective"))
        years = {on.year for on in succession.values_list("on", flat=True)}
        assert succession.count() > 45 and years >= {2006, 2007, 2008, 2009, 2010, 2011}
        closed = PracticeStatus.objects.current().filter(status="C").annotate(on=Lower("effective"))
        assert {on.year for on in closed.values_list("on", flat=True)} >= {2006, 2007, 2008, 2009, 2010, 2011}
        moved = PracticeParticulars.objects.current().annotate(on=Lower("effective")).filter(on=date(2011, 6, 1))
        assert moved.count() == 57

    with subtests.test("the patients of a practice that ends are its heirs' in the next quarter"):
        gone = succession.filter(on=date(2011, 4, 1)).first()
        sizes = ListSize.objects.current().filter(practice__in=(gone.predecessor, gone.successor))
        before = [s.patients for s in sizes.filter(quarter="2011Q1")]
        after = sizes.get(quarter="2011Q2")
        assert len(before) == 2 and after.practice == gone.successor
        assert after.patients == pytest.approx(sum(before), rel=0.02)

    with subtests.test("list sizes look like England's"):
        lists = list(ListSize.objects.current().filter(quarter="2010Q4").values_list("patients", flat=True))
        assert 8_100 <= len(lists) <= 8_300
        assert 6_000 <= median(lists) <= 6_400
        assert max(lists) > 4 * median(lists)
        assert not Practice.objects.exclude(code__startswith="Z").exists()

    with subtests.test("bids turned down, with coded reasons; one practice left out at a release"):
        refused = ReleasedDecision.objects.current().exclude(pathfinder__isnull=False)
        assert refused.filter(wave=1, outcome="declined").exists() and refused.filter(outcome="deferred").exists()
        assert not refused.filter(reasons="").exists()
        told = decisions.rows(ANYONE, Moment.now()).values_list("outcome", "reason_codes")
        assert all(isinstance(codes, list) and bool(codes) == (outcome != "approved") for outcome, codes in told)
        assert Bid.objects.get(name="ESyDoc").outcome == "declined"
        assert LeftOutAtRelease.objects.current().filter(why="closed").count() == 1

    with subtests.test("a newcomer finds two bids in each open state, and somebody to be"):
        held = list(Bid.objects.exclude(state="released").values_list("state", flat=True))
        states = [str(state) for state in (BidState.DRAFT, *OPEN_STATES)]
        assert sorted(held) == sorted([*states, *states])
        assert Pathfinder.objects.count() == 52 + 89 + 40 + 43 + 37
        people = {user.email: user.roles() for user in demo_users()}
        assert set(people) == {f"{role}@demo.invalid" for role in (*ROLES, "approver2")}
        assert all(role in people[f"{role}@demo.invalid"] for role in ROLES)
        assert clock.today() == date(2011, 9, 1)

    with subtests.test("two bids wait for what their lead was asked, the clock stopped, the letters sent"):
        asked = Return.objects.filter(answered_on=None).select_related("bid__lead").order_by("bid")
        assert [len(back.reasons) for back in asked] == [2, 2]
        for back in asked:
            bid, letter = back.bid, Mail.objects.get(about=back.bid.ref, subject__contains="know more")
            assert (bid.state, bid.lead.email) == ("returned", "consortium_lead@demo.invalid")
            assert letter.state == MailState.QUEUED and back.text in letter.body
            clock_of_it = service.clock_of(bid, clock.today(), back.returned_on)
            assert clock_of_it is not None and clock_of_it.standing == service.Standing.PAUSED

    with subtests.test("a review and a wish to withdraw wait, for somebody to be in the demonstration"):
        by_email = {user.email.partition("@")[0]: user for user in demo_users()}
        review = Review.objects.get(outcome="")
        assert review.decision.outcome == "approved_with_conditions"
        assert {"uphold_review", "turn_down_review"} <= set(allowed_actions(review.decision.bid, by_email["approver"]))
        wish = Withdrawal.objects.get(outcome="")
        assert "settle_withdrawal" in allowed_actions(wish.bid, by_email["programme_admin"])
        for bid in (review.decision.bid, wish.bid):
            assert bid.is_in_programme()

    with subtests.test("London has criteria of its own, which the bids of the open wave answer"):
        local = CriteriaSet.objects.exclude(scope="national").get()
        assert local.scope == "Q36" and local.criteria.count() == 2
        locked = Stage.objects.filter(criteria=local).values_list("bid__state", flat=True)
        assert set(locked) == {"submitted", "assessing", "returned", "assessed"}
        for bid in Bid.objects.exclude(state="released"):
            assert bid.answers.count() == len(bid.asked()), bid.name

    with subtests.test("what was announced stands beside what is computed, each difference explained"):
        moment = Moment.now()
        claims = announcements.finish(ANYONE, moment, list(announcements.rows(ANYONE, moment)))
        assert [c["ref"] for c in claims if c["figure"] is None] == []
        assert [(c["ref"], c["words"]) for c in claims if not c["holds"] and not c["reconciliation"]] == []
        assert {c["wave"] for c in claims} == {1, 2, 3, 4, 5}

    with subtests.test("every rule holds, and the chain of the journal"):
        assert [f.rule.name for f in findings() if f.rows] == []
        assert list(broken_links()) == []
        assert Installation.is_demonstration()

    with subtests.test("it is told once: a second build is refused, and the command keeps what is there"):
        number = Entry.objects.count()
        with pytest.raises(Refused, match="holds entries"):
            story.build()
        assert Entry.objects.count() == number
        assert story.whole()


def test_the_recipes_answers_are_those_of_the_demonstration(england: None, tmp_path: Path) -> None:
    """As the page about the API shows them; R's and Power Query's by their figures."""
    answers = EXAMPLES / "answers"
    with sites.served() as site:
        for path in sorted(EXAMPLES.glob("*.*")):
            text = path.read_text().replace(EXAMPLE_SITE, site).replace("curl ", "curl --fail --silent ")
            words = {".py": [sys.executable, "-c", text], ".sh": ["sh", "-ec", text]}.get(path.suffix)
            if words and (answers / f"{path.name}.txt").exists():
                done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
                assert done.stdout == (answers / f"{path.name}.txt").read_text(), path.name
        for asked, told in ASKED:
            with urlopen(f"{site}/api/v1/{asked}", timeout=60) as answer:
                assert json.loads(told) in json.load(answer)["results"], asked
        found = coverage(ANYONE, Moment.of(date(2011, 4, 4)), by="sha")
    shown = {name: (answers / name).read_text().split("\n")[1:] for name in ("coverage.R.txt", "coverage.pq.txt")}
    for number, row in enumerate(found, start=1):
        figures = [str(row["pathfinders"]), str(row["percent"])]
        assert shown["coverage.R.txt"][number - 1].split() == [str(number), *row["name"].split(), *figures]
        wanted = [row["key"], *row["name"].split(), figures[0], str(row["people"]), figures[1]]
        assert shown["coverage.pq.txt"][number - 1].split() == wanted
