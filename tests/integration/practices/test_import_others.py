"""Organisations, list sizes, places, outlines: small hand-made files."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from practices.actions import (
    import_boundaries,
    import_england,
    import_list_sizes,
    import_organisations,
    import_places,
    import_practices,
    load_reference,
)
from practices.models import BodyParticulars, BodySuccession, ListSize, Outline, PracticeParticulars, PracticePlace
from registry.errors import Refused
from registry.models import Entry, User
from registry.moment import Moment
from tests.integration.practices.conftest import history
from tests.support.files import BANDS, LIST_HEADER, list_size, parent, practice, write

OWN = "code,kind,name,gss,above,opened,last_day,longitude,latitude"
ONS = '"PCO12CD","PCO12CDO","PCO12NM","SHA12CD","SHA12CDO","SHA12NM"'


def pcts_on(user: User, day: date) -> set[str]:
    found = BodyParticulars.objects.visible_to(user).at(Moment.of(as_of=day)).filter(kind__in=("pct", "care_trust"))
    return set(found.values_list("body__code", flat=True))


def test_reference_has_151_pcts_before_and_after_the_recode_of_solihull(system: User) -> None:
    report = load_reference(by=system)
    assert (report.new, report.warnings) == (165, [])
    april, may = pcts_on(system, date(2011, 4, 1)), pcts_on(system, date(2011, 5, 1))
    assert (len(april), len(may)) == (151, 151)
    assert (april - may, may - april) == ({"TAM"}, {"5QW"})
    assert len(pcts_on(system, date(2010, 3, 31))) == 152
    assert pcts_on(system, date(2013, 3, 31)) == may
    assert not pcts_on(system, date(2013, 4, 1))
    assert BodySuccession.objects.count() == 4


def test_reference_is_loaded_once_and_never_supersedes_a_file(system: User, tmp_path: Path) -> None:
    load_reference(by=system)
    assert load_reference(by=system).same_as == 1
    rows = (OWN, "5E1,pct,Another Name,,Q30,2006-10-01,2013-03-31,,")
    import_organisations(by=system, path=write(tmp_path / "own_2014-01-01.csv", *rows))
    assert history(BodyParticulars, "5E1") == [("2006-10-01", "2013-04-01", "Another Name")]


def test_an_ons_lookup_renames_from_its_day_and_straddlers_keep_one_sha(system: User, tmp_path: Path) -> None:
    load_reference(by=system)
    rows = (
        ONS,
        '"E16000044","5K3","Swindon","E18000009","Q38","South Central"',
        '"E16000044","5K3","Swindon","E18000010","Q39","South West"',
        '"E16000002","5A4","Havering and More","E18000007","Q36","London"',
        '"E16000999","5ZZ","Ynys Môn","E18000007","Q36","London"',
    )
    path = write(tmp_path / "PCO12_SHA12.csv", *rows, encoding="latin-1")
    report = import_organisations(by=system, path=path)
    assert (report.unchanged, report.changed, report.new, sum(report.skipped.values())) == (1, 1, 1, 1)
    assert history(BodyParticulars, "5A4") == [
        ("2006-10-01", "2012-04-01", "Havering"),
        ("2012-04-01", "2013-04-01", "Havering and More"),
    ]
    assert history(BodyParticulars, "5ZZ") == [("2012-04-01", "2013-04-01", "Ynys Môn")]


def test_organisations_replace_a_stub_whatever_came_first(system: User, tmp_path: Path) -> None:
    path = write(tmp_path / "epraccur_2014-10.csv", practice(parent="5E1", joined="20061001"))
    import_practices(by=system, path=path)
    assert history(BodyParticulars, "5E1") == [("", "", "Body 5E1 (known only by reference)")]
    load_reference(by=system)
    assert history(BodyParticulars, "5E1")[0][:2] == ("2006-10-01", "2013-04-01")


def test_an_older_list_of_organisations_never_supersedes(system: User, tmp_path: Path) -> None:
    row = "5E1,pct,{},,Q30,2006-10-01,2013-03-31,,"
    import_organisations(by=system, path=write(tmp_path / "own_2014-01-01.csv", OWN, row.format("New")))
    report = import_organisations(by=system, path=write(tmp_path / "own_2012-01-01.csv", OWN, row.format("Old")))
    assert (report.older, history(BodyParticulars, "5E1")[0][2]) == (1, "New")


def test_refusals_of_organisations(system: User, tmp_path: Path) -> None:
    rows = (
        "5E1,trust,Name,,,,,,",
        "5E2,pct,,,,,,,",
        "5E3,pct,Name,,,2013-04-01,2013-03-31,,",
        "5E4,pct,Name,,,,,1.5,",
        "5E5,pct,Name,,,,,200,50",
        "5E6,pct,Name,,,2006-10-01,,,",
        "5E6,pct,Name,,,2010-04-01,,,",
    )
    report = import_organisations(by=system, path=write(tmp_path / "own_2014-01-01.csv", OWN, *rows))
    assert [r.line for r in report.refused] == [2, 3, 4, 5, 6, 8]
    assert "line 7" in report.refused[-1].message


def test_list_sizes(system: User, tmp_path: Path) -> None:
    path = write(
        tmp_path / "lists_2013Q2.csv",
        LIST_HEADER,
        list_size("A81001", 100),
        list_size("Y00001", 0),
        list_size("W91001", 5),
    )
    report = import_list_sizes(by=system, path=path)
    assert (report.new, sum(report.skipped.values()), len(report.warnings)) == (1, 2, 1)
    assert history(ListSize, "A81001") == [("2013-04-01", "2013-07-01", 1800)]
    again = import_list_sizes(by=system, path=write(path, LIST_HEADER, list_size("A81001", 10)))
    assert (again.changed, history(ListSize, "A81001")[0][2]) == (1, 180)
    import_list_sizes(by=system, path=path, quarter="2013Q1")
    assert len(history(ListSize, "A81001")) == 2


def test_refusals_of_list_sizes(system: User, tmp_path: Path) -> None:
    path = write(tmp_path / "lists.csv", LIST_HEADER, list_size(each=-1))
    with pytest.raises(Refused, match="--quarter"):
        import_list_sizes(by=system, path=path)
    report = import_list_sizes(by=system, path=path, quarter="2013Q2")
    assert [(r.line, r.column, r.value) for r in report.refused] == [(2, "Male 0-4", "-1")]
    with pytest.raises(Refused, match="not an NHSBSA file"):
        import_list_sizes(by=system, path=write(path, "Practice Code," + ",".join(BANDS[:-1])), quarter="2013Q2")


def test_places_by_code_and_by_postcode(system: User, tmp_path: Path) -> None:
    import_practices(
        by=system,
        path=write(
            tmp_path / "epraccur_2014-10.csv", practice(postcode="ts181hu"), practice("A81002", postcode="TS18 1HU")
        ),
    )
    path = write(tmp_path / "places_2014-11.csv", "practice_code,longitude,latitude", "A81001,-1.3,54.5")
    assert import_places(by=system, path=path).new == 1
    rows = ("postcode,longitude,latitude", "TS181HU,-1.4,54.6", "ZZ1 1ZZ,0,50")
    report = import_places(by=system, path=write(tmp_path / "places_2015-11.csv", *rows))
    assert (report.changed, sum(report.skipped.values())) == (1, 1)
    assert [str(v) for _, _, v in history(PracticePlace, "A81001")] == ["-1.300000", "-1.400000"]
    assert [str(v) for _, _, v in history(PracticePlace, "A81002")] == ["-1.400000"]
    older = import_places(by=system, path=write(tmp_path / "places_2010-11.csv", *rows[:1], "TS181HU,0,0"))
    assert (older.older, older.entry) == (1, None)


def test_refusals_of_places(system: User, tmp_path: Path) -> None:
    rows = ("practice_code,longitude,latitude", "A81001,x,54", "A81002,0,91", "A81003,NaN,54", "A81004,1")
    report = import_places(by=system, path=write(tmp_path / "places_2013.csv", *rows))
    assert [r.line for r in report.refused] == [2, 3, 4, 5]


SQUARE = {"type": "Polygon", "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 51], [0, 50]]]}


def geojson(**properties: str) -> str:
    features = [{"type": "Feature", "properties": {"pct_code": c}, "geometry": SQUARE} for c in properties.values()]
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_boundaries_as_geojson_and_topojson(system: User, tmp_path: Path) -> None:
    load_reference(by=system)
    path = tmp_path / "outlines_2011.json"
    path.write_text(geojson(a="5E1"))
    report = import_boundaries(by=system, path=path)
    assert (report.new, report.entry, Entry.objects.get(number=2).source["kind"]) == (1, 2, "pct-boundaries")
    assert Outline.objects.get().geometry == SQUARE
    topology = {
        "type": "Topology",
        "transform": {"scale": [0.5, 0.5], "translate": [0, 50]},
        "arcs": [[[0, 0], [2, 0]], [[0, 0], [0, 2], [2, 0], [0, -2]]],
        "objects": {"x": {"geometries": [{"type": "Polygon", "arcs": [[0, -2]], "properties": {"pct_code": "5E1"}}]}},
    }
    path.write_text(json.dumps(topology))
    again = import_boundaries(by=system, path=path)
    assert (again.unchanged, again.entry) == (1, None)  # the same square, drawn by arcs, one of them backwards


def test_refusals_of_boundaries(system: User, tmp_path: Path) -> None:
    path = tmp_path / "outlines_2011.json"
    path.write_text(geojson(a="5E1"))
    assert "load organisations first" in import_boundaries(by=system, path=path).refused[0].message
    for text, said in (("{", "not JSON"), ('{"type": "Topology"}', "neither"), ("[1]", "neither")):
        path.write_text(text)
        with pytest.raises(Refused, match=said):
            import_boundaries(by=system, path=path)


def test_a_folder_without_a_manifest_is_sorted_by_layout(system: User, tmp_path: Path) -> None:
    write(tmp_path / "epraccur_2014-10.csv", practice(parent="5E1", joined="20061001"))
    write(tmp_path / "epcmem_2019-08-30.csv", parent())
    write(tmp_path / "egpam_2015-12-18.csv", practice(status="D"))
    write(tmp_path / "Patient_List_Size_2013_04-06.csv", LIST_HEADER, list_size())
    write(tmp_path / "places_2013.csv", "practice_code,longitude,latitude", "A81001,-1.3,54.5")
    write(tmp_path / "PCO12_SHA12.csv", ONS, '"E16000002","5A4","Havering","E18000007","Q36","London"')
    write(tmp_path / "notes.txt", "hello")
    (tmp_path / "derived").mkdir()
    write(tmp_path / "derived" / "places_2013.csv", "practice_code,longitude,latitude", "A81001,0,0")
    said: list[str] = []
    reports = import_england(by=system, path=tmp_path, say=said.append)
    assert [r.kind for r in reports] == [
        "reference",
        "ons-pct-sha",
        "ods-practices",
        "ods-parents",
        "nhsbsa-list-sizes",
        "places",
    ]
    told = "\n".join(said)
    assert "skipping egpam_2015-12-18.csv: amendments" in told
    assert "skipping notes.txt: no layout" in told
    assert "skipping derived/places_2013.csv: derived" in told
    assert "Loaded 5 files" in told
    again: list[str] = []
    import_england(by=system, path=tmp_path, say=again.append)
    assert "Nothing has changed: the register already held all of it" in again[-1]
    assert "1 in all, under 1 parent bodies" in "\n".join(again)


def test_a_manifest_is_obeyed_and_checked(system: User, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", practice())
    manifest = tmp_path / "manifest.toml"
    manifest.write_text('[[file]]\npath = "a.csv"\nkind = "ods-practices"\nvintage = 2014-10-01\n')
    assert import_england(by=system, path=tmp_path)[-1].vintage == date(2014, 10, 1)
    for text, said in (
        ('[[file]]\npath = "b.csv"\nkind = "ods-practices"\n', "no such file"),
        ('[[file]]\npath = "../a.csv"\nkind = "ods-practices"\n', "no such file"),
        ('[[file]]\npath = "a.csv"\nkind = "ods"\n', "the kinds are"),
        ('[[file]]\npath = "a.csv"\nkind = "ods-practices"\nvintage = "2014"\n', "not a date"),
        ("[[file", "cannot be read"),
        ("", "no file"),
    ):
        manifest.write_text(text)
        with pytest.raises(Refused, match=said):
            import_england(by=system, path=tmp_path)


def test_a_refused_file_ends_the_walk_and_those_before_it_stand(system: User, tmp_path: Path) -> None:
    write(tmp_path / "epraccur_2014-10.csv", practice(), practice("A81002", status="C"))
    write(tmp_path / "epcmem_2019-08-30.csv", parent())
    reports = import_england(by=system, path=tmp_path)
    assert (reports[-1].kind, reports[-1].stopped) == ("ods-practices", True)
    assert not PracticeParticulars.objects.exists()
    assert BodyParticulars.objects.exists()
    skipping = import_england(by=system, path=tmp_path, skip_refused=True)
    assert skipping[-1].kind == "ods-parents"


def test_the_command_prints_the_totals_of_1_april_2011(db: None, tmp_path: Path, capsys) -> None:
    write(tmp_path / "epraccur_2014-10.csv", practice("A81001"), practice("A81002", setting="25"), practice("A81003"))
    write(tmp_path / "epcmem_2019-08-30.csv", parent("A81001", "5D9"), parent("A81003", "5PT"))
    write(tmp_path / "Patient_List_Size_2013_04-06.csv", LIST_HEADER, list_size("A81001", 50_000))
    call_command("import_england", str(tmp_path), "--dry-run")
    told = capsys.readouterr().out
    assert "Dry run: 4 files would be loaded; nothing was written" in told
    assert "2 in all, under 2 parent bodies" in told  # each file is rehearsed upon those before it
    assert not Entry.objects.exists()
    call_command("import_england", str(tmp_path))
    told = capsys.readouterr().out
    assert "Loaded 4 files in" in told
    assert "Q30 North East                      1" in told
    assert "2 in all, under 2 parent bodies" in told
    assert "1 of them with a list size, 0.90 million people" in told
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("import_england", str(tmp_path / "none"))


def test_a_row_refused_under_the_lock_rolls_back_the_whole_file(system: User, tmp_path: Path) -> None:
    load_reference(by=system)
    rows = (
        ONS,
        '"E16000002","5A4","Another Havering","E18000007","Q36","London"',
        '"E16000151","TAM","Solihull","E18000005","Q34","West Midlands"',  # a code that had ended by 2012
    )
    path = write(tmp_path / "PCO12_SHA12.csv", *rows)
    report = import_organisations(by=system, path=path)
    assert [(r.line, "did not live" in r.message) for r in report.refused] == [(3, True)]
    assert (history(BodyParticulars, "5A4")[0][2], Entry.objects.count()) == ("Havering", 1)
    assert import_organisations(by=system, path=path, skip_refused=True).changed == 1
