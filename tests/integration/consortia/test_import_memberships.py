"""Memberships from a file: every refusal at once, one entry, and nothing the second time."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from consortia.models import Consortium, Membership
from registry.models import Entry
from registry.moment import Moment
from tests.factories import make_consortium, make_practice


@pytest.fixture
def practices(db):
    return [make_practice("Z10001"), make_practice("Z10002", last_day=date(2012, 3, 31)), make_practice("Z10003")]


@pytest.fixture
def consortium(db) -> Consortium:
    return make_consortium("GC0001", name="Red House Group", start=date(2010, 12, 1))


def load(tmp_path: Path, text: str, *options: str) -> str:
    path = tmp_path / "memberships.csv"
    path.write_text(text, encoding="utf-8")
    out = StringIO()
    try:
        call_command("import_memberships", str(path), *options, stdout=out)
    except CommandError as error:
        out.write(f"exit 1: {error}")
    return out.getvalue()


def members(day: date) -> dict[str, tuple[str, str, str]]:
    rows = Membership.objects.visible_to(None).at(Moment.of(day))
    return {
        p: (c, s, r)
        for p, c, s, r in rows.values_list("practice__code", "consortium__ref", "status", "reason").order_by("pk")
    }


GOOD = """\
From,Practice,consortium,TO,reason,status
2011-01-01,Z10001,GC0001,,founding,confirmed
2011-01-01,z10002,red house group,2011-12-31,,
2011-02-01,Z10003,GC0001,,,
"""


def test_a_file_is_one_entry_with_its_inclusive_last_days(tmp_path, practices, consortium):
    before = Entry.objects.count()
    said = load(tmp_path, GOOD)
    assert "3 rows: 3 new, 0 changed, 0 unchanged, 0 refused" in said
    entry = Entry.objects.order_by("-number")[0]
    assert (Entry.objects.count() - before, entry.kind, entry.changes) == (1, "import", 3)
    assert entry.source["name"] == "memberships.csv" and len(entry.source["sha256"]) == 64
    assert members(date(2011, 12, 31)) == {
        "Z10001": ("GC0001", "confirmed", "founding"),
        "Z10002": ("GC0001", "claimed", "imported"),
        "Z10003": ("GC0001", "claimed", "imported"),
    }
    assert "Z10002" not in members(date(2012, 1, 1))
    assert set(members(date(2011, 1, 31))) == {"Z10001", "Z10002"}


def test_a_second_run_changes_nothing_and_says_so(tmp_path, practices, consortium):
    load(tmp_path, GOOD)
    before = Entry.objects.count()
    assert "Nothing to do" in load(tmp_path, GOOD)
    assert "Nothing has changed" in load(tmp_path, GOOD + "\n\n")  # other bytes, the same rows
    assert Entry.objects.count() == before


def test_a_dry_run_writes_nothing(tmp_path, practices, consortium):
    before = Entry.objects.count(), Consortium.objects.count()
    text = GOOD + "2011-03-01,Z10003,A New Group,,,\n"
    said = load(tmp_path, text, "--dry-run", "--create")
    assert "Dry run, nothing was written" in said and "new consortium: A New Group" in said
    assert (Entry.objects.count(), Consortium.objects.count()) == before


BAD = """\
practice,consortium,from,to,status
Z10001,GC0001,2011-01-01,,claimed
Z99999,GC0001,2011-01-01,,claimed
Z10001,Nobody's,2012-01-01,,claimed
Z10002,GC0001,2012-04-01,,claimed
Z10003,GC0001,2011-02-30,,claimed
Z10003,GC0001,2011-02-01,2011-01-01,claimed
Z10003,GC0001,2011-02-01,,sure
,GC0001,2011-02-01,,
Z10003,GC0001,2010-01-01,,
"""


def test_every_refused_row_is_named_at_once_and_nothing_is_loaded(tmp_path, practices, consortium):
    before = Entry.objects.count()
    said = load(tmp_path, BAD)
    for line, column, why in [
        (3, "practice", "knows no practice"),
        (4, "consortium", "--create"),
        (5, "practice", "its last day was 31 March 2012"),
        (6, "from", "not a real date"),
        (7, "to", "before the first"),
        (8, "status", "one of claimed"),
        (9, "practice", "fill it in"),
        (10, "consortium", "begins on 1 December 2010"),
    ]:
        assert any(f"line {line}, {column}:" in told and why in told for told in said.splitlines()), (line, said)
    assert "exit 1: 8 rows" in said
    assert Entry.objects.count() == before


def test_the_rest_is_loaded_where_refused_rows_are_skipped(tmp_path, practices, consortium):
    load(tmp_path, BAD, "--skip-refused")
    assert set(members(date(2011, 6, 1))) == {"Z10001"}


def test_unknown_consortia_are_registered_where_asked(tmp_path, practices, consortium):
    rows = "practice,consortium,from\nZ10001,Hunts Health,2011-04-01\nZ10003,hunts health,2011-03-01\n"
    assert "line 2, consortium" in load(tmp_path, rows)
    load(tmp_path, rows, "--create")
    assert members(date(2011, 5, 1)) == {
        "Z10001": ("GC0002", "claimed", "imported"),
        "Z10003": ("GC0002", "claimed", "imported"),
    }


def test_a_row_without_last_day_ends_where_the_practices_next_row_begins(tmp_path, practices, consortium):
    make_consortium("GC0002")
    load(tmp_path, "practice,consortium,from\nZ10001,GC0002,2011-06-01\nZ10001,GC0001,2011-01-01\n")
    assert members(date(2011, 5, 31))["Z10001"][0] == "GC0001"
    assert members(date(2011, 6, 1))["Z10001"][0] == "GC0002"


def test_overlapping_rows_of_one_practice_are_refused(tmp_path, practices, consortium):
    make_consortium("GC0002")
    said = load(
        tmp_path, "practice,consortium,from,to\nZ10001,GC0001,2011-01-01,2011-06-01\nZ10001,GC0002,2011-06-01,\n"
    )
    assert "line 3, from" in said and "by line 2" in said


def test_a_file_without_the_columns_is_refused_in_words(tmp_path, practices):
    assert "has no column practice, consortium, from" in load(tmp_path, "a,b\n1,2\n")


def test_an_allocation_has_its_legal_basis_and_nothing_else_has_one(tmp_path, practices, consortium):
    header = "practice,consortium,from,status,reason,legal basis\n"
    rows = ["Z10001,GC0001,2011-01-01,allocated,allocated,", "Z10003,GC0001,2011-01-01,claimed,joined,The Act"]
    said = load(tmp_path, header + "\n".join(rows))
    assert "2 refused" in said and "give the legal basis of the allocation" in said
    assert "a legal basis is given for an allocation only" in said and not Membership.objects.exists()
    said = load(tmp_path, header + 'Z10001,GC0001,2011-01-01,allocated,allocated,"The Act, s. 14A"')
    assert "1 new" in said and Membership.objects.get().basis == "The Act, s. 14A"
