"""A filter's value that the register does not know is refused, on every list: never answered with nothing, or with all
rows (docs/decisions/an-unknown-value-is-refused.md)."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import date
from typing import Any

import django_filters
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from pathfinders.models import Pathfinder
from registry import clock
from registry.api.views import ListView
from registry.filters import CheckedFilters
from registry.pages.tables import ListPage
from tests import factories as make
from tests import programme as told
from tests.integration.pathfinders.test_filters_alike import SURVEY, list_pages

FREE = {"q", "postcode", "publisher", "source", "specialty", "about", "held_for", "person"}
"""What is searched for: any text is a question, and nothing found an answer."""
CHECKED_APART = {("Budgets", "year")}
NONSENSE = "no-such-thing"


def lists(patterns: Any = None, prefix: str = "/") -> Iterator[tuple[str, type]]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from lists(pattern.url_patterns, route)
        elif inspect.isclass(view := getattr(pattern.callback, "view_class", None)) and issubclass(view, ListView):
            yield route, view


def filters_of(view: type) -> Iterator[tuple[str, django_filters.Filter]]:
    yield from view.read.Filters.base_filters.items()


def takes_any_text(found: django_filters.Filter) -> bool:
    return isinstance(found, django_filters.CharFilter) and getattr(found, "known", None) is None


def test_every_filter_of_every_list_knows_its_values() -> None:
    """By its kind, so that a filter that is added tomorrow is held to it."""
    open_ended = {
        (view.__name__, name) for _, view in lists() for name, found in filters_of(view) if takes_any_text(found)
    }
    assert {pair for pair in open_ended if pair[1] not in FREE} == CHECKED_APART
    numbers = {
        (view.__name__, name)
        for _, view in lists()
        for name, found in filters_of(view)
        if name in ("wave", "number") and getattr(found, "known", None) is None
    }
    assert not numbers
    assert all(issubclass(view.read.Filters, CheckedFilters) for _, view in lists())


def test_every_list_of_the_api_refuses_nonsense_by_name(england: Any, client: Client) -> None:
    asked = 0
    for route, view in lists():
        if not view.public:
            continue
        path = route.replace("<str:ref>", SURVEY)
        for name, found in filters_of(view):
            if name in FREE or isinstance(found, django_filters.DateFilter):
                continue
            answer = client.get(path, {name: NONSENSE})
            assert answer.status_code == 400, (path, name, answer.content[:300])
            (error,) = answer.json()["errors"]
            assert error["field"] == name, path
            assert NONSENSE in error["message"] or error["code"] == "invalid", (path, name, error)
            asked += 1
    assert asked > 80


def test_every_page_says_it_in_its_error_summary(england: Any, client: Client) -> None:
    for route, page in list_pages():
        path = route.replace("<str:ref>", SURVEY)
        for name, found in page.read.Filters.base_filters.items():
            if name in FREE or isinstance(found, django_filters.DateFilter):
                continue
            body = client.get(path, {name: NONSENSE}).content.decode()
            assert "<title>Error: " in body, (path, name)
            assert "nhsuk-error-summary" in body, (path, name)
            assert "Nothing is shown until the filters are put right." in body, (path, name)
            own = () if SURVEY in path else ("site-figures",)  # a survey's own counts are of no filter
            for shown in (*own, 'id="cite"', 'id="map"', 'role="status">0 '):
                assert shown not in body, (path, name, shown)


def test_a_page_names_the_filter_and_its_words_as_the_select_does(england: Any, client: Client) -> None:
    for path, sentence in (
        ("local-bodies/?kind=board", "Kind: “board” is none of "),
        ("local-bodies/?kind=board", "Did you mean Locality board"),
        ("?stage=shadow", "Did you mean Shadow form?"),
        ("evidence/?year=1899", "Year: “1899” is no year: that is a number from 1900"),
        ("evidence/?year=abc", "Year: “abc” is no whole number, such as 2011."),
        ("budgets/?year=1899", "Financial year: “1899” is no financial year; give one as 2011/12"),
        ("budgets/?year=2011-12", "Did you mean 2011/12?"),
        ("budgets/?year=all", "Financial year: This page is of one year: choose it"),
        ("budgets/?sha=Q99", "Strategic health authority: “Q99” is no strategic health authority"),
    ):
        body = client.get(f"/transitions/{path}").content.decode()
        assert "<title>Error: " in body and sentence in body, path
        assert "plan_agreed" not in body.partition("site-filters")[0], path
        assert "Cite this page" not in body and "site-downloads" not in body, path


def test_a_year_that_none_can_be_is_refused_by_every_list(england: Any, client: Client) -> None:
    for resource, code in (("evidence", "bad_code"), ("budgets", "bad_year")):
        for more in ({}, {"history": "1"}):
            assert error(get(client, resource, year="1899", **more))["code"] == code, resource
    assert "Did you mean 2011/12?" in error(get(client, "budgets", year="2011"))["message"]
    assert get(client, "evidence", year="2019").json()["count"] == 0


def test_an_address_is_offered_without_its_wrong_part(england: Any, client: Client) -> None:
    body = client.get("/transitions/?show=colour&as_of=2011-05-01").content.decode()
    assert 'href="/transitions/?as_of=2011-05-01">Open the page without it</a>' in body


def test_no_page_has_filters_of_another_kind() -> None:
    """Staff's lists too: the mechanism is the class's."""
    assert list(list_pages())  # every module of pages is imported
    ours = [p for p in _below(ListPage) if p.filterset_class and p.__module__.startswith("pathfinders.")]
    assert len(ours) >= 6
    assert all(issubclass(page.filterset_class, CheckedFilters) for page in ours)


def _below(cls: type) -> Iterator[Any]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _below(sub)


def get(client: Client, name: str, **query: str) -> HttpResponse:
    return client.get(f"/api/v1/{name}/", query)


def error(answer: HttpResponse) -> dict[str, str]:
    assert answer.status_code == 400, answer.content
    return answer.json()["errors"][0]


def test_what_is_near_is_named(england: Any, client: Client) -> None:
    assert "Did you mean shadow_form?" in error(get(client, "transitions", stage="shadow_from"))["message"]
    assert "Did you mean 5AA (Aa PCT)?" in error(get(client, "transitions", pct="aa pct"))["message"]
    assert error(get(client, "transitions", pct="5ZZ"))["code"] == "unknown_code"
    assert error(get(client, "transitions", pct="5Z"))["code"] == "bad_code"
    assert error(get(client, "transitions", pct="Q36"))["code"] == "unknown_code"  # an authority's
    assert error(get(client, "transitions", begun="maybe"))["code"] == "invalid_choice"
    assert get(client, "transitions", pct="5aa", as_of="2011-04-01").json()["count"] == 1


def test_a_year_of_no_calendar_is_refused_and_fails_no_page(england: Any, client: Client) -> None:
    for year in ("-1", "0", "1899", "99999", "9" * 20):
        for more in ({}, {"history": "all"}):
            told = error(get(client, "evidence", year=year, **more))
            assert (told["code"], told["field"]) == ("bad_code", "year") and "from 1900 to 2999" in told["message"]
        assert "<title>Error: " in client.get("/transitions/evidence/", {"year": year}).content.decode()
    assert get(client, "evidence", year="2011").status_code == 200


def test_what_is_known_and_not_there_that_day_is_an_answer(england: Any, client: Client) -> None:
    """A trust after its end, a wave before its announcement: the question is right, and its answer empty."""
    gone = make.make_pct("5ZZ", name="Gone PCT", last_day=date(2009, 3, 31))
    assert get(client, "pcts", code=gone.code, as_of="2011-04-01").json()["count"] == 0
    assert get(client, "practices", pct=gone.code, as_of="2011-04-01").json()["count"] == 0
    assert get(client, "pathfinders", wave="2", as_of="2010-12-31").json()["count"] == 0


def test_a_code_is_known_from_the_entry_that_first_said_it(england: Any, client: Client) -> None:
    before = clock.now().isoformat()
    make.make_pct("5ZZ", name="New PCT")
    assert error(get(client, "practices", pct="5ZZ", known_at=before))["code"] == "unknown_code"
    assert get(client, "practices", pct="5ZZ").status_code == 200


def test_what_is_not_released_is_answered_as_what_never_was(england: Any, client: Client) -> None:
    """A wave that is decided and frozen, and its bid, tell nothing of themselves; nor does an identity without a fact."""
    who = told.people()
    wave = told.wave(who, 7, announced_on=date(2011, 5, 4))
    bid = told.decided(who, wave, [make.make_practice("Z00077", pct=england.aa)])
    told.frozen(who, wave)
    Pathfinder.objects.create(ref="PF0007")
    for name, field, held, never in (
        ("pathfinders", "wave", "7", "8"),
        ("decisions", "bid", bid.ref, "BID-2011-9999"),
        ("practices", "pathfinder", "PF0007", "PF0008"),
        ("pathfinders", "ref", "PF0007", "PF0008"),
    ):
        of_held, of_never = get(client, name, **{field: held}), get(client, name, **{field: never})
        assert error(of_held)["code"] == "unknown_code"
        assert of_held.content.decode().replace(held, never) == of_never.content.decode()
