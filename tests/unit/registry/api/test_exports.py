"""Cells of a CSV."""

from datetime import date

import pytest

from registry.api.delimited import cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+44", "-1", "@x", "\tx", "\rx", "\nx", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"]
)
def test_text_that_a_spreadsheet_would_run_is_quoted(text):
    assert cell(text) == "'" + text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("005QV", "005QV"),
        (-5, -5),
        (date(2011, 4, 1), "2011-04-01"),
        (["PF0001", "PF0002"], "PF0001 PF0002"),
        (["=x"], "'=x"),
        ([{"criterion": "a"}], '{"criterion": "a"}'),
    ],
)
def test_other_values(value, expected):
    assert cell(value) == expected
