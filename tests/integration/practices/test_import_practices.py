"""ODS practices, amendments and parents: small hand-made files for each trap."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from practices.actions import import_parents, import_practices
from practices.models import Practice, PracticeParent, PracticeParticulars, PracticeStatus, SourceVintage
from registry.errors import Refused
from registry.models import Entry, User
from tests.integration.practices.conftest import history
from tests.support.files import parent, practice, write

V1, V2 = date(2014, 10, 1), date(2015, 12, 18)


@pytest.fixture
def load(system: User, tmp_path: Path):
    """Load practices of a vintage; load.parents loads their history."""

    def practices(*rows: str, vintage: date = V1, **more):
        path = write(tmp_path / "practices.csv", *rows)
        return import_practices(by=system, path=path, vintage=vintage, **more)

    def parents(*rows: str, vintage: date = date(2014, 8, 1), **more):
        return import_parents(by=system, path=write(tmp_path / "parents.csv", *rows), vintage=vintage, **more)

    practices.parents = parents
    return practices


def test_a_practice_with_its_inclusive_last_day(load) -> None:
    report = load(practice("A81001", opened="19900401", closed="20120331", status="C"))
    assert (report.new, report.refused, report.entry) == (1, [], 1)
    assert history(PracticeStatus, "A81001") == [("1990-04-01", "2012-04-01", "A"), ("2012-04-01", "", "C")]
    entry = Entry.objects.get()
    assert entry.source["name"] == "practices.csv"
    assert entry.source["vintage"] == "2014-10-01"
    assert len(entry.source["sha256"]) == 64


def test_the_same_file_again_changes_nothing_and_says_so(load) -> None:
    load(practice())
    again = load(practice())
    assert (again.same_as, again.unchanged) == (1, 1)
    assert "Nothing to do" in again.lines()[-1]
    other_bytes = load(practice(), "")
    assert (other_bytes.same_as, other_bytes.unchanged, other_bytes.entry) == (None, 1, None)
    assert "Nothing has changed" in other_bytes.lines()[-1]
    assert Entry.objects.count() == 1


def test_a_correction_by_hand_is_not_undone_by_the_same_file(load, system: User) -> None:
    from practices.actions import correct_parent
    from practices.models import ParentBody

    load(practice(parent="5E1", joined="20061001"), practice("A81002", parent="5E2", joined="20061001"))
    body = ParentBody.objects.get(code="5E2")
    correct_parent(
        by=system,
        practice=Practice.objects.get(code="A81001"),
        start=date(2010, 4, 1),
        end=None,
        parent=body,
        reason="ODS was wrong",
    )
    load(practice(parent="5E1", joined="20061001"), practice("A81002", parent="5E2", joined="20061001"))
    assert history(PracticeParent, "A81001")[-1] == ("2010-04-01", "", "5E2")


def test_an_older_vintage_never_supersedes_a_newer(load) -> None:
    load(practice(name="NEW NAME", status="D"), vintage=V2)
    report = load(practice(name="OLD NAME"), practice("A81002"), vintage=V1)
    assert (report.older, report.new) == (1, 1)
    assert history(PracticeParticulars, "A81001") == [("1974-04-01", "", "NEW NAME")]
    assert "1 older than what the register holds" in "\n".join(report.lines())


def test_a_newer_vintage_that_says_the_same_still_guards_against_an_older(load) -> None:
    load(practice(name="NAME"))
    assert load(practice(name="NAME"), vintage=V2).entry is None
    assert load(practice(name="OTHER"), vintage=date(2015, 1, 1)).older == 1
    assert SourceVintage.objects.get(kind="ods-practices").vintage == V2


def test_amendments_reopen_rename_and_move(load) -> None:
    load(
        practice("A81001", closed="20120331", status="C", parent="5E1", joined="20061001"),
        practice("A81002", parent="5E1", joined="20061001", phone="1"),
        practice("A81003"),
    )
    report = load(
        practice("A81001", parent="5E1", joined="20061001"),
        practice("A81002", parent="00K", joined="20130401", phone="2"),
        practice("A81003"),
        practice("A81004", status="P", opened="20160101"),
        vintage=V2,
        amendments=True,
    )
    assert (report.new, report.changed, report.unchanged) == (1, 2, 1)
    assert [v for _, _, v in history(PracticeStatus, "A81001")] == ["A", "C", "A"]
    assert history(PracticeStatus, "A81001")[-1][0] == "2015-12-18"
    assert history(PracticeParent, "A81002") == [("2006-10-01", "2013-04-01", "5E1"), ("2013-04-01", "", "00K")]
    assert history(PracticeStatus, "A81004") == [("2015-12-18", "", "P")]


@pytest.mark.parametrize("order", ["practices first", "parents first"])
def test_the_history_of_parents_wins_over_the_practices_file_in_either_order(load, order: str) -> None:
    def practices() -> None:
        load(practice("A81001", parent="00X", joined="20130501"), practice("A81002", parent="00X", joined="20130501"))

    def parents() -> None:
        load.parents(parent("A81001", "5E1", "20061001", "20130331"), parent("A81001", "00K", "20130401", ""))

    for step in (practices, parents) if order == "practices first" else (parents, practices):
        step()
    assert history(PracticeParent, "A81001") == [("2006-10-01", "2013-04-01", "5E1"), ("2013-04-01", "", "00K")]
    assert history(PracticeParent, "A81002") == [("2013-05-01", "", "00X")]


def test_a_parent_that_a_newer_amendment_told_outlives_an_older_history(load) -> None:
    load.parents(parent("A81001", "5E1", "20061001", ""))
    load(practice("A81001", parent="00K", joined="20130401"), vintage=V2, amendments=True)
    load.parents(parent("A81001", "5E2", "20061001", ""), vintage=date(2014, 9, 1))
    assert history(PracticeParent, "A81001") == [("2006-10-01", "2013-04-01", "5E2"), ("2013-04-01", "", "00K")]
    load.parents(parent("A81001", "5E2", "20061001", ""), vintage=date(2016, 1, 1))
    assert history(PracticeParent, "A81001") == [("2006-10-01", "", "5E2")]


def test_an_amendment_does_not_move_where_a_newer_history_has_told(load) -> None:
    load.parents(parent("A81001", "5E1", "20061001", ""), vintage=date(2019, 8, 30))
    load(practice("A81001", parent="00K", joined="20130401"), vintage=V2, amendments=True)
    assert history(PracticeParent, "A81001") == [("2006-10-01", "", "5E1")]


def test_wales_the_islands_and_prescribers_are_skipped_with_a_count(load) -> None:
    report = load(
        practice("W91001"), practice("ALD200", setting=""), practice("G1234567", setting="", status="B"), practice()
    )
    assert (report.new, sum(report.skipped.values()), report.refused) == (1, 3, [])
    assert {why.split()[0] for why in report.skipped} == {"Welsh", "practices", "prescribers"}
    assert list(Practice.objects.values_list("code", flat=True)) == ["A81001"]


BAD = [
    (practice("I81001"), "practice code", "shape"),
    (practice(name=""), "name", "missing"),
    (practice(opened="20120230"), "open date", "not a real date"),
    (practice(opened="1 April"), "open date", "not a real date"),
    (practice(opened=""), "open date", "day it opened"),
    (practice(status="C"), "close date", "day it closed"),
    (practice(opened="20120401", closed="20120331", status="C"), "close date", "before it opens"),
    (practice(status="U"), "status", "A, C, D or P"),
    (practice(setting="GP"), "prescribing setting", "4 is a GP practice"),
    (practice(setting=""), "prescribing setting", "4 is a GP practice"),
    (practice(parent="5E1; DROP"), "parent", "shape"),
    (practice(name="X" * 201), "name", "longer"),
    ('"A81009","SHORT ROW","Y54"', "", "3 cells where this layout has 26"),
]


def test_every_refused_row_is_told_with_its_line_column_and_reason_and_nothing_is_written(load) -> None:
    good = [practice(f"B8100{i}") for i in range(5)]
    rows = [practice(f"B82{i:03}") for i in range(20)] + [row for row, _, _ in BAD] + good
    report = load(*rows)
    told = [(r.line, r.column, r.message) for r in report.refused]
    assert len(told) == len(BAD)
    for (line, column, message), (_, expected, said) in zip(told, BAD, strict=True):
        assert (column, said in message) == (expected, True), (line, message)
    assert [line for line, _, _ in told] == list(range(21, 21 + len(BAD)))
    assert not Practice.objects.exists()
    assert not Entry.objects.exists()
    assert "--skip-refused" in report.lines()[-1]
    loaded = load(*rows, skip_refused=True)
    assert (loaded.new, len(loaded.refused), Practice.objects.count()) == (25, len(BAD), 25)
    assert Entry.objects.get().source["counts"]["refused"] == len(BAD)


def test_a_dry_run_writes_nothing_and_says_what_it_would_do(load) -> None:
    load(practice("A81001"))
    report = load(practice("A81001", status="D"), practice("A81002", parent="5E1"), vintage=V2, dry_run=True)
    assert (report.new, report.changed, report.opened, report.closed) == (1, 1, 6, 1)
    assert "Dry run" in report.lines()[-1]
    assert (Practice.objects.count(), Entry.objects.count()) == (1, 1)
    assert SourceVintage.objects.get().vintage == V1


def test_duplicates(load) -> None:
    report = load(practice(), practice(), practice("A81002"), practice("A81002", name="ANOTHER"))
    assert report.skipped == {"lines that repeat an earlier one": 1}
    assert [(r.line, "line 3" in r.message) for r in report.refused] == [(4, True)]


def test_letters_outside_ascii_arrive(system: User, tmp_path: Path) -> None:
    path = write(tmp_path / "epraccur_2014-10.csv", practice(name="DR O’NEILL – CAFÉ"), encoding="cp1252")
    import_practices(by=system, path=path)
    assert history(PracticeParticulars, "A81001")[0][2] == "DR O’NEILL – CAFÉ"


def test_parents_with_inclusive_last_days_and_stubs(load) -> None:
    report = load.parents(
        parent("A81001", "4QP36", "19990401", "20010331"), parent("A81001", "5E1", "20010401", "20130331")
    )
    assert history(PracticeParent, "A81001") == [
        ("1999-04-01", "2001-04-01", "4QP36"),
        ("2001-04-01", "2013-04-01", "5E1"),
    ]
    assert len(report.warnings) == 2
    assert "known only by reference" in report.warnings[0]
    assert history(PracticeStatus, "A81001") == []


def test_two_parents_on_one_day_are_refused_naming_both_lines(load) -> None:
    rows = (
        parent("A81002"),
        parent("A81001", "5E1", "20061001", "20130401"),
        parent("A81001", "00K", "20130401", ""),
    )
    report = load.parents(*rows)
    assert [r.line for r in report.refused] == [3]
    assert "line 2" in report.refused[0].message
    assert not PracticeParent.objects.exists()
    loaded = load.parents(*rows, skip_refused=True)
    assert (loaded.new, history(PracticeParent, "A81001")) == (1, [])
    assert loaded.skipped == {"other rows of practices with a refused row": 1}


def test_parents_that_left_before_they_joined_are_refused(load) -> None:
    report = load.parents(
        parent(joined="20130401", left="20130331"), parent("A81002", joined=""), parent("A81003", "5e")
    )
    assert [r.line for r in report.refused] == [1, 2, 3]


def test_a_wrong_file_says_what_it_is(load, system: User, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="it holds ODS parents of practices; load it with import_parents"):
        load(parent(), parent("A81002"))
    with pytest.raises(Refused, match="it holds ODS practices; load it with import_practices"):
        load.parents(practice())
    (tmp_path / "page.csv").write_text("<html>404")
    with pytest.raises(Refused, match="web page"):
        import_practices(by=system, path=tmp_path / "page.csv", vintage=V1)


def test_a_file_that_does_not_say_its_day_asks_for_it(system: User, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="--vintage"):
        import_practices(by=system, path=write(tmp_path / "epraccur.csv", practice()))


def test_only_those_who_may_import(db: None, tmp_path: Path) -> None:
    path = write(tmp_path / "epraccur_2014-10.csv", practice())
    nobody = User.objects.create(email="a@example.org")
    with pytest.raises(Refused) as refused:
        import_practices(by=nobody, path=path)
    assert refused.value.status == 403
    assert not Practice.objects.exists()


def test_the_commands_exit_with_the_refusal(db: None, tmp_path: Path, capsys) -> None:
    path = write(tmp_path / "epraccur_2014-10.csv", practice(), practice("A81002", status="C"))
    with pytest.raises(CommandError, match="1 rows of epraccur_2014-10.csv are refused"):
        call_command("import_practices", str(path))
    assert "line 2, close date: a closed practice needs the day it closed" in capsys.readouterr().out
    call_command("import_practices", str(path), "--skip-refused")
    assert Practice.objects.count() == 1


def test_a_hundred_thousand_lines(system: User, tmp_path: Path) -> None:
    letters = "ABCDEFGHJK"
    rows = [parent(f"{a}{i:05}", "5E1", "20061001", "") for a in letters for i in range(10_000)]
    path = write(tmp_path / "epcmem_2019-08-30.csv", *rows, parent("A00000", "5E1", "20061001", "2013"))
    report = import_parents(by=system, path=path, dry_run=True)
    assert (report.rows, len(report.refused), report.new) == (100_001, 1, 99_999)
    assert report.skipped == {"other rows of practices with a refused row": 1}
    assert report.seconds < 20
