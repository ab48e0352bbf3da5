"""Dates and quarters in the names of files."""

from datetime import date

import pytest

from registry.files.names import date_in, quarter_in


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("epraccur_2014-10.csv", date(2014, 10, 1)),
        ("epcmem_2019-08-30.csv", date(2019, 8, 30)),
        ("epraccur20141128.csv", date(2014, 11, 28)),
        ("CCG_APR_2013.csv", date(2013, 4, 1)),
        ("SHA_2012.csv", date(2012, 4, 1)),
        ("pct_2011_labelled_topo.json", date(2011, 4, 1)),
        ("epraccur_2014-02-30.csv", None),
        ("epraccur.csv", None),
        ("PCO12_SHA12_EN_LU.csv", None),
    ],
)
def test_date_in(name: str, day: date | None) -> None:
    assert date_in(name) == day


@pytest.mark.parametrize(
    ("name", "quarter"),
    [
        ("Patient_List_Size_2013_04-06.csv", "2013Q2"),
        ("lists_2012Q4.csv", "2012Q4"),
        ("lists 2010-10-12.csv", "2010Q4"),
        ("lists_2013.csv", ""),
    ],
)
def test_quarter_in(name: str, quarter: str) -> None:
    assert quarter_in(name) == quarter
