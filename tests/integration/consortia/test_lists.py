"""Lists of practices that a lead sends: a dry run, the writing, all or none, and the undoing."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from consortia.actions.claiming import check_claims, claim
from consortia.actions.closing import close_practice
from consortia.actions.listed_work import do_lists
from consortia.actions.lists import PASTED
from consortia.actions.undoing import undo_change, undoable
from consortia.actions.uploading import commit_list, send_list, undo_list
from consortia.membership_file import Claim
from consortia.models import ConsortiumParticulars, Membership, MembershipUpload
from practices.models import Practice, PracticeParticulars, PracticeStatus
from registry import clock
from registry.errors import Refused
from registry.files.keeping import path_of
from registry.models import Entry, EntryKind, User
from registry.moment import Moment
from tests import factories as make
from tests.desk import day, signed_in, text_of
from tests.programme import person
from tests.support import databases

APRIL = date(2011, 4, 1)
FORMULA = '=HYPERLINK("http://example.org/","A81001")'
THIRTY_EIGHT = [f"Z2{n:04d}" for n in range(38)]


@pytest.fixture(scope="module")
def register(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A lead with a consortium, another one, and a practice of each kind; committed, once for the module."""
    with django_db_blocker.unblock(), databases.clone():
        yield made()


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, settings: Any) -> None:
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"


def made() -> dict[str, Any]:
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
    ours = make.make_consortium("GC0001", name="Red House Group", start=date(2010, 10, 1))
    other = make.make_consortium("GC0002", name="Blue House Group", start=date(2010, 10, 1))
    for n, code in enumerate(THIRTY_EIGHT):
        make.make_practice(code, pct=pct, patients=1000 + n)
    make.make_practice("Z10001", last_day=date(2010, 12, 31))
    make.make_practice("Z10002", opened=date(2012, 1, 1))
    make.make_practice("Z10003", setting=1)
    make.make_practice("Z10004", status="D", pct=make.make_pct("5LF", sha=make.make_sha("Q37")))
    make.make_membership(make.make_practice("Z10005"), other, date(2011, 2, 1))
    make.make_membership(make.make_practice("Z10006", pct=pct, patients=500), ours, date(2011, 1, 1))
    later = make.make_practice("Z10007")
    make.make_membership(later, other, date(2012, 4, 1))
    return {
        "ours": ours,
        "other": other,
        "lead": person(consortium_lead="GC0001", name="Lee Lead"),
        "rival": person(consortium_lead="GC0002", name="Ray Rival"),
        "admin": person("programme_admin", name="Addi Admin"),
    }


@pytest.fixture
def told(register: dict[str, Any], django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """The register; a test's own entries are on practices of its own."""
    with django_db_blocker.unblock():
        yield register


def open_practices(entry: Any, codes: list[str]) -> None:
    practices = Practice.objects.bulk_create([Practice(code=code) for code in codes])
    for model in (PracticeParticulars, PracticeStatus):
        entry.new(model, [(p.pk,) for p in practices])
    for practice in practices:
        values = (f"SURGERY {practice.code}", "1 High Street", "ZZ1 1ZZ", "", 4)
        entry.set(PracticeParticulars, (practice.pk,), make.LONG_AGO, None, values)
        entry.set(PracticeStatus, (practice.pk,), make.LONG_AGO, None, ("A",))


def send(told: dict[str, Any], text: str, name: str = PASTED, **more: Any) -> MembershipUpload:
    given = {"on": APRIL, "reason": "joined"} | more
    return send_list(by=told["lead"], consortium=told["ours"], name=name, data=text.encode(), **given)


def held(code: str, on: date = APRIL) -> tuple[str, str, str] | None:
    rows = Membership.objects.visible_to(None).at(Moment.of(on)).filter(practice__code=code)
    return rows.values_list("consortium__ref", "status", "reason").first()


ROWS = {
    "Z20000": ("ok", ""),
    "Z10001": ("closed", "its last day was 31 December 2010. Give a day before it closed"),
    "Z10002": ("not_open", "it opened on 1 January 2012. Give a day from then on"),
    "Z10003": ("setting", "not a GP practice but a walk-in centre"),
    "Z10004": ("dormant", "It may be a member, but counts nobody without a list"),
    "Z10005": ("claimed_elsewhere", "belongs to Blue House Group (GC0002) since 1 February 2011, recorded on "),
    "Z10006": ("already", "a member since 1 January 2011"),
    "Z10007": ("ok", "Until 31 March 2012: then it is of Blue House Group (GC0002)"),
    "W00001": ("wales", "a Welsh practice"),
    "JER001": ("channel_islands", "Jersey"),
    "Z2000O": ("not_a_code", "a letter and five digits"),
    "Z90000": ("unknown", "Check the code. Did you mean Z20000, SURGERY Z20000?"),
    "=SUM(A)": ("not_a_code", "does not have the shape"),
    "Z20001/": ("not_a_code", "a letter and five digits, as A81001. Correct it or leave it out. Did you mean Z20001"),
}


def test_every_row_has_its_verdict(told):
    text = "\n".join(c for c in ROWS if c != "Z20000") + "\nZ20002\nz20002"
    verdicts = check_claims(by=told["lead"], consortium=told["ours"], rows=text, on=APRIL)
    rows = {r["code"]: r for r in reversed(verdicts.rows)}
    for code, (verdict, said) in ROWS.items():
        if code != "Z20000":
            assert (rows[code]["verdict"], said in rows[code]["message"]) == (verdict, True), rows[code]
    assert verdicts.rows[-1]["verdict"] == "duplicate" and "on line 14" in verdicts.rows[-1]["message"]
    assert [len(verdicts.ready), len(verdicts.wrong), len(verdicts.quiet)] == [3, 10, 2]
    assert (verdicts.before.practices, verdicts.before.people) == (1, 500)
    assert (verdicts.after.practices, verdicts.after.people, verdicts.after.no_list) == (4, 1502, 2)
    assert verdicts.warnings == [
        "Its practices would be of 2 PCTs: 5LE (2), 5LF (1).",
        "Its practices would be of 2 SHAs: Q36, Q37.",
    ]


def test_a_row_of_a_file_has_a_day_and_a_reason_of_its_own(told):
    rows = [
        Claim(2, "Z20000", "1/3/2011", "Founding"),
        Claim(3, "Z20001", "2011-02-30"),
        Claim(4, "Z20002", "", "bored"),
        Claim(5, "Z20003", "2010-01-01"),
    ]
    found = check_claims(by=told["lead"], consortium=told["ours"], rows=rows, on=APRIL).rows
    assert [(r["verdict"], r["column"], r["value"]) for r in found[1:]] == [
        ("bad_date", "from", "2011-02-30"),
        ("bad_reason", "reason", "bored"),
        ("outside_life", "from", "2010-01-01"),
    ]
    assert (found[0]["verdict"], found[0]["on"], found[0]["reason"]) == ("ok", "2011-03-01", "founding")


def test_a_dry_run_asks_as_much_of_many_as_of_few(told):
    def asks(codes: list[str]) -> int:
        with CaptureQueriesContext(connection) as queries:
            check_claims(by=told["lead"], consortium=told["ours"], rows="\n".join(codes), on=APRIL)
        return len(queries)

    asks(THIRTY_EIGHT[:1])  # a person's roles, and whether this is a demonstration, are asked once and remembered
    assert asks(THIRTY_EIGHT[:4]) == asks(THIRTY_EIGHT) <= 30


def test_claiming_is_all_or_none(told):
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        claim(by=told["lead"], consortium=told["ours"], practices=["Z20000", "Z10003"], on=APRIL, why="All agree")
    assert (refused.value.status, refused.value.code) == (422, "claims_refused") and len(refused.value.detail) == 2
    with pytest.raises(Refused, match="belongs to Blue House Group .* since 1 February 2011, recorded on") as refused:
        claim(by=told["lead"], consortium=told["ours"], practices=["Z20000", "Z10005"], on=APRIL, why="All agree")
    assert (refused.value.status, refused.value.code) == (409, "claimed_elsewhere")
    with pytest.raises(Refused, match="not your consortium"):
        claim(by=told["rival"], consortium=told["ours"], practices=["Z20000"], on=APRIL, why="Mine")
    assert Entry.objects.count() == before


def test_a_claim_of_the_past_of_today_and_to_come(told):
    today = clock.today()
    days = {"Z20030": (APRIL, "late"), "Z20031": (today, "event"), "Z20032": (today + timedelta(30), "event")}
    for code, (on, kind) in days.items():
        entry = claim(by=told["lead"], consortium=told["ours"], practices=[code], on=on, why="It joined")
        assert (entry.kind, entry.changes, held(code, on)) == (kind, 1, ("GC0001", "claimed", "joined"))
        assert held(code, on - timedelta(1)) is None


def test_the_journey_of_forty_codes_on_the_pages(told):
    """Paste, dry run, commit, undo; in under two seconds to the answer, without JavaScript."""
    client = signed_in(told["lead"])
    codes = [*THIRTY_EIGHT[2:28], "Z10003", FORMULA.replace(" ", "")]
    sent = {"practices": "\n".join(codes), "reason": "founding"} | day("on", "1 4 2011")
    client.get("/lead/consortia/GC0001/members/add/")  # what is read once in the life of a process
    began = time.monotonic()
    page = client.post("/lead/consortia/GC0001/members/add/", sent, follow=True)
    seconds = time.monotonic() - began
    href, words = page.redirect_chain[-1][0], text_of(page)
    assert "26 ready, " in words and "Add the 26 that are ready" in words
    assert seconds < 2
    assert "&lt;script" not in words and "=HYPERLINK" in words
    told_rows = list(csv.reader(io.StringIO(client.get(f"{href}answer.csv").content.decode("utf-8-sig"))))
    assert told_rows[0][:4] == ["line", "practice_code", "name", "verdict"] and len(told_rows) >= 29
    assert [r[1][:2] for r in told_rows if "HYPERLINK" in r[1]] == ["'="]

    assert client.post(href, {"do": "commit", "ready": 25}).status_code == 412
    assert held("Z20002") is None
    words = text_of(client.post(href, {"do": "commit", "ready": 26}, follow=True))
    assert "26 written, " in words and "Undo the whole list" in words
    upload = MembershipUpload.objects.get(pk=href.rstrip("/").rpartition("/")[2])
    entry, answer = upload.entry, upload.answer
    assert answer["after"]["practices"] - answer["before"]["practices"] == 26
    assert answer["after"]["people"] - answer["before"]["people"] == sum(range(1_002, 1_028))
    assert f"and {answer['before']['people']:,} people before, {answer['after']['practices']} practices and" in words
    assert (entry.action, entry.kind, entry.changes) == ("claim", EntryKind.LATE, 26)
    assert held("Z20002") == ("GC0001", "claimed", "founding")
    assert undoable(by=told["lead"], entries=[entry]) == set()
    with pytest.raises(Refused, match="Undo the whole list on the list’s own page"):
        undo_change(by=told["lead"], entry=entry)
    assert path_of(upload.sha256).read_bytes().decode() == "\n".join(codes)
    refused = client.post(href, {"do": "commit", "ready": 26})
    assert refused.status_code == 409 and "this one is written" in text_of(refused)

    assert client.post(href, {"do": "undo", "why": ""}).status_code == 422
    words = text_of(client.post(href, {"do": "undo", "why": "The wrong list"}, follow=True))
    assert "26 written, then undone" in words and held("Z20002") is None
    upload.refresh_from_db()
    assert (upload.state, upload.undone_by.kind, upload.undone_by.changes) == ("undone", "correction", 26)
    assert "wrong list" not in text_of(signed_in(told["lead"]).get("/lead/consortia/GC0001/uploads/"))


def test_nobody_else_is_given_a_list(told):
    upload = send(told, "Z20000")
    own = f"/lead/consortia/GC0001/uploads/{upload.pk}/"
    assert signed_in(told["lead"]).get(own).status_code == 200
    for who, href, status in (
        (told["rival"], own, 404),
        (told["rival"], f"{own}answer.csv", 404),
        (told["rival"], "/lead/consortia/GC0001/members/add/", 404),
        (told["rival"], f"/lead/consortia/GC0002/uploads/{upload.pk}/", 404),
        (told["lead"], "/staff/memberships/", 403),
        (told["admin"], f"/staff/memberships/{upload.pk}/", 404),
    ):
        assert signed_in(who).get(href).status_code == status, href
    assert Client().get(own).status_code == 302


def test_what_is_no_list_is_refused_on_the_form_and_not_kept(told, settings):
    before = MembershipUpload.objects.count()
    client = signed_in(told["lead"])
    sent = {"reason": "joined"} | day("on", "1 4 2011")
    for file, said in (
        (("x.xlsx", b"PK\x03\x04 no"), "no workbook"),
        (("x.csv", b"Name\r\nA surgery\r\n"), "no column named “Practice code”"),
        (("x.csv", b"Code\r\n"), "has no rows"),
    ):
        content = io.BytesIO(file[1])
        content.name = file[0]
        page = client.post("/lead/consortia/GC0001/members/add/", sent | {"file": content})
        assert (page.status_code, said in text_of(page)) == (422, True), text_of(page)[-3000:]
    page = client.post("/lead/consortia/GC0001/members/add/", sent)
    assert page.status_code == 422 and "Paste the practices’ codes, or choose a file" in text_of(page)
    assert MembershipUpload.objects.count() == before and not Path(settings.ATTACHMENTS_DIR).exists()


def test_templates_are_what_is_read(told):
    client = signed_in(told["lead"])
    csv_file = client.get("/lead/consortia/template.csv").content.decode("utf-8-sig")
    [row] = load_workbook(io.BytesIO(client.get("/lead/consortia/template.xlsx").content)).active.values
    assert csv_file == ",".join(row) + "\r\n"
    upload = send(told, csv_file + "Z20000,A surgery,1/4/2011,founding\r\n", "template.csv")
    assert upload.answer["counts"] == {"ready": 1, "wrong": 0, "quiet": 0}
    assert upload.answer["warnings"][0].startswith("columns that are not known were left aside")


def test_a_row_that_is_ready_no_more_stops_the_whole_list(told):
    upload = send(told, "Z20033 Z20034")
    claim(by=told["rival"], consortium=told["other"], practices=["Z20034"], on=APRIL, why="Theirs")
    with pytest.raises(Refused, match=r"Z20034 belongs to Blue House Group \(GC0002\) since 1 April 2011") as refused:
        commit_list(by=told["lead"], upload=upload, ready=2)
    upload.refresh_from_db()
    assert refused.value.status == 409 and upload.state == "checked" and held("Z20033") is None
    assert upload.answer["counts"]["ready"] == 1 and "Z20034" in upload.answer["problem"]


def test_what_something_was_built_on_is_not_undone(told):
    upload = commit_list(by=told["lead"], upload=send(told, "Z20035 Z20036"), ready=2)
    closed = Practice.objects.get(code="Z20036")
    close_practice(by=told["admin"], practice=closed, last_day=date(2012, 1, 1), reason="Told late")
    with pytest.raises(Refused, match="has changed the same since"):
        undo_list(by=told["lead"], upload=upload, why="Wrong")
    upload.refresh_from_db()
    assert upload.state == "committed" and held("Z20035")


def test_undoing_never_restores_what_can_no_longer_be_true(told):
    """A move by staff's file; then the consortium that was left ends; then the file is undone."""
    practice = make.make_practice("Z30001")
    old = make.make_consortium("GC0900", name="Old House")
    make.make_membership(practice, old)
    text = b"practice,consortium,from\r\nZ30001,GC0002,2011-04-01\r\n"
    upload = send_list(by=told["admin"], consortium=None, name="a.csv", data=text)
    upload = commit_list(by=told["admin"], upload=upload, ready=1)
    with make.writing() as entry:
        entry.cap(ConsortiumParticulars, (old.pk,), date(2011, 6, 1))
    with pytest.raises(Refused, match="Z30001 would belong to GC0900 beyond 31 May 2011"):
        undo_list(by=told["admin"], upload=upload, why="Wrong")


def test_a_file_that_was_undone_can_be_loaded_again(told):
    make.make_practice("Z30002")
    text = b"practice,consortium,from\r\nZ30002,New House,2011-04-01\r\n"

    def loaded() -> MembershipUpload:
        upload = send_list(by=told["admin"], consortium=None, name="b.csv", data=text, create=True)
        return commit_list(by=told["admin"], upload=upload, ready=1)

    first = loaded()
    again = send_list(by=told["admin"], consortium=None, name="b.csv", data=text, create=True)
    assert again.answer["same_as"] == first.entry_id and again.answer["counts"]["ready"] == 0
    undo_list(by=told["admin"], upload=first, why="The wrong file")
    assert held("Z30002") is None
    assert loaded().state == "committed" and held("Z30002")


def test_a_consortium_that_others_joined_since_is_not_taken_back(told):
    make.make_practice("Z30003")
    text = b"practice,consortium,from\r\nZ30003,Newest House,2011-04-01\r\n"
    upload = send_list(by=told["admin"], consortium=None, name="c.csv", data=text, create=True)
    upload = commit_list(by=told["admin"], upload=upload, ready=1)
    consortium = Membership.objects.current().get(practice__code="Z30003").consortium
    make.make_membership(make.make_practice("Z30004"), consortium, date(2011, 5, 1))
    with pytest.raises(Refused, match="recorded something of a consortium that the list registered"):
        undo_list(by=told["admin"], upload=upload, why="Wrong")


def test_two_leads_who_claim_one_practice_at_the_same_instant(told, request):
    """What it must show 3: one holds, the other is told by whom and since when."""
    rounds = 1_000 if request.config.getoption("--long") else 20
    codes = [f"Z4{n:04d}" for n in range(rounds)]
    with make.writing() as entry:
        open_practices(entry, codes)
    start = Barrier(2)

    def claims(who: User, consortium: Any) -> list[Refused | Entry]:
        found: list[Refused | Entry] = []
        try:
            for code in codes:
                start.wait(timeout=30)
                try:
                    found.append(claim(by=who, consortium=consortium, practices=[code], on=APRIL, why="Ours"))
                except Refused as refused:
                    found.append(refused)
        finally:
            connection.close()
        return found

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(claims, told[w], told[c]) for w, c in (("lead", "ours"), ("rival", "other"))]
        ours, theirs = (run.result() for run in runs)
    today = f"{clock.today().day} {clock.today():%B %Y}"
    for code, mine, yours in zip(codes, ours, theirs, strict=True):
        won, [lost] = held(code), [r for r in (mine, yours) if isinstance(r, Refused)]
        name = {"GC0001": "Red House Group (GC0001)", "GC0002": "Blue House Group (GC0002)"}[won[0]]
        assert (won[0] == "GC0001") == isinstance(mine, Entry)
        assert (lost.status, lost.code) == (409, "claimed_elsewhere")
        assert f"{code} belongs to {name} since 1 April 2011, recorded on {today}" in lost.message
    assert {type(r) for r in ours + theirs} == {Entry, Refused}


FAULTS = [
    # the row (practice, consortium, from, to, status, reason), the column, the value, what to do
    (("Z9{n}", "GC0001", "2011-04-01"), "practice", "Z9{n}", "check it, or load the practices first"),
    (
        ("W0{n}", "GC0001", "2011-04-01"),
        "practice",
        "W0{n}",
        "Welsh practice; the register is of England; correct it or leave",
    ),
    (("JER{n:.3}", "GC0001", "2011-04-01"), "practice", "JER{n:.3}", "a practice of Jersey"),
    (
        (FORMULA, "GC0001", "2011-04-01"),
        "practice",
        FORMULA.upper(),
        "a letter and five digits, as A81001; correct it",
    ),
    (("", "GC0001", "2011-04-01"), "practice", "", "there is no practice; fill it in"),
    (("B1{n}", "GC0001", "2011-04-01"), "practice", "B1{n}", "Give a day before it closed"),
    (("B2{n}", "GC0001", "2011-04-01"), "practice", "B2{n}", "Check the code"),
    (("B3{n}", "Nobody {n}", "2011-04-01"), "consortium", "Nobody {n}", "register it first"),
    (("Z20001", "GC0001", "201{y}-02-30"), "from", "201{y}-02-30", "write it as 2011-04-01"),
    (("Z20002", "GC0001", "2011-04-01", "2010-0{y}-01"), "to", "2010-0{y}-01", "correct one of them"),
    (("Z20003", "GC0001", "2011-04-01", "", "sure{n}"), "status", "sure{n}", "it is one of claimed"),
    (("Z20004", "GC0001", "2011-04-01", "", "", "bored{n}"), "reason", "bored{n}", "it is one of"),
    (("B4{n}", "GC0001", "2009-04-01"), "consortium", "GC0001", "Give a day within its life"),
    (("Z20006", "GC0001", "2010-10-02"), "from", "2010-10-02", "correct one of the two"),
]


def test_five_hundred_faults_among_ten_thousand_rows_are_all_told(told):
    """What it must show 4: line, column, value and what to do for each; nothing written; no formula goes out."""
    good = [f"A{n:05d}" for n in range(9_499)]
    with make.writing() as entry:
        open_practices(entry, good)
        for mark in "1234":
            open_practices(
                entry, [f"B{mark}{k:04d}" for k in range(500) if FAULTS[k % len(FAULTS)][0][0][:2] == f"B{mark}"]
            )
        for practice in Practice.objects.filter(code__startswith="B1"):
            entry.set(PracticeStatus, (practice.pk,), date(2010, 1, 1), None, ("C",))
        for practice in Practice.objects.filter(code__startswith="B2"):
            entry.set(PracticeParticulars, (practice.pk,), make.LONG_AGO, None, ("CLINIC", "1 Road", "ZZ1", "", 1))
    rows: list[Any] = [(code, "GC0001", "2011-04-01") for code in good]
    rows.insert(0, ("Z20006", "GC0001", "2010-10-02"))  # what the rows of the last kind repeat
    wanted: dict[int, tuple[str, str, str]] = {}
    for k in range(500):
        row, column, value, todo = FAULTS[k % len(FAULTS)]
        told_of = {"n": f"{k:04d}", "y": 1 + k % 2}
        rows.insert(1 + k * 17, tuple(cell.format(**told_of) if cell != FORMULA else cell for cell in row))
        wanted[k] = (column, value if value == FORMULA.upper() else value.format(**told_of), todo)
    data = workbook([("Practice", "Consortium", "From", "To", "Status", "Reason"), *rows])
    entries = Entry.objects.count()
    upload = send_list(by=told["admin"], consortium=None, name="many.xlsx", data=data)
    assert (upload.state, upload.total) == ("waiting", 10_000)
    assert do_lists() == ["The list many.xlsx was checked: 10,000 rows."]
    upload.refresh_from_db()
    assert upload.answer["counts"] | {"new": 0} == {"ready": 9_500, "wrong": 500, "quiet": 0, "new": 0, "changed": 0}
    faults = {r["line"]: r for r in upload.answer["rows"] if r["verdict"] == "refused"}
    for k, (column, value, todo) in wanted.items():
        fault = faults[1 + k * 17 + 2]
        assert (fault["column"], fault["value"], todo in fault["message"]) == (column, value, True), (k, fault)
    with pytest.raises(Refused, match="500 rows cannot be written"):
        commit_list(by=told["admin"], upload=upload, ready=9_500)
    assert Entry.objects.count() == entries and held("A00000") is None
    client = signed_in(told["admin"])
    page = text_of(client.get(f"/staff/memberships/{upload.pk}/"))
    assert "9,500 ready, 500 need you" in page and "Add the other 9,500, without the 500" in page
    out = list(csv.reader(io.StringIO(client.get(f"/staff/memberships/{upload.pk}/answer.csv").content.decode())))
    cells = [cell for line in out for cell in line]
    assert len(out) == 10_001 and not [c for c in cells if c.startswith(("=", "+", "-", "@"))]
    assert sum(c.startswith("'=HYPERLINK") for c in cells) == 2 * sum(
        FAULTS[k % len(FAULTS)][0][0] == FORMULA for k in range(500)
    )


def workbook(rows: list[Any]) -> bytes:
    """As Excel saves it: what begins with "=" is a formula there."""
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_list_that_nobody_was_left_to_write_is_taken_up_again(told, monkeypatch):
    """A long list: checked in the background with progress; a worker dies over it; another takes it up."""
    from consortia.actions import listed_work, lists

    monkeypatch.setattr(lists, "LONG", 1)
    make.make_practice("Z50001"), make.make_practice("Z50002")
    text = b"practice,consortium,from\r\nZ50001,GC0002,2011-04-01\r\nZ50002,GC0002,2011-04-01\r\n"
    upload = send_list(by=told["admin"], consortium=None, name="long.csv", data=text)
    href = f"/staff/memberships/{upload.pk}/"
    page = signed_in(told["admin"]).get(href)
    assert upload.state == "waiting" and page["Refresh"] == "5" and "0 of 2 rows so far" in text_of(page)

    class Died(BaseException):
        """The process is gone."""

    def dies(*args: Any, **kwargs: Any) -> None:
        raise Died

    with monkeypatch.context() as broken:
        broken.setattr(listed_work, "checked", dies)
        with pytest.raises(Died):
            do_lists()
    upload.refresh_from_db()
    assert upload.state == "checking"
    assert do_lists() == ["The list long.csv was checked: 2 rows."]
    upload.refresh_from_db()
    assert (upload.state, upload.answer["counts"]["ready"]) == ("checked", 2)
    assert commit_list(by=told["admin"], upload=upload, ready=2).state == "committing"
    entries = Entry.objects.count()
    with monkeypatch.context() as broken:
        broken.setattr("consortia.actions.uploading.moved", dies)  # after the facts, before the list's own state
        with pytest.raises(Died):
            do_lists()
    upload.refresh_from_db()
    assert (upload.state, Entry.objects.count(), held("Z50001")) == ("committing", entries, None)
    assert "was written as entry" in do_lists()[0] and held("Z50002") == ("GC0002", "claimed", "imported")
    assert do_lists() == [] and "Refresh" not in signed_in(told["admin"]).get(href)


def waiting(told: dict[str, Any], monkeypatch: Any, *codes: str) -> list[MembershipUpload]:
    """Long lists of the lead's, each of one practice, that wait to be written."""
    from consortia.actions import lists

    monkeypatch.setattr(lists, "LONG", 0)
    for code in codes:
        make.make_practice(code)
    sent = [send(told, f"practice code\r\n{code}\r\n", name=f"{code}.csv") for code in codes]
    do_lists()
    return [commit_list(by=told["lead"], upload=row, ready=1) for row in sent]


def test_a_list_whose_sender_has_left_the_post_is_not_written(told, monkeypatch):
    [upload] = waiting(told, monkeypatch, "Z50011")
    upload.options = upload.options | {"by": told["rival"].ref}  # who keeps another consortium
    upload.save()
    [said] = do_lists()
    assert "was not written: GC0001 is not your consortium" in said and held("Z50011") is None
    upload.refresh_from_db()
    assert upload.state == "checked" and "not your consortium" in upload.answer["problem"]


def test_a_list_that_cannot_be_written_keeps_no_later_one_waiting(told, monkeypatch):
    from consortia.actions import listed_work

    lost, odd, fine = waiting(told, monkeypatch, "Z50012", "Z50013", "Z50014")
    path_of(lost.sha256).unlink()
    write = listed_work.write_list

    def fails(*, upload: MembershipUpload, **more: Any) -> Any:
        if upload.pk == odd.pk:
            raise KeyError("nobody foresaw this")
        return write(upload=upload, **more)

    with monkeypatch.context() as broken:
        broken.setattr(listed_work, "write_list", fails)
        with pytest.raises(KeyError):
            do_lists()
    for row in (lost, odd, fine):
        row.refresh_from_db()
    assert [lost.state, odd.state, fine.state] == ["checked", "committing", "committed"]
    assert "cannot be read any more" in lost.answer["problem"] and held("Z50014")
    do_lists()  # leaves nothing behind for other tests


def test_a_reference_that_nobody_has_is_no_name_of_a_new_consortium(told):
    text = b"practice,consortium,from\r\nZ20000,gc9999,2011-04-01\r\n"
    upload = send_list(by=told["admin"], consortium=None, name="refs.csv", data=text, create=True)
    [row] = upload.answer["rows"]
    assert (row["verdict"], row["column"]) == ("refused", "consortium") and "of this reference" in row["message"]
