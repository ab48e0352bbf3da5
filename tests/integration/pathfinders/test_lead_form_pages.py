"""The lead's form beyond its text: practices found by search or sent as a file, leaders, partners; what practices and
the public read of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pathfinders import actions
from pathfinders.models import BidPractice
from tests import factories as make
from tests import programme as told
from tests.desk import errors_of, signed_in, text_of
from tests.support.documents import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return told.people()


@pytest.fixture
def lead(who):
    return signed_in(who.lead)


@pytest.fixture
def southwark():
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"), name="Southwark PCT")
    return [
        make.make_practice("Z85001", pct=pct, name="ELM LODGE SURGERY", postcode="SE15 1AA", patients=20_000),
        make.make_practice("Z85002", pct=pct, name="THE OLD SURGERY", postcode="SE15 2BB"),
        make.make_practice("Z85003", pct=pct, name="ELM PARK", postcode="SE22 1AA", last_day=date(2010, 12, 31)),
        make.make_practice("Z85004", pct=pct, name="ELM PRISON", setting=25),
    ]


@pytest.fixture
def bid(who):
    bid = actions.draft_bid(by=who.lead, name="Southwark", as_at=told.FEBRUARY)
    groups = [{"name": "North"}, {"name": "South"}]
    return actions.set_consortia(by=who.lead, bid=bid, version=bid.lead_version, consortia=groups)


def home(bid):
    return f"/lead/bids/{bid.ref}/"


# Search


def found(lead, bid, text, **more):
    page = lead.get(f"{home(bid)}practices/", {"find": text, **more})
    return [hit["practice"].code for hit in page.context.get("hits", [])], page


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("elm", ["Z85001", "Z85003"]),
        ("elm lodge", ["Z85001"]),
        ("se15", ["Z85001", "Z85002"]),
        ("SE151AA", ["Z85001"]),
        ("z85002", ["Z85002"]),
        ("surgery old", ["Z85002"]),
        ("surgerry", ["Z85001", "Z85002"]),
        ("nowhere at all", []),
        ("%", []),
    ],
)
def test_practices_are_found_by_name_place_postcode_or_code(lead, bid, southwark, text, codes):
    assert sorted(found(lead, bid, text)[0]) == codes


def test_a_practice_found_is_added_by_its_button_to_the_chosen_consortium(lead, bid, southwark):
    codes, page = found(lead, bid, "elm", consortium="2")
    words = text_of(page)
    assert 'name="ready" value="Z85001"' in words, "an open one has a button"
    assert 'name="ready" value="Z85003"' not in words and "last day was 31 December 2010" in words
    sent = {"do": "add", "version": bid.lead_version, "consortium": "2", "find": "elm", "ready": "Z85001"}
    answer = lead.post(f"{home(bid)}practices/", sent)
    assert answer["Location"] == f"{home(bid)}practices/?consortium=2&find=elm"
    assert bid.practices.get().consortium.name == "South"
    assert "In this bid already, under South" in text_of(lead.get(answer["Location"]))


def test_a_search_is_of_the_bids_own_date(who, lead, southwark):
    early = actions.draft_bid(by=who.lead, name="Early", as_at=date(2010, 11, 1))
    early = actions.set_consortia(by=who.lead, bid=early, version=1, consortia=[{"name": "One"}])
    words = text_of(found(lead, early, "elm park")[1])
    assert 'name="ready" value="Z85003"' in words


# A file


def uploaded(lead, bid, text, name="practices.csv", **more):
    data = text if isinstance(text, bytes) else text.encode()
    fields = {"do": "upload", "version": bid.lead_version, "consortium": "1", "practices": "", **more}
    return lead.post(f"{home(bid)}practices/", fields | {"file": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize(
    "header", ["Practice code,Name", "NAME,practice_code", "name,ODS Code", "\ufeffCode,x", "x,GP-Practice  Code"]
)
def test_columns_are_known_by_their_names_in_any_order(lead, bid, southwark, header):
    first = header.lower().lstrip("\ufeff").split(",")[0].startswith(("practice", "code"))
    rows = [("Z85001", "Elm"), ("Z85099", "No such"), ("", "No code"), ("Z85001", "again")]
    lines = [",".join(row if first else row[::-1]) for row in rows]
    page = uploaded(lead, bid, "\r\n".join([header, *lines]))
    assert page.status_code == 200, errors_of(page)
    assert [(r["line"], r["code"]) for r in page.context["ready"]] == [(2, "Z85001")]
    assert [(r["line"], r["verdict"]) for r in page.context["wrong"]] == [(3, "unknown"), (4, "not_a_code")]
    assert [(r["line"], r["verdict"]) for r in page.context["quiet"]] == [(5, "duplicate")]
    assert "no practice code on this line" in text_of(page)
    assert "Z85001\nZ85099\nZ85001</textarea>" in page.content.decode()
    assert not bid.practices.exists(), "nothing is saved yet"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Town,Street\nx,y", "has no column named “Practice code”"),
        ("Practice code;Name\nZ85001;Elm", "parted by semicolons"),
        ("Practice code\n", "has no rows"),
        ('Practice code\n"Z85001', "Line 2 of practices.csv cannot be read"),
        (PDF, "looks like a PDF document"),
        (b"Practice code\n" + b"Z85001\n" * 200_000, "larger than 1 MB"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(lead, bid, text, sentence):
    page = uploaded(lead, bid, text)
    assert page.status_code == 422 and sentence in errors_of(page)[0]
    assert list(page.context["form"].errors) == ["file"]


def test_a_file_alone_is_checked_whichever_button_is_pressed_and_none_is_asked_for(lead, bid, southwark):
    assert uploaded(lead, bid, "Code\nZ85001", do="check").context["ready"]
    page = lead.post(f"{home(bid)}practices/", {"do": "upload", "version": bid.lead_version, "consortium": "1"})
    assert page.status_code == 422 and errors_of(page) == ["Choose a CSV file first."]


def test_the_template_is_read_back(lead, bid, southwark):
    empty = lead.get("/lead/practices-template.csv")
    assert empty["Content-Disposition"] == 'attachment; filename="practices.csv"'
    page = uploaded(lead, bid, empty.content.decode() + "Z85002,The Old Surgery\r\n")
    assert [r["code"] for r in page.context["ready"]] == ["Z85002"]


# Rows that are renamed, leaders, partners


def test_a_consortium_with_practices_is_renamed_on_the_page(who, lead, bid, southwark):
    bid = actions.set_practices(by=who.lead, bid=bid, version=bid.lead_version, consortium=1, codes=["Z85001"])
    page = lead.get(f"{home(bid)}consortia/")
    rows = page.context["rows"]
    data = {f"c-{n}-{k}": row[k].value() or "" for n, row in enumerate(rows) for k in ("row", "name", "form")}
    data |= {"version": bid.lead_version, "c-TOTAL_FORMS": 2, "c-INITIAL_FORMS": 2, "c-0-name": "Renamed"}
    assert lead.post(f"{home(bid)}consortia/", data).status_code == 302
    assert bid.practices.get().consortium.name == "Renamed"


def leader_rows(*rows):
    data = {"l-TOTAL_FORMS": len(rows), "l-INITIAL_FORMS": 0}
    return data | {f"l-{n}-{key}": value for n, row in enumerate(rows) for key, value in row.items()}


def test_leaders_are_typed_row_by_row(lead, bid):
    path = f"{home(bid)}leaders/"
    ann = {"name": "Dr Ann Ash", "post": "Chair", "could_gain": "yes", "how": "Shares."}
    page = lead.post(path, {"version": bid.lead_version, "another": "1", **leader_rows(ann)})
    assert page.status_code == 200 and "l-1-name" in text_of(page) and "Dr Ann Ash" in text_of(page)
    silent = {"name": "Dr Bo Beech"}
    page = lead.post(path, {"version": bid.lead_version, **leader_rows(ann, silent)})
    assert page.status_code == 422 and errors_of(page) == ["Say whether Dr Bo Beech or their practice could gain."]
    assert "Dr Ann Ash" in text_of(page) and not bid.leaders.exists()
    sent = leader_rows(ann, {}, silent | {"could_gain": "no"})
    assert lead.post(path, {"version": bid.lead_version, **sent}).status_code == 302
    assert list(bid.leaders.values_list("position", "name", "could_gain")) == [
        (1, "Dr Ann Ash", True),
        (2, "Dr Bo Beech", False),
    ]
    again = text_of(lead.get(path))
    assert "Dr Bo Beech" in again and again.count(" checked") == 2


def test_partners_leaders_and_warnings_are_on_the_check_page_and_the_task_list(who, lead):
    bid = told.draft(who)
    tasks = text_of(lead.get(home(bid)))
    assert tasks.count("Optional") == 2 and "To do" not in tasks
    lead.post(f"{home(bid)}partners/", {"version": bid.lead_version, "partners": "The council."})
    lead.post(
        f"{home(bid)}leaders/",
        {"version": bid.lead_version + 1, **leader_rows({"name": "Ann", "could_gain": "no"})},
    )
    assert "Optional" not in text_of(lead.get(home(bid)))
    check = text_of(lead.get(f"{home(bid)}check/"))
    assert "The council." in check and "Could not gain" in check
    assert "Worth a look" in check and "without a list size" in check and "Not ready yet" not in check


# What practices answer


def test_a_manager_answers_for_the_practice_and_lead_and_assessor_read_it(who, lead, southwark):
    bid = told.assessing(who, southwark[:2])
    manager = signed_in(told.person(practice_manager="Z85001"))
    assert "Not answered" in text_of(manager.get("/practice/"))
    path = f"/practice/bids/{bid.ref}/Z85001/"
    page = text_of(manager.get(path))
    assert "ELM LODGE SURGERY (Z85001)" in page and "Southwark Health Commissioning" in page
    for secret in ("Ash Assessor", "Being assessed"):
        assert secret not in page
    refused = manager.post(path, {"answer": "disputed", "text": ""})
    assert refused.status_code == 422 and "Say what is wrong" in errors_of(refused)[0]
    assert errors_of(manager.post(path, {})) == ["Select whether it is right"]
    assert manager.post(path, {"answer": "disputed", "text": "We voted against."})["Location"] == "/practice/"
    for client, at in ((lead, home(bid)), (signed_in(who.assessor), f"/staff/bids/{bid.ref}/")):
        words = text_of(client.get(at))
        assert "0 of 2 confirmed" in words and "1 disputed" in words and "1 has not answered" in words
        assert "We voted against." in words
    manager.post(path, {"answer": "confirmed", "text": ""})
    assert "1 of 2 confirmed" in text_of(lead.get(home(bid)))
    assert BidPractice.objects.get(practice__code="Z85001").answer == "confirmed"


def test_only_open_bids_that_name_the_managers_own_practice_are_shown(who, southwark):
    bid = told.draft(who, southwark[:2])
    mine = signed_in(told.person(practice_manager="Z85001"))
    others = signed_in(told.person(practice_manager="Z85099"))
    path = f"/practice/bids/{bid.ref}/Z85001/"
    assert mine.get(path).status_code == 404, "a draft is its lead's alone"
    bid = actions.submit_bid(by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    assert mine.get(path).status_code == 200
    assert mine.get(f"/practice/bids/{bid.ref}/Z85002/").status_code == 404
    assert others.get(path).status_code == 404 and others.post(path, {"answer": "confirmed"}).status_code == 404
    assert signed_in(who.lead).get(path).status_code == 403
    actions.withdraw_bid(by=who.lead, bid=bid, version=bid.lead_version)
    assert mine.get(path).status_code == 404


# The public's page


def test_leaders_interests_are_public_with_the_announcement_and_not_before(who, southwark):
    wave = told.wave(who)
    bid = told.draft(who, southwark[:2])
    leaders = [
        {"name": "Dr Ann Ash", "post": "Chair", "could_gain": True, "how": "Shares in scans."},
        {"name": "Dr Bo Beech", "could_gain": False},
    ]
    bid = actions.set_leaders(by=who.lead, bid=bid, version=bid.lead_version, leaders=leaders)
    bid = actions.submit_bid(by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    bid = actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=who.assessor)
    findings = {c.key: ("met", "") for c in told.criteria()}
    bid = actions.record_findings(by=who.assessor, bid=bid, version=bid.version, findings=findings)
    bid = actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation="approved")
    told.decide(who, bid, wave)
    told.release(who, wave)
    day = {"as_of": str(told.ANNOUNCED_ON)}
    page = text_of(Client().get("/pathfinders/PF0001/", day))
    assert "Leaders and their interests" in page and "Dr Ann Ash" in page and "Shares in scans." in page
    record = Client().get("/api/v1/pathfinders/PF0001/", day).json()["result"]
    assert record["leaders"] == [{"leader": 1, "could_gain": True}, {"leader": 2, "could_gain": False}]
    before = Client().get("/pathfinders/PF0001/", {"as_of": "2011-03-01"})
    assert "Dr Ann Ash" not in text_of(before)

    staff = signed_in(who.admin)
    erase = f"/staff/bids/{bid.ref}/leaders/1/erase/"
    assert erase.removeprefix(f"/staff/bids/{bid.ref}/") in text_of(staff.get(f"/staff/bids/{bid.ref}/"))
    assert "Dr Ann Ash" in text_of(staff.get(erase))
    assert staff.post(erase, {"reason": "She asked."}).status_code == 302
    page = text_of(Client().get("/pathfinders/PF0001/", day))
    assert "Name erased" in page and "Ash" not in page and "scans" not in page and "Dr Bo Beech" in page
    assert signed_in(who.assessor).get(erase).status_code == 403


def test_queries_do_not_grow_with_what_a_search_or_a_bid_holds(who, lead, django_assert_max_num_queries):
    for n in range(30):
        make.make_practice(f"Z860{n:02}", name=f"ELM NUMBER {n}")
    bid = told.draft(who)
    with django_assert_max_num_queries(36):
        page = lead.get(f"{home(bid)}practices/", {"find": "elm"})
    assert len(page.context["hits"]) == 20 and "or more found" in text_of(page)
