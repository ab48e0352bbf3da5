import datetime
import re

import pytest
from django.http import QueryDict

from registry.models import User
from registry.pages.tables import Column, Table, look_up, with_query


class TestColumn:
    @pytest.mark.parametrize(
        ("column", "row", "html"),
        [
            (Column("n", "N", kind="number"), {"n": 1234567}, "1,234,567"),
            (Column("n", "N", kind="number"), {"n": 0}, "0"),
            (Column("d", "D", kind="date"), {"d": datetime.date(2011, 4, 1)}, "1 April 2011"),
            (Column("x", "X"), {"x": None}, "–"),
            (Column("x", "X"), {"x": "<b>&"}, "&lt;b&gt;&amp;"),
            (Column("pct.name", "PCT"), {"pct": {"name": "Southwark"}}, "Southwark"),
            (Column("pct.name", "PCT"), {"pct": None}, "–"),
            (
                Column("s", "S", kind="tag", tags={"a": ("Active", "green")}),
                {"s": "a"},
                '<strong class="nhsuk-tag nhsuk-tag--no-wrap nhsuk-tag--green">Active</strong>',
            ),
            (
                Column("c", "C", href="/practices/{c}/"),
                {"c": 'G8"/x'},
                '<a class="nhsuk-link" href="/practices/G8%22%2Fx/">G8&quot;/x</a>',
            ),
        ],
    )
    def test_content(self, column, row, html):
        assert column.content(row) == html

    def test_rows_may_be_objects(self):
        assert look_up(User(name="Ann"), "name") == "Ann"


def test_a_table_says_its_order():
    columns = (Column("a", "A", sort="a"), Column("b", "B", sort="b"), Column("c", "C"))
    head = Table(columns, [], "Things", QueryDict("ordering=-a&page=3&q=x")).head
    assert [item.get("sorted") for item in head] == ["descending", "none", None]
    assert head[0]["href"] == "?ordering=a&q=x"
    assert head[1]["href"] == "?ordering=b&q=x"


def test_with_query_replaces_and_drops():
    assert with_query(QueryDict("a=1&a=2&b=3"), a=9, b=None) == "?a=9"
    assert with_query(QueryDict("a=1"), a=None) == "?"


@pytest.mark.django_db
class TestListPage:
    @pytest.fixture(autouse=True)
    def people(self):
        for number in range(45):
            User.objects.create_user(f"p{number}@example.org", name=f"Person {number:02}", is_active=number % 3 > 0)

    def refs(self, response):
        return re.findall(r'href="/people/(P-\w+)/"', response.content.decode())

    def test_pages_hold_each_row_once(self, client):
        seen = [ref for page in (1, 2, 3) for ref in self.refs(client.get(f"/gallery/list/?page={page}"))]
        assert len(seen) == len(set(seen)) == 45

    def test_filters_sort_and_links_carry_one_query(self, client):
        response = client.get("/gallery/list/?is_active=True&ordering=-name&as_of=2011-04-01")
        html = response.content.decode()
        assert "30 people, showing 1 to 20" in html
        assert html.index("Person 44") < html.index("Person 43")
        assert 'href="/api/v1/people/?is_active=True&amp;ordering=-name&amp;as_of=2011-04-01&amp;format=csv"' in html
        assert 'href="?is_active=True&amp;ordering=-name&amp;as_of=2011-04-01&amp;page=2"' in html
        assert 'href="?ordering=-name&amp;as_of=2011-04-01">Clear filters' in html
        assert '<input type="hidden" name="as_of" value="2011-04-01">' in html
        assert 'aria-sort="descending"' in html

    def test_a_wrong_filter_shows_its_error_and_no_rows(self, client):
        html = client.get("/gallery/list/?since=soon&page=2").content.decode()
        assert 'href="#id_since"' in html and "<title>Error: " in html
        assert not re.search("Person ", html)

    def test_empty_parameters_go(self, client):
        response = client.get("/gallery/list/?name=&is_active=True&ordering=")
        assert (response.status_code, response["Location"]) == (302, "/gallery/list/?is_active=True")

    @pytest.mark.parametrize("page", ["0", "4", "-1", "last", "9" * 400, "²"])
    def test_a_page_that_is_not(self, client, page):
        response = client.get("/gallery/list/", {"page": page})
        assert response.status_code == 404
        assert "This list has 3 pages" in response.content.decode()

    def test_an_unknown_ordering_is_refused_by_name(self, client):
        response = client.get("/gallery/list/?ordering=password")
        assert response.status_code == 400
        assert "It can be ordered by: ref, name, number" in response.content.decode()

    def test_queries_do_not_grow_with_rows(self, client, django_assert_max_num_queries):
        with django_assert_max_num_queries(5):
            client.get("/gallery/list/")
