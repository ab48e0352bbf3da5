"""What a code is (domain.md 3.3)."""

from datetime import date

import pytest

from practices import codes, quarters
from registry.errors import Refused


@pytest.mark.parametrize("code", ["A81001", "Y00097", "Z00001", "P81001", "N81001"])
def test_an_english_practice(code: str) -> None:
    assert codes.explain(code) == ""
    assert codes.foreign(code) is None


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("W91001", "Welsh"),
        ("ALD200", "Alderney"),
        ("JER111", "Jersey"),
        ("XYZ123", "Channel Islands"),
        ("G8101901", "doctor"),
        ("A81001001", "branch"),
        ("5QV", "trust"),
        ("TAN", "trust"),
        ("00K", "group"),
        ("Q36", "authority"),
        ("I81001", "shape"),
        ("A8100", "shape"),
        ("hello", "shape"),
    ],
)
def test_what_other_codes_are(code: str, said: str) -> None:
    assert said in codes.explain(code)


def test_codes_are_written_one_way() -> None:
    assert codes.normalise(" a81 001 ") == "A81001"


def test_a_quarter_is_half_open() -> None:
    assert quarters.parse("2013Q2") == (date(2013, 4, 1), date(2013, 7, 1))
    assert quarters.parse("2010q4") == (date(2010, 10, 1), date(2011, 1, 1))
    assert quarters.of(date(2010, 12, 31)) == "2010Q4"
    for wrong in ("2013Q5", "2013", "Q2", "2013-04"):
        with pytest.raises(Refused, match="2013Q2"):
            quarters.parse(wrong)
