"""A practice that closes between the freezing of a wave's list and its release does not sink the wave: through the pages.

The release page names it before, the release goes through, and the practice's own page says that it was left out
(architecture.md section 5, Embargo).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from consortia.actions import close_practice
from tests import factories as make
from tests import programme as told
from tests.support import crawl

pytestmark = pytest.mark.django_db

AS_OF = f"as_of={told.ANNOUNCED_ON}"


@pytest.fixture
def admin(settings: Any) -> Client:
    """The administrator's browser, in a register with a frozen wave of which one practice has since closed."""
    settings.DEMO = True  # the second step of sign-in has tests of its own
    who = told.people()
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
    practices = [make.make_practice(f"Z0000{n}", pct=pct, patients=1000) for n in (1, 2)]
    wave = told.wave(who)
    told.decided(who, wave, practices, name="Southwark")
    told.ready(who, wave)
    close_practice(by=who.admin, practice=practices[1], last_day=date(2011, 2, 27), reason="Told by the trust")
    return crawl.session(who.admin)


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def test_it_is_named_before_left_out_and_told_of_after(admin: Client) -> None:
    page = text(admin, "/staff/waves/3/release/")
    assert "has changed since freezing: a member of Southwark Health Commissioning, now left out" in page
    assert "Z00002, named by Southwark, is left out: it is not open on the day of the announcement" in page

    version = page.partition('name="version" value="')[2].partition('"')[0]
    released = admin.post("/staff/waves/3/release/", {"version": version, "sure": "on"})
    assert (released.status_code, released["Location"]) == (302, "/staff/waves/3/release/")
    assert "Wave 3 is released" in text(admin, "/staff/waves/3/release/")

    public = Client()
    members = public.get(f"/api/v1/memberships/?{AS_OF}").json()["results"]
    assert [row["practice"]["code"] for row in members] == ["Z00001"]
    (row,) = public.get(f"/api/v1/coverage/?by=national&{AS_OF}").json()["results"]
    assert (row["pathfinders"], row["practices"], row["people"]) == (1, 1, 1000)
    left_out = text(public, f"/practices/Z00002/?{AS_OF}")
    assert "In no consortium" in left_out and "not a member at release" in left_out
    assert "Practices left out at release" in (pathfinder := text(public, f"/pathfinders/PF0001/?{AS_OF}"))
    assert "/practices/Z00002/" in pathfinder
