"""Claims beside the register's figures: those of coverage, of the day of the announcement, as known now and then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consortia.actions import correct_membership
from pathfinders.actions import Claim, merge_pathfinders, record_claims
from pathfinders.models import Pathfinder
from pathfinders.reads import announcements
from pathfinders.reads.announced_figures import figures
from pathfinders.reads.coverage import coverage
from registry.models import Entry
from registry.moment import Moment
from tests import factories as make
from tests import programme as told
from tests.support.eight_practices import eight_practices

pytestmark = pytest.mark.django_db


@pytest.fixture
def england():
    return eight_practices()


ANYONE = AnonymousUser()
FIRST, SECOND = date(2010, 12, 8), date(2011, 1, 17)
SAID = Claim(metric="people", value=1000, words="1,000", publisher="Gazette", published="2011-01-20", wave=2)


@pytest.fixture
def admin(england):
    return told.people().admin


def compared(*claims: Claim, by, moment: Moment | None = None) -> list[dict]:
    record_claims(by=by, claims=claims, reason="As printed.")
    moment = moment or Moment.now()
    return announcements.finish(ANYONE, moment, list(announcements.rows(ANYONE, moment).order_by("ref")))


@pytest.mark.parametrize("day", [FIRST, SECOND, date(2011, 4, 4), date(2010, 12, 7)])
def test_figures_are_those_of_coverage(england, day):
    moment = make.at(day)
    scopes = ("Q36", "Q37", "5AA", "5BB", "TAC", "PF0001", "PF0002")
    found = figures(ANYONE, moment, scopes)
    told_of = 0
    for by in ("national", "sha", "pct", "pathfinder", "wave"):
        for row in coverage(ANYONE, moment, by=by):
            key = ("England", int(row["key"])) if by == "wave" else (row["key"], None)
            got = [found.of(metric, *key) for metric in ("pathfinders", "practices", "people")]
            assert got == [row["pathfinders"], row["practices"], row["people"]], (by, key)
            if by in ("national", "sha", "pct") and row["denominator"]["value"]:
                assert found.denominators[row["key"]] == row["denominator"]
                assert found.of("share", *key) == row["percent"]
            told_of += row["people"] > 0
    assert told_of >= 5 or day < SECOND


def test_of_the_wave_alone_or_of_all_so_far_and_of_areas_in_a_wave(england):
    found = figures(ANYONE, make.at(date(2011, 4, 4)), ("5AA",))
    alone, all_so_far = found.of("practices", "5AA", 2), found.of("practices", "5AA", None)
    assert (alone, all_so_far) == (1, coverage(ANYONE, make.at(date(2011, 4, 4)), by="pct")[0]["practices"])
    assert all_so_far > alone
    assert found.of("average_practices", "England", None) == round(found.of("practices", "England", None) / 2, 1)
    assert found.of("average_people", "England", None) == round(found.of("people", "England", None) / 2)
    assert found.of("average_people", "England", 9) is None and found.of("practices", "England", 9) == 0


def test_it_is_the_figure_of_the_announcement_not_of_the_publication(admin):
    row, other = compared(SAID, replace(SAID, wave=1), by=admin)
    assert (row["figure_on"], other["figure_on"]) == (SECOND, FIRST)
    people = coverage(ANYONE, make.at(SECOND), by="national")[0]["people"]
    assert row["figure"] == people
    assert row["difference"] == people - 1000
    assert row["holds"] is False
    (loose,) = compared(replace(SAID, wave=None), by=admin)[2:]
    assert (loose["figure_on"], loose["figure_then"]) == (date(2011, 1, 20), None)


def test_as_known_now_and_as_known_at_the_release(england, admin):
    """A member is taken back after the releases: what the register said then stays beside what it says now."""
    claim = replace(SAID, metric="practices", wave=2)
    (before,) = compared(claim, by=admin)
    known = Entry.objects.order_by("-number")[0].at
    released = Entry.objects.filter(action="make_wave").order_by("number")[1]
    then = coverage(ANYONE, Moment.of(SECOND, released.at), by="national")[0]["practices"]
    correct_membership(
        by=admin, practice=england.practices[1], start=date(2010, 1, 1), end=None, consortium=None,
        status="claimed", reason="corrected", why="It never joined.",
    )  # fmt: skip
    moment = Moment.now()
    (after,) = announcements.finish(ANYONE, moment, list(announcements.rows(ANYONE, moment)))
    assert after["figure"] == before["figure"] - 1
    assert after["figure_then"] == before["figure_then"] == then
    past = Moment.of(None, known)
    assert announcements.finish(ANYONE, past, list(announcements.rows(ANYONE, past))) == [before]


def test_a_share_names_its_denominator_and_words_are_held_to_their_rule(admin):
    percent = coverage(ANYONE, make.at(SECOND), by="national")[0]["percent"]
    share = replace(SAID, metric="share", value=percent + 1, rounding="about", words="about that")
    row, over, area = compared(
        share, replace(share, rounding="over"), replace(share, scope_kind="sha", scope="Q36"), by=admin
    )
    assert (row["figure"], row["holds"], row["difference"]) == (percent, True, -1)
    assert over["holds"] is False
    assert row["denominator_name"] == "registered-2010Q4"
    national, sha = (coverage(ANYONE, make.at(SECOND), by=by)[0] for by in ("national", "sha"))
    assert row["denominator_value"] == national["denominator"]["value"]
    assert (area["denominator_value"], area["scope_name"]) == (sha["denominator"]["value"], sha["name"])


def test_a_pathfinder_by_reference_or_name_and_none_where_two_bear_it(england, admin):
    def of(scope, **more):
        return replace(SAID, metric="practices", scope_kind="group", scope=scope, **more)

    by_name, by_ref, unknown = compared(of("First"), of("PF0001"), of("Nobody"), by=admin)
    assert by_name["figure"] == by_ref["figure"] > 0
    assert (unknown["figure"], unknown["difference"], unknown["holds"]) == (None, None, None)
    make.make_pathfinder(consortia=[england.three], name="First")
    moment = Moment.now()
    rows = announcements.finish(ANYONE, moment, list(announcements.rows(ANYONE, moment).order_by("ref")))
    assert [r["figure"] for r in rows] == [None, by_ref["figure"], None]


def test_a_later_merger_changes_no_figure_of_the_day(england, admin):
    (before,) = compared(replace(SAID, metric="pathfinders"), by=admin)
    first, second = Pathfinder.objects.order_by("ref")
    merge_pathfinders(by=admin, pathfinder=second, into=first, on=date(2011, 3, 1), reason="They work as one.")
    moment = Moment.now()
    (after,) = announcements.finish(ANYONE, moment, list(announcements.rows(ANYONE, moment)))
    assert after["figure"] == before["figure"] == 2


def test_a_claim_is_there_from_its_publication(admin):
    record_claims(by=admin, claims=[SAID], reason="As printed.")
    assert announcements.rows(ANYONE, make.at(date(2011, 1, 19))).count() == 0
    assert announcements.rows(ANYONE, make.at(date(2011, 1, 20))).count() == 1
    assert announcements.of_wave(ANYONE, make.at(date(2011, 1, 19)), 2).count() == 1
    before = Moment.of(None, Entry.objects.get(number=Entry.objects.count() - 1).at)
    assert announcements.of_wave(ANYONE, before, 2).count() == 0


def test_the_questions_are_as_many_for_one_claim_as_for_fifty(admin):
    def asked():
        moment = Moment.now()
        with CaptureQueriesContext(connection) as queries:
            announcements.finish(ANYONE, moment, list(announcements.rows(ANYONE, moment)))
        return len(queries)

    claims = [SAID, replace(SAID, wave=1), replace(SAID, scope_kind="sha", scope="Q36")]
    claims.append(replace(SAID, scope_kind="group", scope="First"))
    claims.append(replace(SAID, wave=1, scope_kind="group", scope="First"))
    record_claims(by=admin, claims=claims, reason="As printed.")
    few = asked()
    record_claims(by=admin, claims=claims * 10, reason="As printed.")
    assert asked() == few <= 11
