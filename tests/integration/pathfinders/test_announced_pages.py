"""The pages of waves: what was announced beside what the register counts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consortia.models import Membership
from pathfinders.actions import Claim, record_claims
from registry import clock
from registry.models import Installation
from tests import programme as told
from tests.factories import writing
from tests.support.small_register import small_register

pytestmark = pytest.mark.django_db
DAY = "as_of=2011-05-15"


@pytest.fixture
def site(db: None) -> Client:
    small_register()
    return Client(headers={"host": "localhost"})


def text(response) -> str:
    """The words of the page's main part, white space made single."""
    body = response.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


CLAIMED = Claim(
    wave=1, metric="people", value=3000, words="three thousand", publisher="Gazette", title="A <title>",
    url="https://example.org/?a=1&b=2", published="2010-12-09", extent="wave",
)  # fmt: skip
BUILT_TO_MATCH = "Built to match the announced totals; agreement is not evidence."


@pytest.fixture
def claimed(site: Client) -> Client:
    share = replace(CLAIMED, metric="share", value=90, rounding="nearly", words="nearly 90%", url="")
    claims = [
        CLAIMED,
        replace(CLAIMED, publisher="Herald", published="2010-12"),
        replace(CLAIMED, value=4000, words="4,000", publisher="Courier", reconciliation="unexplained", note="Ours."),
        share,
        replace(CLAIMED, metric="practices", value=1, words="just one", scope_kind="group", scope="Southwark"),
        replace(CLAIMED, value=7000, words="7,000", scope_kind="pct", scope="5LE"),
        replace(CLAIMED, value=3000, words="3,000", extent="cumulative"),
    ]
    record_claims(by=told.people().admin, claims=claims, reason="As printed.")
    return site


def test_a_wave_sets_what_was_announced_beside_what_the_register_counts(claimed: Client) -> None:
    page = claimed.get(f"/waves/1/?{DAY}")
    words = text(page)
    assert "“three thousand” " in words and "4,000" in words
    first, *_ = page.context["claims"].rows
    assert [c["source_publisher"] for c in first["sources"]] == ["Gazette", "Herald"]
    assert "Gazette, 9 December 2010 : A &lt;title&gt;" in words and "Herald, December 2010" in words
    assert 'href="https://example.org/?a=1&amp;b=2"' in page.content.decode()
    assert "Differs −1,000" in words and "Unexplained. Ours." in words
    assert "of 7,000 (registered-2010Q4)" in words and "The words hold from 85.5% to 90%." in words
    assert "Not yet explained." in words
    parts = page.context["claims_of_parts"].rows
    assert [(r["scope_name"], r["figure"]) for r in parts] == [("Southwark PCT", 3000), ("Southwark", 2)]
    assert BUILT_TO_MATCH not in words


def test_the_figure_at_the_release_is_told_where_it_was_another(claimed: Client) -> None:
    assert "as known at the release" not in text(claimed.get("/waves/1/"))
    with writing() as entry:
        member = Membership.objects.current().filter(practice__code="G85001").get()
        entry.clear(Membership, (member.practice_id,), None, None)
    assert "3,000 as known at the release" in text(claimed.get("/waves/1/"))


def test_all_waves_show_what_was_announced_of_england_once(claimed: Client) -> None:
    page = claimed.get(f"/waves/?{DAY}")
    rows = page.context["claims"].rows
    assert [(r["metric"], r["words"], len(r["sources"])) for r in rows] == [
        ("people", "three thousand", 2),
        ("people", "4,000", 1),
        ("share", "nearly 90%", 1),
        ("people", "3,000", 1),
    ]
    assert "What was announced" not in text(claimed.get("/waves/?as_of=2010-12-07"))


def test_a_wave_of_which_nothing_is_recorded_says_nothing_of_it(site: Client) -> None:
    for path in ("/waves/1/", "/waves/"):
        assert "What was announced" not in text(site.get(path))


def test_a_demonstration_says_that_agreement_is_no_evidence(db) -> None:
    Installation.declare(demonstration=True)
    small_register()
    site = Client(headers={"host": "localhost"})
    assert BUILT_TO_MATCH not in text(site.get("/waves/1/"))
    with clock.story_time(clock.on_day(date(2011, 8, 20))):
        record_claims(by=told.people().admin, claims=[CLAIMED], reason="As printed.")
    for path in ("/waves/1/", "/waves/"):
        assert BUILT_TO_MATCH in text(site.get(path))


def test_the_pages_of_waves_ask_little_however_much_was_announced(claimed: Client) -> None:
    for path in (f"/waves/1/?{DAY}", f"/waves/?{DAY}"):
        with CaptureQueriesContext(connection) as queries:
            claimed.get(path)
        assert len(queries) <= 13, (path, len(queries))
