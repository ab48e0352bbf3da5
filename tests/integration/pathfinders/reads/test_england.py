"""England is what Postgres counts practice by practice, at any moment; what is kept of it is never out of date."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from pathfinders.reads import england as module
from pathfinders.reads.england import Place, england
from practices.models import ListSize, Practice, PracticeParticulars, PracticeStatus
from registry import clock
from registry.models import Entry, Installation
from registry.moment import Moment
from tests import factories as make
from tests.support import bare_coverage, databases

APRIL_2011 = date(2011, 4, 1)
DAYS = (date(1999, 1, 1), date(2010, 12, 7), date(2010, 12, 8), APRIL_2011, date(2012, 4, 1), date(2013, 6, 1))
OTHER_LISTS = (date(2009, 1, 1), date(2013, 4, 1))


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    module._KEPT.clear()
    yield
    module._KEPT.clear()


def queries(moment: Moment) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        england(None, moment)
    return [q["sql"] for q in asked]


def sizes(moment: Moment) -> dict[str, int | None]:
    return {row.code: row.patients for row in england(None, moment).rows}


class TestWhatItIs:
    def test_all_that_is_counted_is_what_postgres_counts(self, request: pytest.FixtureRequest) -> None:
        there = request.getfixturevalue("england")
        before = Entry.objects.latest("number").at
        make.make_membership(there.practices[5], there.three, date(2011, 2, 1), status="allocated")
        make.make_list_size(there.practices[3], "2011Q1", 3000)
        make.make_list_size(there.practices[1], "2011Q2", 1500)
        make.make_parent(there.practices[2], there.tac, date(2011, 3, 1))
        moments = [make.at(day, known) for day in DAYS for known in (None, before, clock.real_now())]
        assert sum(bare_coverage.compare(moment, OTHER_LISTS) for moment in moments) > 500

    def test_its_rows_and_places(self, request: pytest.FixtureRequest) -> None:
        there = request.getfixturevalue("england")
        found = england(None, make.at(APRIL_2011))
        assert [row.code for row in found.rows] == [f"Z0000{n}" for n in range(1, 7)]
        first, fourth = there.practices[1].pk, there.practices[4].pk
        assert found.by_pk[first] == (
            first,
            "Z00001",
            "5AA",
            "Q36",
            "GC0001",
            "claimed",
            1000,
            "2010Q4",
            "latest",
            None,
        )
        assert found.by_pk[fourth][4:] == ("GC0002", "disputed", 4000, "2013Q2", "later", None)
        live = Place("PF0001", 1, APRIL_2011)
        assert found.places == {"GC0001": [live], "GC0002": [live, Place("PF0002", 2, date(2012, 4, 1))]}

    def test_a_register_without_an_entry_is_an_empty_england(self, db: None) -> None:
        found = england(None, make.at(APRIL_2011))
        assert (found.rows, found.places, len(module._KEPT.answers)) == ([], {}, 0)


class TestWhatIsKept:
    def test_it_is_read_once_until_an_entry_comes(self, committed_db: str) -> None:
        practice = make.make_practice("Z00001", patients=1000)
        assert len(queries(make.at(APRIL_2011))) == 1
        (again,) = queries(make.at(APRIL_2011))
        assert "practices_practice" not in again
        assert england(None, make.at(APRIL_2011)) is england(None, make.at(APRIL_2011))
        make.make_list_size(practice, "2011Q1", 1100)
        assert sizes(make.at(APRIL_2011)) == {"Z00001": 1100}

    def test_what_was_known_stays_as_it_was(self, committed_db: str) -> None:
        practice = make.make_practice("Z00001", patients=1000)
        then = Entry.objects.latest("number").at
        assert sizes(make.at(APRIL_2011)) == {"Z00001": 1000}
        make.make_list_size(practice, "2011Q1", 1100)
        for _ in range(2):
            assert sizes(make.at(APRIL_2011, then)) == {"Z00001": 1000}
            assert sizes(make.at(APRIL_2011)) == {"Z00001": 1100}

    def test_a_moment_taken_before_an_entry_keeps_no_later_facts_as_its_own(self, committed_db: str) -> None:
        practice = make.make_practice("Z00001", patients=1000)
        stale = make.at(APRIL_2011)
        make.make_list_size(practice, "2011Q1", 1100)
        england(None, stale)  # says "latest", and is asked when there is a later one
        assert sizes(make.at(APRIL_2011, stale.known_at)) == {"Z00001": 1000}
        assert sizes(make.at(APRIL_2011)) == {"Z00001": 1100}

    def test_what_a_transaction_took_back_is_not_served(self, committed_db: str) -> None:
        practice = make.make_practice("Z00001", patients=1000)
        for _ in range(2):
            with transaction.atomic():
                make.make_list_size(practice, "2011Q1", 1100)
                assert sizes(make.at(APRIL_2011)) == {"Z00001": 1100}
                transaction.set_rollback(True)
            assert sizes(make.at(APRIL_2011)) == {"Z00001": 1000}
        assert len(module._KEPT.answers) == 1

    def test_a_step_taken_back_and_taken_anew_at_one_instant_is_read_anew(self, committed_db: str) -> None:
        """Its entry hashes alike, of the same transaction; the practice that it names has another key."""
        Installation.declare(demonstration=True)
        instant = clock.on_day(date(2011, 5, 1))
        with transaction.atomic():
            first = _told(instant, take_back=True)
            second = _told(instant, take_back=False)
            assert first[0] == second[0] and first[1] != second[1]  # hash, key
            assert [row.pk for row in england(None, make.at(APRIL_2011)).rows] == [second[1]]

    def test_a_register_wiped_and_told_again_is_read_anew(self, committed_db: str) -> None:
        """Its entries hash alike, its rows are numbered otherwise: the transaction tells them apart."""
        Installation.declare(demonstration=True)
        instant = clock.on_day(date(2011, 5, 1))
        first = _told(instant, take_back=False)
        assert [row.pk for row in england(None, make.at(APRIL_2011)).rows] == [first[1]]
        _wipe()
        second = _told(instant, take_back=False)
        assert first[0] == second[0] and first[1] != second[1]  # hash, key
        assert [row.pk for row in england(None, make.at(APRIL_2011)).rows] == [second[1]]

    def test_another_database_is_another_england(self, committed_db: str) -> None:
        with databases.copied(committed_db) as other:
            make.make_practice("Z00001", patients=1000)
            assert sizes(make.at(APRIL_2011)) == {"Z00001": 1000}
            with databases.pointed_at(other):
                assert sizes(make.at(APRIL_2011)) == {}

    def test_a_reader_sees_what_its_snapshot_sees_while_another_writes(self, committed_db: str) -> None:
        practice = make.make_practice("Z00001", patients=1000)
        moment = make.at(APRIL_2011)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            assert sizes(moment) == {"Z00001": 1000}
            _elsewhere(lambda: make.make_list_size(practice, "2011Q1", 1100))
            _elsewhere(lambda: england(None, make.at(APRIL_2011)))
            assert sizes(moment) == {"Z00001": 1000}
        assert sizes(make.at(APRIL_2011)) == {"Z00001": 1100}

    def test_no_more_are_kept_than_there_is_room_for(self, committed_db: str) -> None:
        make.make_practice("Z00001", patients=1000)
        days = [date(2011, 1, 1 + n) for n in range(module._KEPT.most + 3)]
        for day in days:
            england(None, make.at(day))
        assert len(module._KEPT.answers) == module._KEPT.most
        assert "practices_practice" not in queries(make.at(days[-1]))[0]
        assert "practices_practice" in queries(make.at(days[0]))[0]


class _TakenBack(Exception):
    pass


def _told(instant: datetime, *, take_back: bool) -> tuple[str, int]:
    """A practice made at an instant of the story: the hash of its entry, its key. England is asked for in between."""
    made = []
    try:
        with transaction.atomic(), clock.story_time(instant):
            practice = make.make_practice("Z00001", patients=1000)
            made.append((Entry.objects.latest("number").hash, practice.pk))
            england(None, make.at(APRIL_2011))
            if take_back:
                raise _TakenBack
    except _TakenBack:
        pass
    return made[0]


def _wipe() -> None:
    """What no action can do: as a database owner who switches the triggers off."""
    tables = [kind._meta.db_table for kind in (PracticeStatus, PracticeParticulars, ListSize, Practice, Entry)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")


def _elsewhere(act: Callable[[], object]) -> None:
    """In another thread, over a connection of its own."""

    def run() -> None:
        act()
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()
