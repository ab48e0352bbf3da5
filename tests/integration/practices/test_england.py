"""The real files, loaded once: the figures that an import must reproduce (data README).

One module and one database, so that the files are loaded once; skipped, saying so, where they are absent.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from practices import totals
from practices.actions import import_england, import_practices
from practices.models import (
    GP_PRACTICE,
    BodyParticulars,
    Practice,
    PracticeParent,
    PracticeParticulars,
    PracticePlace,
    PracticeStatus,
)
from registry.files.report import Report
from registry.models import Entry, User
from registry.moment import Moment
from tests.integration.practices.conftest import history
from tests.support import databases
from tests.support.real_register import RealRegister

pytestmark = pytest.mark.realdata
APRIL, MAY, CCGS = date(2011, 4, 1), date(2011, 5, 1), date(2013, 4, 1)
BY_SHA = {
    "Q30": 411, "Q31": 1260, "Q32": 790, "Q33": 620, "Q34": 958,
    "Q35": 790, "Q36": 1489, "Q37": 628, "Q38": 505, "Q39": 729,
}  # fmt: skip
SECONDS = 120
"""An idle machine of two cores takes 20; the rest is for other tests beside it."""


@pytest.fixture(scope="module")
def england(real_register: RealRegister, django_db_blocker: object) -> Iterator[list[Report]]:
    """The whole folder loaded into a clone; each test's writes are rolled back."""
    assert real_register.seconds < SECONDS
    with django_db_blocker.unblock(), databases.clone(real_register.database):  # type: ignore[attr-defined]
        yield real_register.reports


@pytest.fixture
def system(england: list[Report]) -> Iterator[User]:
    with transaction.atomic():
        yield User.objects.system()
        transaction.set_rollback(True)


def active_gps(user: User, day: date) -> set[int]:
    moment = Moment.of(as_of=day)
    active = PracticeStatus.objects.visible_to(user).at(moment).filter(status="A")
    gps = PracticeParticulars.objects.visible_to(user).at(moment).filter(setting=GP_PRACTICE)
    return set(active.values_list("practice", flat=True)) & set(gps.values_list("practice", flat=True))


def test_nothing_is_refused_and_stubs_are_warned_of(england: list[Report]) -> None:
    assert [r.refused for r in england] == [[]] * len(england)
    parents = next(r for r in england if r.kind == "ods-parents")
    assert (parents.rows, parents.new, len(parents.warnings)) == (47_822, 45_915, 2)
    practices = next(r for r in england if r.kind == "ods-practices")
    assert (practices.rows, practices.new, sum(practices.skipped.values())) == (14_912, 14_086, 826)


@pytest.mark.parametrize("day", [APRIL, MAY])
def test_practices_by_sha(system: User, day: date) -> None:
    found = totals.at(system, day)
    assert (found.practices, dict(found.by_sha)) == (8_180, BY_SHA)


def test_practices_pct_by_pct(system: User, real_data: Path) -> None:
    with (real_data / "derived" / "pct_at_2011-04-01.csv").open(encoding="utf-8") as answer:
        expected = {r["pct_code"]: int(r["practices"]) for r in csv.DictReader(answer)}
    found = totals.at(system, APRIL)
    assert len(expected) == 151
    assert dict(found.by_parent) == expected
    assert totals.at(system, MAY).by_parent["5QW"] == expected["TAM"]


def test_list_sizes(system: User) -> None:
    found = totals.at(system, APRIL)
    assert (found.with_list, round(found.people / 1e6, 2)) == (7_984, 55.87)


def test_every_practice_is_under_one_living_body(system: User) -> None:
    for day, kinds, bodies, practices in (
        (APRIL, ("pct", "care_trust"), 151, 8_180),
        (MAY, ("pct", "care_trust"), 151, 8_180),
        (CCGS, ("ccg",), 211, 8_073),
    ):
        moment, gps = Moment.of(as_of=day), active_gps(system, day)
        parents = PracticeParent.objects.visible_to(system).at(moment).filter(practice__in=gps)
        living = BodyParticulars.objects.visible_to(system).at(moment).filter(kind__in=kinds)
        alive = set(living.values_list("body", flat=True))
        under = Counter(parents.values_list("practice", flat=True))
        assert (len(gps), len(under), set(under.values())) == (practices, practices, {1})
        assert (len(alive), set(parents.values_list("parent", flat=True))) == (bodies, alive)


def test_places_and_dormant_practices(system: User) -> None:
    placed = PracticePlace.objects.visible_to(system).current().filter(practice__in=active_gps(system, APRIL))
    assert placed.count() == 8_180 - 52
    letters = PracticeStatus.objects.visible_to(system).at(Moment.of(as_of=date(2014, 10, 1)))
    on_the_day = Counter(letters.filter(practice__in=active_gps(system, APRIL)).values_list("status", flat=True))
    assert on_the_day == {"A": 7_875, "C": 191, "D": 114}


def test_a_second_run_changes_nothing_and_says_so(system: User, real_data: Path) -> None:
    entries = Entry.objects.count()
    said: list[str] = []
    import_england(by=system, path=real_data, say=said.append)
    assert Entry.objects.count() == entries
    assert "Nothing has changed" in said[-1]


def test_the_amendments_of_2015_then_apply_and_the_older_file_changes_nothing(
    system: User, real_data: Path, tmp_path: Path
) -> None:
    report = import_practices(by=system, path=real_data / "ods" / "egpam_2015-12-18.csv", amendments=True)
    assert (report.rows, report.new, report.changed, report.unchanged, report.refused) == (1_127, 40, 75, 3, [])
    assert history(PracticeStatus, "A82619")[-1] == ("2015-12-18", "", "D")
    entries = Entry.objects.count()
    again = tmp_path / "epraccur_2014-10.csv"  # other bytes, so that every row is compared again
    again.write_bytes((real_data / "ods" / "epraccur_2014-10.csv").read_bytes() + b"\n")
    older = import_practices(by=system, path=again)
    assert (older.older, older.new, older.changed, Entry.objects.count()) == (78, 0, 0, entries)
    found = totals.at(system, APRIL)
    assert (found.practices, dict(found.by_sha)) == (8_180, BY_SHA)


def test_no_welsh_or_island_practice_came_in(system: User) -> None:
    assert not Practice.objects.filter(code__regex=r"^(W|[A-Z]{3})").exists()
