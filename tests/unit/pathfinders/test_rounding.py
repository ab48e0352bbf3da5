"""What the words of an announced figure allow."""

from decimal import Decimal

import pytest

from pathfinders.models import Rounding
from pathfinders.rounding import RULES, holds_between


@pytest.mark.parametrize(
    ("value", "rounding", "percent", "least", "most"),
    [
        ("25", "about", True, "22.5", "27.5"),  # a quarter
        ("90", "nearly", True, "85.5", "90"),
        ("50", "over", True, "50", "55"),
        ("95", "over", True, "95", "100"),
        ("97", "rounded", True, "96.5", "97.5"),
        ("60", "rounded", True, "59.5", "60.5"),  # a share is never rounded to tens
        ("37.9", "rounded", True, "37.85", "37.95"),
        ("12800000", "rounded", False, "12750000", "12850000"),
        ("12800000.0", "rounded", False, "12750000", "12850000"),  # as the column gives it
        ("18900", "rounded", False, "18850", "18950"),
        ("24.5", "rounded", False, "24.45", "24.55"),
        ("0", "rounded", False, "-0.5", "0.5"),
        ("52", "exact", False, "52", "52"),
    ],
)
def test_what_the_words_allow(value, rounding, percent, least, most):
    assert holds_between(Decimal(value), rounding, percent=percent) == (Decimal(least), Decimal(most))


def test_every_rounding_has_its_rule():
    assert {*RULES, "rounded"} == set(Rounding.values)
