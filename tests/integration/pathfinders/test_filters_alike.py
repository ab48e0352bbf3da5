"""Each public list and its API list take the same filters, and a filtered list can be shared: paging, files and the API
keep what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import get_resolver, resolve

from pathfinders.views.public.base import PublicList
from pathfinders.views.public.practices import PracticeList
from tests import factories as make


def list_pages(patterns: Any = None, prefix: str = "/") -> Iterator[tuple[str, type[PublicList]]]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from list_pages(pattern.url_patterns, route)
        elif issubclass(getattr(pattern.callback, "view_class", object), PublicList):
            yield route, pattern.callback.view_class


def test_a_page_and_its_api_list_have_the_same_filters() -> None:
    found = dict(list_pages())
    assert {
        "/practices/",
        "/pcts/",
        "/consortia/",
        "/pathfinders/",
        "/waves/",
        "/decisions/",
        "/unaffiliated/",
        "/transitions/",
        "/transitions/local-bodies/",
        "/transitions/clusters/",
        "/transitions/evidence/",
        "/transitions/surveys/",
        "/transitions/surveys/<str:ref>/",
    } == set(found)
    for route, page in found.items():
        api = resolve(api_path(route)).func.view_class
        assert api.read.Filters.base_filters.keys() == page.read.Filters.base_filters.keys(), route
        assert api.read.ORDERINGS.keys() == page.read.ORDERINGS.keys(), route
        assert page.shown_filters.keys() <= page.read.Filters.base_filters.keys(), route
        assert all(str(f.label) for f in page.read.Filters.base_filters.values())


SHARED = {
    "/practices/": {"status": "active", "sha": "Q36", "q": "surgery"},
    "/pcts/": {"kind": ["pct", "care_trust"], "sha": "Q36"},
    "/consortia/": {"q": "group", "scope": "pathfinder"},
    "/pathfinders/": {"basis": "announced", "wave": "1"},
    "/waves/": {"number": "1"},
    "/decisions/": {"standing": "true"},
    "/unaffiliated/": {"pct": "5BB", "postcode": "ZZ1"},
    "/transitions/": {"sha": "Q36", "stage": "in_talks"},
    "/transitions/local-bodies/": {"pct": "5AA", "kind": "locality_board"},
    "/transitions/clusters/": {"q": "CL0001"},
    "/transitions/evidence/": {"kind": ["press", "document"], "pct": "5AA"},
    "/transitions/surveys/": {"asked_of": "trusts"},
    "/transitions/surveys/<str:ref>/": {"answer": "yes", "sha": "Q36"},
}
SURVEY = "SV0001"


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PracticeList, "paginate_by", 1)


def test_a_filtered_list_keeps_its_question_in_every_link(england: Any, short_pages: None, client: Client) -> None:
    make.make_practice("Z00010", pct=england.aa, name="ANOTHER SURGERY")
    assert SHARED.keys() == dict(list_pages()).keys()
    for path, asked in SHARED.items():
        address = path.replace("<str:ref>", SURVEY)
        page = client.get(address, asked | {"as_of": "2011-04-01", "ordering": "-" + first_ordering(path)})
        assert page.status_code == 200
        assert urlsplit(page.context["api_href"]).path == api_path(path)
        want = {name: value if isinstance(value, list) else [value] for name, value in asked.items()}
        want |= {"as_of": ["2011-04-01"], "ordering": ["-" + first_ordering(path)]}
        links = [page.context["csv_href"], page.context["api_href"], page.context["pinned_api"]]
        pages = page.context["pages"]
        links += [n["href"] for n in pages["numbers"] if n["href"]] if pages else []
        assert bool(pages) == (path == "/practices/")
        for href in links:
            assert want.items() <= parse_qs(urlsplit(href).query).items(), (path, href)
        api = client.get(page.context["api_href"]).json()
        assert api["count"] == page.context["total"], path
        shown = [row.get("code") or row.get("ref") or row.get("number") for row in page.context["table"].rows]
        keys = [row.get("code") or row.get("ref") or row.get("number") for row in api["results"]]
        assert keys[: len(shown)] == shown, path


def first_ordering(path: str) -> str:
    return next(iter(dict(list_pages())[path].read.ORDERINGS))


def api_path(route: str) -> str:
    """Of the page's list; a survey's answers are below the survey."""
    path = dict(list_pages())[route].api_path
    return path if isinstance(path, str) else f"/api/v1/surveys/{SURVEY}/answers/"
