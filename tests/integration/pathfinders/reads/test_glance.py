"""The home page's figures are those of coverage, and run up wave by wave to the whole."""

from datetime import date

from pathfinders.reads.coverage import coverage
from pathfinders.reads.glance import glance
from tests import factories as make

APRIL_2011 = date(2011, 4, 1)
DAYS = (date(2010, 12, 7), date(2010, 12, 8), APRIL_2011, date(2012, 4, 1), date(2013, 4, 1))


def test_the_row_is_that_of_coverage_on_any_day(england):
    for day in DAYS:
        row = glance(None, make.at(day)).row
        (whole,) = coverage(None, make.at(day))
        assert row == {name: whole[name] for name in row}, day


def test_a_practice_of_two_waves_counts_with_the_earlier_and_the_last_sum_is_the_whole(england):
    found = glance(None, make.at(APRIL_2011))
    first, second = found.waves
    assert (first.pathfinders, first.practices, first.people) == (1, 4, 7000)
    assert (second.new, second.pathfinders, second.practices, second.people) == (1, 2, 4, 7000)
    assert second.percent == found.row["percent"] == 38.9


def test_those_in_no_consortium_are_told_from_those_in_no_pathfinder(england):
    found = glance(None, make.at(APRIL_2011))
    assert (found.eligible, found.left_out) == (6, 1)  # Z00005; Z00006 is in a consortium that is no pathfinder
    assert found.practice_percent == 66.7


def test_it_asks_two_queries(england, django_assert_num_queries):
    moment = make.at(APRIL_2011)
    with django_assert_num_queries(2):
        glance(None, moment)
