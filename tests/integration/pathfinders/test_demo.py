"""The demonstration England, built whole: it computes what was announced, by the ordinary actions, always alike."""

from collections.abc import Iterator
from datetime import date
from statistics import median

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoDbBlocker

from pathfinders.demonstration import story
from pathfinders.models import Bid, LeftOutAtRelease, Pathfinder, ReleasedDecision
from pathfinders.reads import announcements, decisions
from pathfinders.reads.coverage import coverage
from practices.models import ListSize, Practice
from registry import clock
from registry.accounts.demo import demo_users
from registry.errors import Refused
from registry.feed import broken_links
from registry.invariants import findings
from registry.models import Entry, Installation
from registry.moment import Moment
from tests.support import databases

# One worker builds it, once; it takes the better part of a minute, so CI runs it apart (--long).
pytestmark = [pytest.mark.xdist_group("demonstration"), pytest.mark.long]
ANYONE = AnonymousUser()
MILLION = 1_000_000


@pytest.fixture(scope="module")
def england(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demonstration, built once into a clone of the migrated database."""
    with django_db_blocker.unblock(), databases.clone():
        story.build()
        yield


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

    with subtests.test("the regions after wave 2 have the pathfinders that the press reported"):
        rows = coverage(ANYONE, Moment.of(date(2011, 1, 18), None), by="sha")
        found = {r["key"]: r["pathfinders"] for r in rows}
        reported = {"Q30": 5, "Q31": 17, "Q32": 17, "Q33": 8, "Q34": 10, "Q35": 12, "Q37": 20, "Q38": 12, "Q39": 25}
        assert found == reported | {"Q36": 141 - sum(reported.values())}

    with subtests.test("named groups have the sizes that their sources state"):
        rows = coverage(ANYONE, Moment.of(date(2011, 4, 4), None), by="pathfinder")
        by_name = {r["name"]: r for r in rows}
        stated = {
            "Red House Group": (1, 3, 18_900),
            "Huntingdon": (1, 10, 82_000),
            "Whitstable Practice": (1, 1, 32_000),
            "Newquay Commissioning Consortium": (1, 3, 28_000),
            "Ashton, Wigan and Leigh": (5, 62, 373_740),
        }
        for name, (consortia, practices, people) in stated.items():
            row = by_name[name]
            assert (row["consortia"], row["practices"]) == (consortia, practices), name
            assert row["people"] == pytest.approx(people, rel=0.01), name
        durham = by_name["County Durham and Darlington"]
        assert (durham["consortia"], durham["practices"]) == (7, 90)
        assert by_name["Leeds"]["consortia"] == 3

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
        states = ("draft", "submitted", "assessing", "assessed", "decided")
        assert sorted(held) == sorted([*states, *states])
        assert Pathfinder.objects.count() == 52 + 89 + 40 + 43 + 37
        roles = ["analyst", "approver", "assessor", "consortium_lead", "pct_lead"]
        roles += ["practice_manager", "programme_admin", "sha_assessor"]
        assert [user.email for user in demo_users()] == [f"{role}@demo.invalid" for role in roles]
        for user, role in zip(demo_users(), roles, strict=True):
            assert role in user.roles()
        assert clock.today() == date(2011, 9, 1)

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
