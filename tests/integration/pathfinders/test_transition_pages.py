"""The pages and the API of a trust's hand-over: what everybody reads, and what its lead and programme staff record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from practices.models import ParentBody
from registry.models import Entry, User
from tests import factories as make
from tests import programme as told
from tests.desk import day, errors_of, signed_in, text_of
from transitions.actions import Source, plan_stage, set_stage
from transitions.actions.trust import newest_entry
from transitions.models import BudgetLine, Evidence, EvidenceParticulars, PlannedStage, TransitionStage, TransitionWord

AUGUST, FEBRUARY, MAY = date(2010, 8, 1), date(2011, 2, 1), date(2011, 5, 1)
PRESS = Source("press", "GPs <get> keys", "Pulse", date(2010, 8, 3), url="https://example.org/1")
LATER = Source("press", "GPs <still> talk", "Pulse", date(2011, 3, 2))
PAPER = Source("document", "Board paper", "Aa PCT", words="spring 2011")


@dataclass
class Ground:
    pct: ParentBody
    silent: ParentBody
    lead: User
    admin: User


def build_world() -> Ground:
    sha = make.make_sha("Q31", "North West")
    ground = Ground(
        make.make_pct("5XA", sha=sha, name="Aa PCT", last_day=None),
        make.make_pct("5XB", sha=sha, name="Bb PCT", last_day=None),
        told.person(pct_lead="5XA"),
        told.person("programme_admin"),
    )
    make.make_practice("Z70001", pct=ground.pct)
    keep = {"by": ground.lead, "pct": ground.pct}
    set_stage(**keep, stage="in_talks", on=AUGUST, source=PRESS)
    set_stage(**keep, stage="shadow_form", on=FEBRUARY, source=PAPER, note="all but <one>")
    set_stage(**keep, stage="in_talks", on=date(2011, 3, 1), source=LATER, why="The paper asked its GPs.")
    plan = {**keep, "stage": "near_total_delegation", "source": PRESS}
    plan_stage(**plan, day=date(2011, 3, 31), known_from=AUGUST)
    plan_stage(**plan, day=date(2011, 4, 30), known_from=FEBRUARY, why="The Bill was paused.")
    return ground


def page(path: str, user: User | None = None, status: int = 200) -> str:
    response = (signed_in(user) if user else Client()).get(path)
    assert response.status_code == status, path
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(response)))


def test_a_trusts_page_tells_the_stage_what_is_also_said_and_the_plan(in_world):
    with CaptureQueriesContext(connection) as asked:
        words = page("/pcts/5XA/?as_of=2011-05-01")
    assert len(asked) <= 12
    for said in (
        "Shadow form , since 1 February 2011 all but &lt;one&gt;",
        "Board paper (Document of the body itself, “spring 2011”)",
        "In talks, says GPs &lt;still&gt; talk (Press report, 2 March 2011)",
        "Near-total delegation from 30 April 2011; moved later once; first planned for 31 March 2011",
        "Why: The Bill was paused.",
        "Behind its plan",
        "was accountable for all of its commissioning",
        "North West (Q31)",
    ):
        assert said in words
    beside = words[words.index("Also said") : words.index("Planned")]
    assert "&lt;get&gt; keys" not in beside, "what was said before is overtaken, and stands in the history"
    assert words.count("Planned stage") == 3, "two versions, and the first as it was known until the second"
    assert "Behind its plan" not in page("/pcts/5XA/?as_of=2011-04-30")


def test_a_silent_trust_is_not_known_and_not_a_no(in_world):
    assert "Not known : nothing in this register says how far it had gone. That is not a “no”." in page("/pcts/5XB/")
    row = Client().get("/api/v1/transitions/5xb/").json()["result"]
    names = ("stage", "begun", "behind", "planned", "evidence", "since")
    assert {name: row[name] for name in names} == dict.fromkeys(names)


def test_a_source_tells_all_that_rests_on_it(in_world):
    words = page("/transitions/evidence/ev0001/")
    for said in ("Press report (rank 4 of 4", "5XA", "In talks", "Near-total delegation", "1 August 2010"):
        assert said in words
    assert "EV0001" in page("/transitions/evidence/?kind=press")
    assert "EV0001" not in page("/transitions/evidence/?kind=document")
    assert "There is" not in page("/transitions/evidence/EV9999/", status=404)


def test_the_api_answers_at_both_dates_and_says_who_is_accountable(in_world):
    client = Client()
    answer = client.get("/api/v1/transitions/5XA/?as_of=2011-05-01").json()
    assert answer["accountable"]["body"] == "primary care trust"
    row = answer["result"]
    assert (row["stage"], row["since"], row["behind"]) == ("shadow_form", "2011-02-01", True)
    assert (row["planned"]["slipped"], row["planned"]["first_day"]) == (1, "2011-03-31")
    assert [said["stage"] for said in row["also_said"]] == ["in_talks"]
    assert "transition" in client.get("/api/v1/pcts/5XA/").json()["links"]
    first = Entry.objects.get(number=TransitionStage.objects.earliest("pk").opened_by_id)
    before = client.get("/api/v1/transitions/5XA/", {"as_of": "2011-05-01", "known_at": first.at.isoformat()}).json()
    assert (before["result"]["stage"], before["result"]["planned"]) == ("in_talks", None)
    listed = client.get("/api/v1/transitions/?stage=unknown").json()
    assert ([r["code"] for r in listed["results"]], "words" in listed["accountable"]) == (["5XB"], True)
    spells = client.get("/api/v1/transitions/?history=1&pct=5XA&ordering=effective_from").json()["results"]
    said = [(s["stage"], s["evidence"]["ref"]) for s in spells]
    assert said == [("in_talks", "EV0001"), ("shadow_form", "EV0002"), ("in_talks", "EV0003")]
    after = client.get("/api/v1/transitions/?as_of=2013-04-01").json()
    assert "clinical commissioning group" in after["accountable"]["body"]


FILES = {"csv": "text/csv", "ndjson": "application/x-ndjson", "xlsx": "application/vnd.", "zip": "application/zip"}


@pytest.mark.parametrize(
    "resource", ["transitions", "budgets", "local-bodies", "surveys", "clusters", "evidence", "crosswalk"]
)
def test_a_file_says_who_is_accountable(in_world, resource):
    for as_of, words in (
        ("2011-05-01", "On 1 May 2011 each primary care trust (PCT)"),
        ("2013-04-01", "From 1 April 2013"),
    ):
        path = f"/api/v1/{resource}/?as_of={as_of}"
        for form in (*FILES, *FILES):
            answer = Client().get(f"{path}&format={form}")
            assert answer.headers["Content-Type"].startswith(FILES[form]), form
            assert answer.status_code == 200 and answer.headers["X-Accountable"].startswith(words), form
        assert Client().get(f"/transitions/map.csv?as_of={as_of}").headers["X-Accountable"].startswith(words)
        with ZipFile(BytesIO(b"".join(Client().get(f"{path}&format=zip")))) as archive:
            assert f"Accountable: {words}" in archive.read("README.txt").decode()
        book = load_workbook(BytesIO(b"".join(Client().get(f"{path}&format=xlsx"))))
        assert dict(book["about"].iter_rows(min_row=2, values_only=True))["Accountable"].startswith(words)
    assert "X-Accountable" not in Client().get("/api/v1/practices/?format=csv").headers
    assert "X-Accountable" not in Client().get(f"/api/v1/{resource}/?format=csv&none=1").headers


@pytest.mark.parametrize(
    "path",
    [
        *(
            f"transitions/{name}"
            for name in ("crosswalk", "milestones", "surveys", "local-bodies", "clusters", "evidence")
        ),
        "transitions/evidence/EV0001",
        "transitions/crosswalk/carry",
    ],
)
def test_every_page_of_the_hand_over_says_who_is_accountable(in_world, path):
    told = page(f"/{path}/?as_of=2011-05-01")
    assert told.count("On 1 May 2011 each primary care trust (PCT) was accountable") == 1


def stage_form(ground: Ground, **changes: Any) -> dict[str, Any]:
    sent = {"version": newest_entry(ground.pct), "stage": "partial_delegation", "source_kind": "statement"}
    return sent | {"source_title": "The lead", **day("on", "1 5 2011")} | changes


def test_a_lead_records_the_stage_and_a_plan_and_takes_them_back(in_world):
    desk = signed_in(in_world.lead)
    assert "Shadow form, since 1 February 2011" in page("/pct/", in_world.lead)
    assert desk.post("/pct/5XA/stage/", stage_form(in_world)).status_code == 302
    staged = newest_entry(in_world.pct)
    assert "Partial delegation" in page("/pct/5XA/", in_world.lead)
    assert "Shadow form" in page("/pcts/5XA/?as_of=2011-05-01"), "a document outranks what the trust says"
    planned = {"version": newest_entry(in_world.pct), "stage": "statutory", "evidence_ref": "ev0001"}
    planned |= day("day", "1 4 2013") | day("known_from", "1 5 2011")
    assert desk.post("/pct/5XA/plan/", planned).status_code == 302
    number = newest_entry(in_world.pct)
    offered = re.findall(r"/pct/5XA/undo/(\d+)/", text_of(desk.get("/pct/5XA/")))
    assert offered[:2] == [str(number), str(staged)], "the newest first"
    assert "Partial delegation, from 1 May 2011" in page("/pct/5XA/", in_world.lead)
    preview = page(f"/pct/5XA/undo/{number}/", in_world.lead)
    assert (
        "Plan: Statutory hand-over" in preview
        and "not planned" in preview
        and "from 1 April 2013, says EV0001" in preview
    )
    assert desk.post(f"/pct/5XA/undo/{number}/", {"why": ""}).status_code == 302
    assert not PlannedStage.objects.current().filter(stage="statutory").exists()
    assert desk.get(f"/pct/5XA/undo/{number}/").status_code == 404
    assert desk.post(f"/pct/5XA/undo/{number}/", {"why": ""}).status_code == 409
    assert f"Entry {newest_entry(in_world.pct)} has undone it." in page("/pct/5XA/", in_world.lead)
    assert "Stage, as" in page(f"/pct/5XA/undo/{staged}/", in_world.lead), "an older one may be undone all the same"
    assert signed_in(in_world.admin).get(f"/pct/5XA/undo/{staged}/").status_code == 404, "it is the lead's"
    version = newest_entry(in_world.pct)
    assert (
        desk.post("/pct/5XA/stage/EV0002/clear/", {"version": version, "why": "Another trust’s."}).status_code == 302
    )
    dropped = {"version": newest_entry(in_world.pct), "why": "Given up.", **day("on", "1 6 2011")}
    assert desk.post("/pct/5XA/plan/near_total_delegation/drop/", dropped).status_code == 302
    words = page("/pcts/5XA/?as_of=2011-06-01")
    assert "Partial delegation , since 1 May 2011" in words
    assert "No plan is recorded" in words


def test_what_is_refused_keeps_what_was_typed_and_says_what_is_saved(in_world):
    desk = signed_in(in_world.lead)
    stale = stage_form(in_world, version=newest_entry(in_world.pct) - 1)
    response = desk.post("/pct/5XA/stage/", stale)
    assert response.status_code == 412
    assert "What is saved now" in text_of(response)
    assert f'name="version" value="{newest_entry(in_world.pct)}"' in text_of(response)
    both = desk.post("/pct/5XA/stage/", stage_form(in_world, evidence_ref="EV0001"))
    assert (both.status_code, errors_of(both)) == (422, ["Give a reference, or new evidence, not both."])
    neither = desk.post("/pct/5XA/stage/", stage_form(in_world, source_kind="", source_title=""))
    assert list(neither.context["form"].errors) == ["evidence_ref"]
    back = desk.post("/pct/5XA/stage/", stage_form(in_world, stage="waiting"))
    assert list(back.context["form"].errors) == ["why"]
    assert EvidenceParticulars.objects.count() == 3


def test_a_last_day_that_cannot_be_meant_is_refused_beside_its_box(in_world):
    desk = signed_in(in_world.lead)
    sent = {"version": newest_entry(in_world.pct), "stage": "in_talks", "on": "2011-06-01", "evidence_ref": "EV0001"}
    answer = desk.post("/pct/5XA/stage/", sent | {"why": "It was said.", "until": "9999-12-31"})
    assert answer.status_code == 422 and "cannot be meant" in answer.context["form"].errors["until"][0]


def test_whose_pages_they_are(in_world):
    for path in ("/pct/5XB/", "/pct/5XB/stage/", "/pct/5XB/plan/", "/staff/transitions/"):
        page(path, in_world.lead, status=403)
        page(path, told.person("assessor"), status=403)
        page(path, in_world.admin)
    page("/pct/Q31/", in_world.admin, status=404)
    assert signed_in(in_world.lead).post("/pct/5XB/stage/", stage_form(in_world)).status_code == 403
    assert "Your primary care trust" not in page("/pct/", told.person(sha_assessor="Q31"))


def test_staff_see_every_trust_and_keep_the_words(in_world):
    words = page("/staff/transitions/?ordering=evidence_date", in_world.admin)
    assert "Of 2 trusts in life the stage of 1 is known: 1 of those have begun. 1 are not known" in words
    assert "5XB" not in page("/staff/transitions/?behind=true", in_world.admin)
    assert "5XA" not in page("/staff/transitions/?stage=unknown", in_world.admin).partition("Apply filters")[2]
    desk = signed_in(in_world.admin)
    added = {"kind": "stage", "label": "Heads of terms", "after": "stage:in_talks", "begun": ""}
    assert desk.post("/staff/transitions/words/new/", added).status_code == 302
    assert "Heads of terms" in page("/staff/transitions/words/", in_world.admin)
    ended = desk.post("/staff/transitions/words/stage/heads_of_terms/end/", day("on", "1 1 2012"))
    assert ended.status_code == 302
    assert TransitionWord.objects.get(key="heads_of_terms").period.upper == date(2012, 1, 1)
    assert page("/staff/transitions/words/", told.person("assessor"))
    page("/staff/transitions/words/new/", told.person("assessor"), status=403)


def test_near_total_is_recorded_and_doubted(in_world):
    desk = signed_in(in_world.lead)
    with make.writing() as entry:
        values = (100, 80, 20, None, 0, "", Evidence.objects.get(ref="EV0001").pk)
        entry.set(BudgetLine, (in_world.pct.pk, "2011/12", "all"), MAY, None, values)
    response = desk.post("/pct/5XA/stage/", stage_form(in_world, stage="near_total_delegation"), follow=True)
    assert "80% of what could be delegated" in text_of(response)
