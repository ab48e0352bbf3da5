"""What the words of an announced figure say."""

import tomllib
from decimal import Decimal

import pytest

from pathfinders.demonstration.areas import DATA
from pathfinders.models import Metric, Rounding
from pathfinders.rounding import holds_between
from pathfinders.wording import FRACTIONS, METRICS, ROUNDINGS, figures_in, last_digit, read


@pytest.mark.parametrize(
    ("words", "value", "rounding", "metric"),
    [
        ("a quarter", "25", "about", "share"),
        ("a third", "33.3", "about", "share"),
        ("half", "50", "about", "share"),
        ("two-thirds of the population", "66.7", "about", "share"),
        ("almost a quarter", "25", "nearly", "share"),
        ("nearly 90%", "90", "nearly", "share"),
        ("90 per cent", "90", "rounded", "share"),
        ("9 out of 10", "90", "about", "share"),
        ("more than 12 million people", "12000000", "over", "people"),
        ("12.8 million people", "12800000", "rounded", "people"),
        ("15.5m", "15500000", "rounded", ""),
        ("over half a million", "500000", "over", ""),
        ("about 50 million", "50000000", "about", ""),
        ("1,860 practices", "1860", "exact", "practices"),
        ("1,800 practices", "1800", "rounded", "practices"),
        ("20,000 people", "20000", "about", "people"),
        ("89 GP pathfinders", "89", "exact", "pathfinders"),
        ("just one practice", "1", "exact", "practices"),
        ("35.8", "35.8", "rounded", ""),
    ],
)
def test_words_that_are_read(words: str, value: str, rounding: str, metric: str) -> None:
    told = read(words)
    assert told is not None and (told.value, told.rounding, told.metric) == (Decimal(value), rounding, metric)


@pytest.mark.parametrize(
    "words", ["", "many", "missing from the list", "62 practices serving 300,000 people", "7 of 23"]
)
def test_nothing_is_guessed(words: str) -> None:
    assert read(words) is None


def test_an_average_is_rounded() -> None:
    assert read("35", "average_practices").rounding == "rounded"  # type: ignore[union-attr]
    assert read("exactly 35", "practices").rounding == "exact"  # type: ignore[union-attr]


def test_a_quarter_holds_from_22_and_a_half_to_27_and_a_half() -> None:
    told = read("a quarter")
    assert told is not None
    assert holds_between(told.value, told.rounding, percent=True) == (Decimal("22.5"), Decimal("27.5"))


def test_the_rules_name_what_the_models_know() -> None:
    assert set(ROUNDINGS.values()) <= set(Rounding.values) and set(METRICS.values()) <= set(Metric.values)
    assert all(0 < Decimal(part) < 100 for part in FRACTIONS.values())


def test_the_announced_figures_of_the_five_waves_are_read_as_their_sources_meant_them() -> None:
    sources = tomllib.loads((DATA / "claims.toml").read_text(encoding="utf-8"), parse_float=Decimal)["source"]
    claims = [claim for source in sources for claim in source["claims"]]
    other = []
    for claim in claims:
        told, rounding = read(claim["words"], claim["metric"]), claim.get("rounding", "exact")
        if told is None or (told.value, told.rounding) != (claim["value"], rounding):
            other.append(claim["words"])
    # Two say no figure; averages told to the unit were entered as exact.
    assert len(claims) > 100
    assert sorted(other) == ["206,789", "230,153", "in the wrong region", "missing from the list"]


def test_the_figures_of_a_text_but_no_days_years_money_or_numbers_of_waves() -> None:
    text = (
        "On 8 December 2010, and again in 2011-12, wave 1 brings 52 pathfinders with 1,860 practices and 12.9 million "
        "people: a quarter of the population. One of them is large. £11.5bn. By April 2013 nearly 90%, two practices."
    )
    assert [told.words for told in figures_in(text)] == [
        "52 pathfinders",
        "1,860 practices",
        "12.9 million people",
        "a quarter of the population",
        "nearly 90%",
        "two practices",
    ]


@pytest.mark.parametrize(
    ("words", "worth"),
    [
        ("50.0 million people", Decimal(100_000)),
        ("nearly 50.05 million", Decimal(10_000)),
        ("60.0%", Decimal("0.1")),
        ("50 million people", None),
        ("12.8 and 15.5 million", None),
        ("a quarter", None),
    ],
)
def test_the_last_decimal_that_is_printed_says_how_exactly_it_is_told(words: str, worth: Decimal | None) -> None:
    assert last_digit(words) == worth


def test_fifty_point_nought_million_is_not_told_to_ten_millions() -> None:
    value = Decimal(50_000_000)
    assert holds_between(value, "rounded", printed=last_digit("50.0 million")) == (49_950_000, 50_050_000)
    assert holds_between(value, "rounded", printed=last_digit("50 million")) == (45_000_000, 55_000_000)
