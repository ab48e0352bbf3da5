import datetime

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from registry.moment import Moment
from registry.pages.dates import DateControl

UTC = datetime.UTC


def control(as_of, query="", latest=True):
    known = datetime.datetime(2011, 7, 1, 22, 59, 59, tzinfo=UTC)
    return DateControl(Moment(as_of, known, latest=latest), QueryDict(query))


def test_the_rest_of_the_query_is_kept_but_the_page():
    shown = control(datetime.date(2011, 4, 1), "pct=5LE&pct=5QV&page=3&as_of=2011-04-01")
    assert shown.kept == [("pct", "5LE"), ("pct", "5QV")]
    assert shown.now_href == "?pct=5LE&pct=5QV"


def test_no_banner_for_what_is_known_now():
    assert render_to_string("ui/date_banner.html", {"control": control(datetime.date(2011, 4, 1))}).strip() == ""


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (datetime.date(2013, 3, 31), "each primary care trust (PCT) was accountable"),
        (datetime.date(2013, 4, 1), "clinical commissioning groups (CCGs) and the NHS Commissioning Board"),
    ],
)
def test_the_banner_says_when_and_who_was_accountable(day, words):
    html = render_to_string("ui/date_banner.html", {"control": control(day, "known_at=2011-07-01", latest=False)})
    assert "as it was known on 1 July 2011 at 23:59:59" in html
    assert words in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "field"),
    [("as_of=2011-02-31", "as_of"), ("known_at=2011-04-01T10:00:00", "known_at"), ("known_at=then", "known_at")],
)
def test_a_bad_date_is_400_with_the_parameters_name(client, query, field):
    response = client.get(f"/gallery/list/?{query}")
    assert response.status_code == 400
    assert f"<code>{field}</code>" in response.content.decode()


@pytest.mark.django_db
def test_the_control_shows_the_day_asked_for(client):
    html = client.get("/gallery/list/?as_of=2011-04-01&name=x").content.decode()
    assert 'name="as_of" value="2011-04-01"' in html
