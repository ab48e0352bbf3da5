"""Branch surgeries: by hand and in bulk; they end with their practice and never count as one (domain.md rules 4, 5)."""

from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from consortia.actions import close_practice
from pathfinders.reads.coverage import coverage
from practices.actions import close_branch, import_branches, open_branch
from practices.models import Branch, Practice
from registry.errors import Refused
from registry.invariants import findings
from registry.models import Entry, User
from registry.models.fact import Lower, Upper
from tests import factories as make
from tests.support.files import write

HEADER = "branch_code,name,address,postcode,opened,closed"
MAY = date(2011, 5, 1)


@pytest.fixture
def practice(db: None) -> Practice:
    return make.make_practice("Z00001", patients=5_000, pct=make.make_pct("5QV", sha=make.make_sha("Q35")))


def spells(model_filter: str = "") -> list[tuple[str, str, str, str]]:
    """Code, name, first day, half-open end."""
    rows = Branch.objects.current().select_related("practice").annotate(_f=Lower("effective"), _t=Upper("effective"))
    return [(b.code, b.name, str(b._f or ""), str(b._t or "")) for b in rows.order_by("practice", "branch", "_f")]


def opens(by: User, practice: Practice, **more: object) -> Entry:
    say = {"branch": "001", "name": "Mill Lane Branch", "postcode": "ZZ1 2ZZ", "on": MAY, "reason": "told"} | more
    return open_branch(by=by, practice=practice, **say)


def test_a_branch_opens_and_closes(system: User, practice: Practice) -> None:
    entry = opens(system, practice)
    assert entry.changes == 1
    close_branch(by=system, practice=practice, branch="001", last_day=date(2012, 3, 31), reason="The lease has ended.")
    assert spells() == [("Z00001001", "Mill Lane Branch", "2011-05-01", "2012-04-01")]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"branch": "01"}, "bad_branch"),
        ({"name": " "}, "no_name"),
        ({"on": date(1999, 1, 1)}, "not_living"),
        ({"reason": ""}, "no_reason"),
        ({"branch": "002"}, "wrong_state"),
    ],
)
def test_what_is_refused(system: User, practice: Practice, more: dict, code: str) -> None:
    opens(system, practice, branch="002")
    with pytest.raises(Refused) as refused:
        opens(system, practice, **more)
    assert refused.value.code == code


def test_only_who_may_change_the_register(practice: Practice) -> None:
    stranger = User.objects.create_user("stranger@example.org", name="A Stranger")
    with pytest.raises(Refused) as refused:
        opens(stranger, practice)
    assert refused.value.status == 403


def test_a_branch_ends_with_its_practice_in_the_same_entry(system: User, practice: Practice) -> None:
    opens(system, practice)
    entry = close_practice(by=system, practice=practice, last_day=date(2011, 12, 31), reason="Retired.")
    assert spells() == [("Z00001001", "Mill Lane Branch", "2011-05-01", "2012-01-01")]
    assert Branch.objects.get(closed_by=entry)


def test_the_invariant_sees_a_branch_outside_its_practices_life(system: User, practice: Practice) -> None:
    assert not _broken("branch_open_with_its_practice")
    with make.writing() as entry:
        entry.set(Branch, (practice.pk, "009"), date(1990, 1, 1), None, ("Too early", "", ""))
    assert _broken("branch_open_with_its_practice")


def _broken(name: str) -> list:
    return [row for f in findings() if f.rule.name == name for row in f.rows]


def test_branches_never_count_in_coverage(system: User, practice: Practice) -> None:
    """The figures of a practice with a branch are those of the same practice without."""
    group = make.make_consortium()
    make.make_membership(practice, group)
    make.make_pathfinder(consortia=[group])
    figures = ("practices", "practices_confirmed", "people", "practices_without_list")

    def counted() -> list[tuple]:
        bys = ("national", "sha", "pct", "consortium", "pathfinder")
        rows = [row for by in bys for row in coverage(AnonymousUser(), make.at(date(2011, 6, 1)), by=by)]
        return [tuple(row[f] for f in figures) for row in rows if row["practices"]]

    before = counted()
    assert before == [(1, 0, 5_000, 0)] * 5
    opens(system, practice)
    opens(system, practice, branch="002", name="Station Road Branch")
    assert counted() == before


def test_the_page_and_the_api_show_the_branches_of_the_day(system: User, practice: Practice, client: Client) -> None:
    opens(system, practice, address="2 Mill Lane\nRadlett")
    row = client.get("/api/v1/practices/Z00001/?as_of=2011-05-01").json()["result"]
    assert row["branches"] == [
        {"code": "Z00001001", "name": "Mill Lane Branch", "address": "2 Mill Lane\nRadlett", "postcode": "ZZ1 2ZZ"}
    ]
    assert client.get("/api/v1/practices/Z00001/?as_of=2011-04-30").json()["result"]["branches"] == []
    page = client.get("/practices/Z00001/?as_of=2011-05-01").content.decode()
    assert "Branch surgeries on 1 May 2011" in page and "Z00001001" in page
    page = client.get("/practices/Z00001/?as_of=2011-04-30").content.decode()
    assert "Branch surgeries on" not in page  # its history tells of it all the same
    assert "Z00001001: Mill Lane Branch, 2 Mill Lane, Radlett, ZZ1 2ZZ" in page


def test_a_file_of_branches_is_one_entry_and_says_nothing_twice(
    system: User, practice: Practice, tmp_path: Path
) -> None:
    rows = (
        'Z00001001,Mill Lane,"2 Mill Lane, Radlett",ZZ12ZZ,2005-04-01,',
        "Z00001A02,Old Hall,,,2003-01-01,2009-12-31",
    )
    report = import_branches(by=system, path=write(tmp_path / "branches-2010-10-01.csv", HEADER, *rows))
    assert (report.new, report.opened, report.refused) == (2, 2, [])
    assert spells() == [
        ("Z00001001", "Mill Lane", "2005-04-01", ""),
        ("Z00001A02", "Old Hall", "2003-01-01", "2010-01-01"),
    ]
    later = (
        'Z00001001,Mill Lane,"2 Mill Lane, Radlett",ZZ1 2ZZ,2005-04-01,',
        "Z00001A02,Old Hall,,,2003-01-01,2009-12-31",
    )
    report = import_branches(by=system, path=write(tmp_path / "branches-2010-11-01.csv", HEADER, *later))
    assert (report.unchanged, report.entry) == (2, None)


def test_a_newer_file_renames_from_its_vintage_and_closes(system: User, practice: Practice, tmp_path: Path) -> None:
    told = "Z00001001,Mill Lane,,ZZ1 2ZZ,2005-04-01,"
    import_branches(by=system, path=write(tmp_path / "branches-2010-10-01.csv", HEADER, told))
    told = "Z00001001,The Mill,,ZZ1 2ZZ,2005-04-01,2012-03-31"
    import_branches(by=system, path=write(tmp_path / "branches-2011-10-01.csv", HEADER, told))
    newest = [
        ("Z00001001", "Mill Lane", "2005-04-01", "2011-10-01"),
        ("Z00001001", "The Mill", "2011-10-01", "2012-04-01"),
    ]
    assert spells() == newest
    told = "Z00001001,Mill,,,2005-04-01,"
    report = import_branches(by=system, path=write(tmp_path / "branches-2011-01-01.csv", HEADER, told))
    assert report.older == 1 and spells() == newest


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Z00002001,Mill Lane,,,2005-04-01,", "no practice Z00002"),
        ("Z00001001,Mill Lane,,,1999-04-01,", "not open on all of the branch's days"),
        ("Z0000101,Mill Lane,,,2005-04-01,", "not the shape of a branch's code"),
        ("Z00001001,,,,2005-04-01,", "the name is missing"),
        ("Z00001001,Mill Lane,,,2005-04-01,2004-01-01", "closes before it opens"),
        ("Z00001001,Mill Lane,,,,", "needs the day it opened"),
    ],
)
def test_rows_that_are_refused(system: User, practice: Practice, tmp_path: Path, row: str, why: str) -> None:
    report = import_branches(by=system, path=write(tmp_path / "branches-2010-10-01.csv", HEADER, row))
    assert report.stopped and why in str(report.refused[0])
    assert not Branch.objects.exists()
