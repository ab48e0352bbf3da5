from datetime import date

import pytest

from practices.layouts.fields import compact_date, iso_date


@pytest.mark.parametrize("text", ["20110230", "2011-02-01", "2011", "00010101", "99991231", "18991231", "²0110201"])
def test_a_date_that_no_practice_can_have_is_refused(text):
    with pytest.raises(ValueError, match="date"):
        compact_date(text)


def test_days_that_can_be():
    assert compact_date("") is None and iso_date("") is None
    assert compact_date("19740401") == iso_date("1974-04-01") == date(1974, 4, 1)
    with pytest.raises(ValueError, match="between 1900 and 2100"):
        iso_date("9999-12-31")
