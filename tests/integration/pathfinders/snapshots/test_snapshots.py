"""A snapshot is the register at its moment: its files, their hashes, when they are made, how they are served."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from pathfinders.actions.snapshots import make_again, mend_snapshots
from pathfinders.due import run_later
from pathfinders.models import PublishedFile, PublishedSnapshot
from pathfinders.snapshots import contents, due, store
from pathfinders.verifying import faults
from registry import clock
from registry.api.exports import WRITERS
from registry.models import Entry, Installation
from registry.moment import Moment
from tests import factories as make
from tests import programme as told
from tests.integration.pathfinders.snapshots.scenes import content, taken
from tests.support.floor import broken
from tests.support.handover import hand_over_in_one_entry
from tests.support.small_register import ANNOUNCED, small_register

pytestmark = pytest.mark.django_db
DAY = date(2011, 4, 15)


@pytest.fixture
def snapshot() -> PublishedSnapshot:
    small_register()
    make.make_pct("5XX")  # which says nothing
    hand_over_in_one_entry()
    return taken(DAY)


ASKED = {"coverage-by-sha": ("coverage", {"by": "sha"}), "budgets": ("budgets", {"year": "all"})}


def test_its_lists_are_the_answers_of_the_api_for_its_dates(snapshot: PublishedSnapshot, client: Client) -> None:
    assert all(snapshot.files.get(name=f"{name}.csv").rows for name in contents.LISTS)
    dates = {"as_of": f"{DAY}", "known_at": snapshot.entry.at.isoformat()}
    for name in contents.names():
        resource, _, form = name.rpartition(".")
        path, more = ASKED.get(resource, (resource, {}))
        if resource == "survey-answers":
            continue  # below: the API has a list for each survey
        if form == "json":
            page = client.get(f"/api/v1/{path}/", dates | more).json()
            told = {key: page[key] for key in ("as_of", "known_at", "results")}
            assert json.loads(content(snapshot, name)) == told, name
            lines = content(snapshot, f"{resource}.ndjson").splitlines()
            assert content(snapshot, name).splitlines()[1:-1] == [
                line + b"," * (n < len(lines)) for n, line in enumerate(lines, 1)
            ]
        elif name != contents.FACTS:
            answer = client.get(f"/api/v1/{path}/", dates | more | {"format": form})
            assert content(snapshot, name) == b"".join(answer), name  # type: ignore[arg-type]
            assert form in WRITERS
    its_answers_are_those_of_each_survey(snapshot, client, dates)
    every_fact_is_in_it_once_with_what_closed_it(snapshot)
    its_hashes_are_of_its_bytes(snapshot)


def its_answers_are_those_of_each_survey(snapshot: PublishedSnapshot, client: Client, dates: dict[str, str]) -> None:
    told = [json.loads(line) for line in content(snapshot, "survey-answers.ndjson").splitlines()]
    surveys = [row["ref"] for row in client.get("/api/v1/surveys/", dates).json()["results"]]
    said = {ref: client.get(f"/api/v1/surveys/{ref}/answers/", dates).json()["results"] for ref in surveys}
    assert told == [{**row, "survey": ref} for ref in surveys for row in said[ref]]
    assert {row["answer"] for row in told} == {"yes", None}


def every_fact_is_in_it_once_with_what_closed_it(snapshot: PublishedSnapshot) -> None:
    facts = [json.loads(line) for line in content(snapshot, "facts.ndjson").splitlines()]
    places = [tuple(map(int, fact["fact"].split("."))) for fact in facts]
    assert places == sorted(set(places)) and len(facts) == snapshot.files.get(name="facts.ndjson").rows
    moved = [f for f in facts if f["kind"] == "membership" and f["values"]["practice"] == "G85002"]
    assert [f["closed"] is None for f in moved].count(True) == 2, "what stands: the one before, the one after"
    assert len(moved) > 2 and all(int(f["closed"].split(".")[0]) <= snapshot.entry_id for f in moved if f["closed"])


def its_hashes_are_of_its_bytes(snapshot: PublishedSnapshot) -> None:
    """And the list of them is as sha256sum reads it."""
    lines = content(snapshot, "SHA256SUMS").decode().splitlines()
    told = {name: sha256 for sha256, name in (line.split("  ") for line in lines)}
    assert set(told) == {f.name for f in snapshot.files.all()} - {"SHA256SUMS"}
    for name, sha256 in told.items():
        assert hashlib.sha256(content(snapshot, name)).hexdigest() == sha256
    manifest = json.loads(content(snapshot, "manifest.json"))
    assert (manifest["snapshot"], manifest["entry_hash"]) == (f"{DAY}.{snapshot.entry_id}", snapshot.entry.hash)
    told.pop("manifest.json")
    assert {f["name"]: f["sha256"] for f in manifest["files"]} == told
    heads = content(snapshot, "practices.csv").decode("utf-8").splitlines()[0].split(",")
    told_of = list(csv.DictReader(io.StringIO(content(snapshot, "dictionary.csv").decode())))
    assert [row["column"] for row in told_of if row["resource"] == "practices" and row["column"]] == heads
    assert {row["resource"] for row in told_of} == {*contents.LISTS, contents.COVERAGE_NAME, contents.FACTS}


def test_lost_bytes_are_made_again_whatever_happened_since(snapshot: PublishedSnapshot) -> None:
    make.make_practice("G85009", patients=100)
    for file in snapshot.files.all():
        store.path_of(file.sha256).unlink()
    assert len(mend_snapshots()) == len({f.sha256 for f in snapshot.files.all()})
    assert list(faults()) == [] and mend_snapshots() == []
    a_list_that_has_grown_is_made_again_as_it_was(snapshot)
    altered_bytes_are_found(snapshot)


def a_list_that_has_grown_is_made_again_as_it_was(snapshot: PublishedSnapshot) -> None:
    """A later version has more columns, at the end: those that were published are written again."""
    moment = Moment.of(snapshot.as_of, snapshot.entry.at)
    fewer = contents.columns_of("practices.csv")[:5]
    kept = store.put(contents.writer("practices.csv", snapshot.entry, moment, fewer))
    older = PublishedFile(snapshot=snapshot, name="practices.csv", columns=fewer, **kept._asdict())
    store.path_of(kept.sha256).unlink()
    make_again(file=older)
    assert store.hash_of(store.path_of(kept.sha256)) == kept.sha256
    older.columns = fewer[:4]
    with pytest.raises(ValueError, match="not"):
        make_again(file=older)


def altered_bytes_are_found(snapshot: PublishedSnapshot) -> None:
    store.path_of(snapshot.files.get(name="waves.csv").sha256).write_bytes(b"number\r\n")
    (said,) = faults()
    assert f"{snapshot}/waves.csv" in said
    call_command("verify_snapshots", stdout=(told := io.StringIO()))  # and made again of the facts
    assert told.getvalue() == f"{snapshot} is what the facts give.\n" and list(faults()) == []


def test_nothing_of_a_decision_is_in_it_before_its_release() -> None:
    who = told.people()
    bid = told.assessed(who, [make.make_practice("Z00001", pct=make.make_pct("5LE", sha=make.make_sha("Q36")))])
    wave = told.wave(who, 1, told.ANNOUNCED_ON)
    before = taken(told.ANNOUNCED_ON)
    told.decide(who, bid, wave)
    told.ready(who, wave)
    for file in before.files.all():
        make_again(file=file)  # raises where the bytes would be others now
    told.release(who, wave)
    after = taken(told.ANNOUNCED_ON)
    assert content(after, "waves.csv") != content(before, "waves.csv"), "the release is seen where it is told"


def test_one_is_made_of_each_night_and_each_release_one_a_round() -> None:
    Installation.declare(demonstration=True)
    with clock.story_time(datetime(2011, 4, 1, 9, tzinfo=UTC)):
        assert run_later() == [], "an empty register has no snapshot"
        small_register()
        release = Entry.objects.get(kind="release")
        assert run_later() == [f"Snapshot {ANNOUNCED}.{release.number} was made."]
        assert run_later() == []
        newest = Entry.objects.order_by("-number")[0].number
    with clock.story_time(datetime(2011, 4, 2, 0, 1, tzinfo=clock.LONDON)):
        make.make_practice("G85010")  # of today: last night's snapshot does not know of it
        assert run_later() == [f"Snapshot 2011-04-01.{newest} was made."]
        assert run_later() == [] and due.next_due() is None
    kinds = PublishedSnapshot.objects.order_by("as_of").values_list("why", "wave")
    assert list(kinds) == [("release", 1), ("night", None)]


def test_its_files_are_served_for_ever_and_the_latest_sends_on(snapshot: PublishedSnapshot, client: Client) -> None:
    where = f"/data/{snapshot}/practices.csv"
    answer = client.get(where)
    assert b"".join(answer) == content(snapshot, "practices.csv")  # type: ignore[arg-type]
    assert "immutable" in answer["Cache-Control"] and answer["Content-Type"].startswith("text/csv")
    assert client.get(where, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    for name, to in (("practices.csv", where), ("", f"/data/{snapshot}/")):
        sent = client.get(f"/data/latest/{name}")
        assert (sent.status_code, sent["Location"]) == (302, to) and "max-age=0" in sent["Cache-Control"]
    for missing in ("/data/latest/no.csv", f"/data/{snapshot}/no.csv", "/data/2011-04-15.999/practices.csv"):
        assert client.get(missing).status_code == 404
    store.path_of(snapshot.files.get(name="practices.csv").sha256).unlink()
    lost = client.get(where)
    assert lost.status_code == 503 and lost["Retry-After"] and lost["Cache-Control"] == "no-store"
    the_pages_say_what_there_is(snapshot, client)
    the_api_lists_them_and_its_tag_moves_with_them(snapshot, client)


def the_api_lists_them_and_its_tag_moves_with_them(snapshot: PublishedSnapshot, client: Client) -> None:
    listed = client.get("/api/v1/snapshots/")
    (row,) = listed.json()["results"]
    assert (row["ref"], row["entry"], row["why"]) == (snapshot.ref, snapshot.entry_id, "asked")
    taken(DAY + timedelta(days=1))
    again = client.get("/api/v1/snapshots/?ordering=-as_of", headers={"If-None-Match": listed["ETag"]})
    assert [r["ref"] for r in again.json()["results"]][1:] == [snapshot.ref]
    assert client.get("/api/v1/snapshots/", headers={"If-None-Match": listed["ETag"]}).status_code == 200
    assert client.get("/api/v1/snapshots/?why=night").json()["count"] == 0
    latest = client.get("/api/v1/snapshots/latest/").json()["result"]
    assert latest["as_of"] == f"{DAY + timedelta(days=1)}" and len(latest["files"]) == len(contents.names()) + 4
    first = latest["files"][0]
    assert first["url"].endswith(f"/data/{latest['ref']}/practices.csv") and first["rows"]
    assert client.get("/api/v1/snapshots/2011-01-01.1/").status_code == 404


def the_pages_say_what_there_is(snapshot: PublishedSnapshot, client: Client) -> None:
    page = client.get(f"/data/{snapshot}/").content.decode()
    assert snapshot.files.get(name="practices.csv").sha256 in page and f"snapshot {snapshot}" in page
    assert f'href="/data/{snapshot}/"' in client.get("/data/").content.decode()


BREAKERS = {
    "one_snapshot_a_moment": lambda s: s(ref=f"{DAY}.999"),
    "snapshot_ref_shape": lambda s: s(ref="new", as_of=ANNOUNCED),
    "snapshot_why_known": lambda s: s(ref=f"{ANNOUNCED}.9", as_of=ANNOUNCED, why="whim"),
    "snapshot_of_its_wave": lambda s: s(ref=f"{ANNOUNCED}.9", as_of=ANNOUNCED, wave=1),
    "one_file_a_name": lambda s: PublishedFile.objects.create(
        snapshot=PublishedSnapshot.objects.get(), name="waves.csv", sha256="0" * 64, size=0
    ),
    "snapshot_file_hashed": lambda s: PublishedFile.objects.create(
        snapshot=PublishedSnapshot.objects.get(), name="more.csv", sha256="short", size=0
    ),
}


def test_postgres_refuses_what_no_snapshot_is(snapshot: PublishedSnapshot) -> None:
    models = (PublishedSnapshot, PublishedFile)
    assert {c.name for model in models for c in model._meta.constraints} == set(BREAKERS)
    row = {"ref": snapshot.ref, "as_of": DAY, "entry": snapshot.entry, "why": "asked", "made_at": snapshot.made_at}
    for name, change in BREAKERS.items():
        assert broken(lambda: change(lambda **more: PublishedSnapshot.objects.create(**row | more))) == name  # noqa: B023
    for model in models:
        for statement, word in (
            ("UPDATE {} SET {pk} = {pk}", "changed"),
            ("DELETE FROM {}", "deleted"),
            ("TRUNCATE {} CASCADE", "deleted"),
        ):
            said = broken(lambda: run(statement.format(model._meta.db_table, pk=model._meta.pk.column)))  # noqa: B023
            assert f"never {word}" in said


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as after a commit
        cursor.execute(statement)
