"""How many statements each page and each answer of the API sends: a reviewed table, query_baseline.txt beside this.

The registers are small and their tests' own, so that nothing is kept between requests and every count is exact. One
statement more fails, and so does one fewer, which is to be written down. Made again with UPDATE_QUERIES=1; whoever
reviews the change reads what grew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pathfinders.api.urls import LISTS
from registry.models import Entry
from tests import programme as told
from tests.desk import signed_in
from tests.integration.pathfinders.test_public_pages import DAY, PATHS
from tests.support.small_register import small_register

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("query_baseline.txt")
MOST = 12
"""Of a public page and of any answer of the API."""
API_ONE = (
    "practices/G85001/", "pcts/5LE/", "shas/Q36/", "consortia/GC0001/", "pathfinders/PF0001/", "waves/1/",
    "practices/G85001/history/",
)  # fmt: skip
API_MORE = ("", "memberships/", "decisions/", "decisions/summary/", "unaffiliated/", "coverage/", "coverage/?by=sha",
            "coverage/?by=pathfinder", "search/?q=surgery", "snapshots/", "changes/", "dictionary/", "crosswalk/",
            "practices/?history=1", "practices/?pct=5LE&consortium=GC0001", "transitions/?history=1",
            "budgets/?history=1", "local-bodies/?history=1", "surveys/?history=1")  # fmt: skip
TRANSITION = (
    "/transitions/", "/transitions/local-bodies/", "/transitions/clusters/", "/transitions/surveys/",
    "/transitions/evidence/", "/transitions/milestones/",
)  # fmt: skip
LEAD = ("/lead/",)
STAFF = (
    "/staff/", "/staff/waves/", "/staff/waves/3/", "/staff/waves/3/announcement/", "/staff/waves/3/dates/",
    "/staff/waves/3/going-live/", "/staff/announced/", "/staff/interests/", "/staff/criteria/", "/staff/reasons/",
    "/staff/letters/", "/staff/outbox/", "/staff/embargo/", "/staff/users/", "/staff/imports/",
)  # fmt: skip


def asked(client: Client, path: str) -> int:
    """How many statements a request sends, once its process is warm."""
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
        if answer.streaming:
            b"".join(answer.streaming_content)  # type: ignore[arg-type]
    return len(queries)


def held(part: str) -> dict[str, int]:
    lines = (line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#"))
    return {path: int(count) for of, count, path in lines if of == part}


def compare(part: str, found: dict[str, int]) -> None:
    if os.environ.get("UPDATE_QUERIES"):
        lines = TABLE.read_text().splitlines() if TABLE.exists() else []
        head = [line for line in lines if line.startswith("#")]
        kept = [line for line in lines if not line.startswith("#") and line.split()[0] != part]
        rows = [f"{part} {count} {path}" for path, count in found.items()]
        TABLE.write_text(
            "\n".join([*head, *sorted([*kept, *rows], key=lambda r: (r.split()[0], r.split()[2]))]) + "\n"
        )
    assert found == held(part)


def test_public_pages_and_the_api_ask_what_is_reviewed() -> None:
    small_register()
    site = Client(headers={"host": "localhost"})
    entry = f"/changes/{Entry.objects.count()}/"
    public = {path: asked(site, path) for path in (*PATHS, *TRANSITION, entry)}
    lists = (f"{name}/" for name, *_ in LISTS)
    paths = (*API_MORE, *lists, *(f"{one}?{DAY}" for one in API_ONE))
    api = {path: asked(site, path) for path in (f"/api/v1/{p}" for p in paths)}
    compare("public", public)
    compare("api", api)
    assert {path: n for path, n in (public | api).items() if n > MOST} == {}


def test_pages_of_staff_and_leads_ask_what_is_reviewed() -> None:
    who = told.people()
    wave = told.wave(who)
    bids = [told.decided(who, wave, name=f"Bid {n}") for n in range(3)]
    for part, person, paths in (("staff", who.admin, STAFF), ("lead", who.lead, LEAD)):
        client, one = signed_in(person), f"/{part}/bids/{bids[0].ref}/"
        compare(part, {path.replace(bids[0].ref, "REF"): asked(client, path) for path in (*paths, one)})
