"""What differs between two snapshots: each thing in its group, and all of it: the first with the rows is the second."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from consortia.actions import close_practice, correct_membership, join
from pathfinders.models import PublishedSnapshot
from pathfinders.snapshots.difference import difference
from practices.models import PracticeParent, PracticeParticulars
from registry.models import EntryKind, User
from tests import factories as make
from tests.integration.pathfinders.snapshots.scenes import content, taken
from tests.support.random_memberships import RandomMemberships

pytestmark = pytest.mark.django_db
FIRST, SECOND = date(2011, 4, 15), date(2011, 7, 15)


@pytest.fixture
def two() -> tuple[PublishedSnapshot, PublishedSnapshot]:
    """Five practices, to each of which one thing happens between the snapshots."""
    by = User.objects.system()
    pct, other = (make.make_pct(code, sha=None) for code in ("5AA", "5AB"))
    one, another = make.make_consortium("GC0001"), make.make_consortium("GC0002")
    closes, moves, renamed, wrong, stays = (make.make_practice(f"Z0000{n}", pct=pct) for n in range(5))
    say = {"by": by, "status": "confirmed", "reason": "joined"}
    for practice in (moves, wrong, stays):
        join(**say, practice=practice, consortium=one, on=date(2011, 1, 1), why="joined")
    older = taken(FIRST)
    close_practice(by=by, practice=closes, last_day=date(2011, 5, 31), reason="closed")
    join(**say, practice=moves, consortium=another, on=date(2011, 4, 1), why="told late")
    correct_membership(**say, practice=wrong, start=date(2011, 1, 1), end=None, consortium=another, why="wrong letter")
    with make.writing("rename") as entry:
        entry.set(PracticeParticulars, (renamed.pk,), date(2011, 6, 1), None, ("NEW NAME", "1 Road", "ZZ1 1ZZ", "", 4))
    with make.writing("phone") as entry:  # says the name again, which is no news
        entry.set(
            PracticeParticulars, (renamed.pk,), date(2011, 7, 1), None, ("NEW NAME", "1 Road", "ZZ1 1ZZ", "1", 4)
        )
    with make.writing("import_parents", EntryKind.IMPORT) as entry:
        entry.set(PracticeParent, (stays.pk,), date(2011, 5, 1), None, (other.pk,))
    make.make_practice("Z00009", pct=pct, opened=date(2011, 5, 1))
    return older, taken(SECOND)


def test_each_change_is_in_its_group(two: tuple[PublishedSnapshot, PublishedSnapshot], client: Client) -> None:
    answer = client.get(f"/api/v1/snapshots/{two[0]}/diff/{two[1]}/").json()
    found = {(r["group"], r["key"], r["what"]): r for r in answer["results"]}
    told = {k: (r["before"], r["after"], r["since"], r["late"]) for k, r in found.items() if k[2] != "address"}
    assert told == {
        ("opened", "Z00009", "life"): (None, "open", "2011-05-01", False),
        ("closed", "Z00000", "life"): ("open", None, "2011-06-01", False),
        ("moved", "Z00000", "parent"): ("5AA", None, "2011-06-01", False),
        ("moved", "Z00001", "consortium"): ("GC0001", "GC0002", "2011-04-01", True),
        ("moved", "Z00004", "parent"): ("5AA", "5AB", "2011-05-01", False),
        ("moved", "Z00009", "parent"): (None, "5AA", "2011-05-01", False),
        ("renamed", "Z00002", "name"): (told[("renamed", "Z00002", "name")][0], "NEW NAME", "2011-06-01", False),
        ("corrected", "Z00003", "consortium"): ("GC0001", "GC0002", "2011-01-01", True),
    }
    assert found["renamed", "Z00002", "name"]["entry_kind"] == "event"
    assert answer["counts"]["corrected"] == 1 and sum(answer["counts"].values()) == answer["count"]
    only = client.get(f"/api/v1/snapshots/{two[0]}/diff/{two[1]}/?group=closed&format=csv")
    assert b"".join(only).decode().count("\r\n") == 2  # type: ignore[arg-type]
    page = client.get(f"/data/diff/{two[0]}/{two[1]}/").content.decode()
    assert "Corrected: 1" in page and "NEW NAME" in page
    assert client.get("/data/diff/").headers["Location"] == "/data/#snapshots", "typed without either"
    sent = client.get(f"/data/diff/?older={two[1]}&newer={two[0]}")
    assert sent["Location"] == f"/data/diff/{two[0]}/{two[1]}/", "the older first, whichever way they were named"
    backwards = client.get(f"/api/v1/snapshots/{two[1]}/diff/{two[0]}/")
    assert backwards.status_code == 400 and "name the older first" in backwards.json()["detail"]
    assert client.get(f"/api/v1/snapshots/{two[0]}/diff/{two[0]}/").json()["count"] == 0


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)])
def test_the_first_with_its_rows_is_the_second(seed: int, tmp_path: Path) -> None:
    story = RandomMemberships(seed, tmp_path)
    days = (date(2011, 3, 1), date(2011, 3, 1), date(2011, 11, 1))
    made = []
    for day in days:
        for _ in range(20):
            story.step()
        made.append(taken(day))
    for older, newer in ((made[0], made[1]), (made[1], made[2]), (made[0], made[2])):
        rows = difference(older, newer)
        assert rows, "something differs"
        for what, name, column in (
            ("consortium", "memberships.csv", "consortium_ref"),
            ("name", "practices.csv", "name"),
        ):
            held = belonging(older, name, column)
            for row in (r for r in rows if (r["kind"], r["what"]) == ("practice", what)):
                if what == "consortium":
                    assert held.get(row["key"]) == row["before"]
                held[row["key"]] = row["after"]
            there = belonging(newer, name, column)
            if what == "name":  # a life is told as a life: names are those of the practices in both
                held = {key: value for key, value in held.items() if key in there}
                there = {key: value for key, value in there.items() if key in held}
            assert {k: v for k, v in held.items() if v} == there


def belonging(snapshot: PublishedSnapshot, name: str, column: str) -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(content(snapshot, name).decode()))
    return {row.get("practice_code") or row["code"]: row[column] for row in rows}
