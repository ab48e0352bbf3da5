"""The wave as released never changes: its manifest, its hash, its downloads (domain.md rule 12)."""

import hashlib
import random
from datetime import date, timedelta

import pytest

from consortia.models import Belonging, ConsortiumParticulars, Membership, MembershipReason, MembershipStatus
from pathfinders import actions
from pathfinders.models import PathfinderParticulars, ProgrammePlace, WaveListing, WaveManifest, WaveRelease
from pathfinders.reads.as_released import as_json, as_table, lines, moment_of
from pathfinders.reads.coverage import coverage
from pathfinders.reads.manifest import manifest_of
from pathfinders.verifying import faults
from practices.models import ListSize, PracticeParticulars, PracticeStatus
from tests import factories as make
from tests import programme as told


def build_world():
    """A released wave of three bids: a member later listed, one that does not count, one without a list, one left out."""
    who = told.people()
    wave = told.wave(who)
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
    practices = [make.make_practice(pct=pct) for _ in range(6)]
    for practice, (quarter, start, people) in zip(
        practices,
        [("2010Q4", date(2010, 10, 1), 5000), ("2011Q1", date(2011, 1, 1), 4000), ("2011Q3", date(2011, 7, 1), 300)],
        strict=False,
    ):
        with make.writing("sizes") as entry:
            entry.set(ListSize, (practice.pk,), start, None, (quarter, people))
    with make.writing("sleeps") as entry:
        entry.set(PracticeStatus, (practices[4].pk,), date(2011, 1, 15), None, ("D",))
    told.decided(who, wave, practices[:2], name="Alpha\\t “é”")
    told.decided(who, wave, practices[2:5], name="Beta")
    told.decided(who, wave, [practices[0], practices[5]], name="Gamma")
    told.decided(who, wave, outcome="declined", name="Delta")
    told.release(who, wave)
    return who, told.fresh(wave), practices


@pytest.fixture
def scene(in_world):
    return in_world


def again(user, number=3):
    release = WaveRelease.objects.order_by("opened_by_id").filter(wave=number).first()
    return manifest_of(user, moment_of(release), number)


def test_the_manifest_lists_the_wave_as_the_facts_have_it(scene):
    who, wave, practices = scene
    kept = WaveManifest.objects.get()
    assert kept.sha256 == hashlib.sha256(kept.content.encode()).hexdigest() and kept.entry == wave.released_by
    text = kept.content.split("\n")
    assert text[:2] == ["manifest\t1", "wave\t3\t2011-03-02"] and text[-1] == ""
    assert text[2] == "pathfinder\tPF0001\tAlpha\\\\t “é”\tQ36\t2011-02-20\t2011-03-02\t"
    code = [p.code for p in practices]
    told_of = {line.split("\t")[3]: line.split("\t")[4:] for line in text if line.startswith("practice")}
    assert told_of[code[0]] == ["claimed", "yes", "5000", "2010Q4", "latest"]
    assert told_of[code[2]] == ["claimed", "yes", "300", "2011Q3", "later"]
    assert told_of[code[3]] == ["claimed", "yes", "", "", ""]
    assert told_of[code[4]] == ["claimed", "no", "", "", ""]
    bid = wave.bids.get(name="Gamma")
    assert f"left_out\t{bid.ref}\t{code[0]}\telsewhere" in text
    totals = as_json(kept.content)["totals"]
    counts = {
        "pathfinders": 3,
        "consortia": 3,
        "practices": 5,
        "people": 9300,
        "practices_without_list": 2,
        "left_out": 1,
    }
    assert totals == counts
    assert "Delta" not in kept.content


def test_its_totals_are_those_that_coverage_counts(scene):
    who, wave, _ = scene
    totals = as_json(WaveManifest.objects.get().content)["totals"]
    (row,) = coverage(who.lead, moment_of(WaveRelease.objects.get()), by="wave")
    names = ("pathfinders", "consortia", "practices", "people", "practices_without_list")
    assert {n: totals[n] for n in names} == {n: row[n] for n in names}


def test_a_manifest_reads_back_as_it_was_written(scene):
    content = WaveManifest.objects.get().content
    assert as_json(content)["pathfinders"][0]["name"] == "Alpha\\t “é”"
    rows = list(as_table(content))
    assert len(rows) == sum(1 for kind, _ in lines(content) if kind == "practice") == 6
    assert (rows[0][0], rows[0][1], rows[0][2]) == (3, "2011-03-02", "PF0001")


def edit(rng, day, practices, groups, pathfinders):
    """One random later change of the register, by the journal's own verbs."""
    practice, group, pathfinder = rng.choice(practices), rng.choice(groups), rng.choice(pathfinders)
    kinds = {
        "leave": lambda e: e.clear(Membership, (practice.pk,), day, None),
        "move": lambda e: e.set(
            Membership,
            (practice.pk,),
            day,
            None,
            Belonging(group.pk, MembershipStatus.CONFIRMED, MembershipReason.TRANSFERRED),
        ),
        "correct": lambda e: e.set(
            Membership,
            (practice.pk,),
            told.ANNOUNCED_ON,
            None,
            Belonging(group.pk, MembershipStatus.DISPUTED, MembershipReason.CORRECTED),
        ),
        "close": lambda e: e.set(PracticeStatus, (practice.pk,), day, None, ("C",)),
        "was closed": lambda e: e.set(PracticeStatus, (practice.pk,), date(2010, 1, 1), date(2011, 4, 1), ("C",)),
        "no surgery": lambda e: e.set(
            PracticeParticulars, (practice.pk,), date(2010, 1, 1), None, ("X", "", "", "", 1)
        ),
        "list": lambda e: e.set(ListSize, (practice.pk,), date(2010, 10, 1), None, ("2010Q4", rng.randrange(9_000))),
        "rename": lambda e: e.set(ConsortiumParticulars, (group.pk,), told.ANNOUNCED_ON, None, (f"N{day}", "company")),
        "merge": lambda e: e.clear(ProgrammePlace, (pathfinder.pk, group.pk), told.ANNOUNCED_ON, None),
        "end": lambda e: e.cap(PathfinderParticulars, (pathfinder.pk,), day),
        "region": lambda e: e.set(
            WaveListing, (pathfinder.pk,), told.ANNOUNCED_ON, None, (3, f"Q{rng.randrange(99)}")
        ),
    }
    kind = rng.choice(sorted(kinds))
    with make.writing(kind) as entry:
        kinds[kind](entry)


@pytest.mark.parametrize("seed", range(3))
def test_a_year_of_edits_later_the_same_hash_is_made(scene, seed):
    who, _, practices = scene
    kept, rng = WaveManifest.objects.get(), random.Random(seed)
    groups = [p.consortium for p in ProgrammePlace.objects.select_related("consortium")]
    pathfinders = [p.pathfinder for p in PathfinderParticulars.objects.select_related("pathfinder")]
    day = told.ANNOUNCED_ON
    while day < told.ANNOUNCED_ON + timedelta(days=365):
        day += timedelta(days=rng.randrange(5, 30))
        edit(rng, day, practices, groups, pathfinders)
    later = told.wave(who, number=4, announced_on=told.ANNOUNCED_ON + timedelta(days=90))
    told.decided(who, later, name="Later")
    told.release(who, later)
    assert again(who.lead) == kept.content
    assert list(faults()) == []


def test_verify_journal_says_which_manifest_differs(scene, capsys):
    from django.core.management import call_command
    from django.db import connection

    assert list(faults()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is still to be checked stands in the way otherwise
        cursor.execute("ALTER TABLE pathfinders_wavemanifest DISABLE TRIGGER USER")
        cursor.execute("UPDATE pathfinders_wavemanifest SET content = replace(content, '5000', '5001')")
    assert [f.split(":")[0] for f in faults()] == ["The manifest of wave 3 is not what its hash is of"] * 1 + [
        "The manifest of wave 3 is not what the facts give, as known at its release"
    ]
    with pytest.raises(SystemExit):
        call_command("verify_journal")
    assert "manifest of wave 3" in capsys.readouterr().out


def test_a_wave_released_before_manifests_were_made_has_none_and_its_list_is_made_of_facts(scene, client):
    from django.db import connection

    before = client.get("/waves/3/released.csv").content
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is still to be checked stands in the way otherwise
        cursor.execute("ALTER TABLE pathfinders_wavemanifest DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM pathfinders_wavemanifest")
    assert list(faults()) == []
    assert client.get("/waves/3/manifest.txt").status_code == 404
    assert client.get("/waves/3/released.csv").content == before
    assert client.get("/waves/3/").status_code == 200
    assert client.get("/api/v1/waves/3/").json()["result"]["manifest_sha256"] is None


def test_the_downloads_are_what_was_hashed_and_kept_for_ever(scene, client):
    kept = WaveManifest.objects.get()
    answer = client.get("/waves/3/manifest.txt")
    assert answer.content == kept.content.encode() and answer["Content-Type"] == "text/plain; charset=utf-8"
    assert hashlib.sha256(answer.content).hexdigest() == kept.sha256
    told_of = client.get("/waves/3/released.json").json()
    assert (told_of["manifest_sha256"], told_of["wave"], len(told_of["pathfinders"])) == (kept.sha256, 3, 3)
    rows = client.get("/waves/3/released.csv").content.decode().splitlines()
    assert rows[0].startswith("wave,announced_on,pathfinder") and len(rows) == 7
    for name in ("manifest.txt", "released.csv", "released.json"):
        answer = client.get(f"/waves/3/{name}")
        assert "immutable" in answer["Cache-Control"] and kept.sha256[:16] in answer["ETag"]
        again = client.get(f"/waves/3/{name}", headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304
    assert kept.sha256 in client.get("/waves/3/").content.decode()
    assert client.get("/api/v1/waves/3/").json()["result"]["manifest_sha256"] == kept.sha256


def test_before_its_release_a_wave_has_no_downloads(db, client):
    who = told.people()
    wave = told.wave(who)
    told.decided(who, wave)
    told.ready(who, wave)
    for name in ("manifest.txt", "released.csv", "released.json"):
        nothing, nowhere = client.get(f"/waves/3/{name}"), client.get(f"/waves/7/{name}")
        assert nothing.status_code == nowhere.status_code == 404
        assert nothing.content.replace(b"3", b"7") == nowhere.content.replace(b"3", b"7")
        assert "immutable" not in nothing.get("Cache-Control", "")
    actions.release_wave(by=who.admin, wave=wave, version=told.fresh(wave).version)
    assert client.get("/waves/3/manifest.txt").status_code == 200
