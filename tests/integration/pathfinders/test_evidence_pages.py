"""The pages and the API of evidence: what everybody reads of it, and how who keeps it puts it right."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from practices.models import ParentBody
from registry.models import Entry, User
from tests import factories as make
from tests import programme as told
from tests.desk import day, errors_of, signed_in, text_of
from tests.support.documents import DOCX, EXECUTABLE, PDF
from transitions.actions import Source, delegate, evidence_of, record_survey, set_budget_line, set_stage
from transitions.actions.evidence import newest_telling
from transitions.actions.trust import newest_entry
from transitions.models import Evidence, EvidenceDocument, EvidenceParticulars, TransitionStage

AUGUST, FEBRUARY = date(2010, 8, 1), date(2011, 2, 1)
PRESS = Source("press", "GPs <get> keys", "Pulse", date(2010, 8, 3), url="https://example.org/1")
KEEP = "/pct/evidence/EV0001/"


@dataclass
class Ground:
    pct: ParentBody
    lead: User
    stranger: User
    admin: User


def build_world() -> Ground:
    sha = make.make_sha("Q31", "North West")
    ground = Ground(
        make.make_pct("5XA", sha=sha, name="Aa PCT", last_day=None),
        told.person(pct_lead="5XA"),
        told.person(pct_lead="5XB"),
        told.person("programme_admin"),
    )
    make.make_pct("5XB", sha=sha, name="Bb PCT", last_day=None)
    set_stage(by=ground.lead, pct=ground.pct, stage="in_talks", on=AUGUST, source=PRESS)
    paper = Source("document", "Survey report", words="spring 2011")
    record_survey(
        by=ground.admin, title="Asked", question="Begun?", asked_of="trusts", known_from=FEBRUARY, source=paper
    )
    return ground


@pytest.fixture(autouse=True)
def kept(settings, tmp_path):
    settings.ATTACHMENTS_DIR = tmp_path / "kept"


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/octet-stream")


def attached(user: User) -> str:
    """Attach a document as that person does; the address at which everybody reads it."""
    answer = signed_in(user).post(KEEP + "attach/", {"file": upload("Paper é.docx", DOCX)})
    assert (answer.status_code, answer["Location"]) == (302, KEEP)
    (address,) = re.findall(r'"(/transitions/evidence/EV0001/documents/[0-9a-f]{64}/)"', text_of(read("")))
    return address


def read(path: str, user: User | None = None, status: int = 200) -> Any:
    answer = (signed_in(user) if user else Client()).get(path or "/transitions/evidence/EV0001/")
    assert answer.status_code == status, path
    return answer


def file_of(query: str) -> str:
    answer: Any = Client().get(f"/api/v1/evidence/?{query}format=csv")
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_a_document_is_attached_given_out_as_a_download_and_withdrawn(in_world):
    public = attached(in_world.lead)
    sha256 = EvidenceDocument.objects.get().sha256
    assert sha256 in text_of(read(""))
    given = read(public)
    assert b"".join(given.streaming_content) == DOCX
    assert given["Content-Disposition"] == "attachment; filename*=utf-8''Paper%20%C3%A9.docx"
    assert given["Content-Type"].endswith("wordprocessingml.document")
    assert (given["X-Content-Type-Options"], given["Content-Security-Policy"]) == (
        "nosniff", "sandbox; default-src 'none'",
    )  # fmt: skip
    assert "no-store" in given["Cache-Control"]
    read(public.replace("EV0001", "EV0002"), status=404)

    withdraw = f"{KEEP}documents/{sha256}/withdraw/"
    assert signed_in(in_world.stranger).get(withdraw).status_code == 403
    desk = signed_in(in_world.lead)
    assert desk.post(withdraw, {"why": ""}).status_code == 422
    assert desk.post(withdraw, {"why": "It <names> a patient."}).status_code == 302
    assert "was withdrawn" in text_of(read(public, status=404))
    page = text_of(read(""))
    assert public not in page and "It &lt;names&gt; a patient." in page, (
        "the history says that it was there, and why not"
    )
    for user in (in_world.lead, in_world.admin):
        assert b"".join(read(f"{KEEP}documents/{sha256}/", user).streaming_content) == DOCX
        assert "Withdrawn, entry" in text_of(read(KEEP, user))
    assert desk.post(withdraw, {"why": "Again."}).status_code == 409
    gone = EvidenceDocument.objects.get().closed_by
    assert gone and f'One was withdrawn: <a class="nhsuk-link" href="/changes/{gone.number}/">' in page
    assert "holds none of this source now" in page and "0 (1 withdrawn)" in text_of(read("/transitions/evidence/"))
    before = f"?known_at={(gone.at - timedelta(microseconds=1)).isoformat().replace('+00:00', 'Z')}"
    assert "was withdrawn" not in text_of(read(f"/transitions/evidence/EV0001/{before}"))


def test_who_keeps_it_gets_from_what_everybody_reads_to_correcting_it(in_world):
    for user, keeps in ((None, False), (in_world.stranger, False), (in_world.lead, True), (in_world.admin, True)):
        assert (f'href="{KEEP}"' in text_of(read("", user))) is keeps
    assert "To correct what a source is" in text_of(read("/transitions/evidence/", in_world.lead))
    assert "To correct what a source is" not in text_of(read("/transitions/evidence/"))


def test_a_withdrawn_document_is_kept_from_a_lead_who_did_not_attach_it(in_world):
    attached(in_world.admin)
    sha256 = EvidenceDocument.objects.get().sha256
    own = f"{KEEP}documents/{sha256}/"
    assert read(own, in_world.lead).streaming
    assert signed_in(in_world.lead).get(own + "withdraw/").status_code == 403
    assert signed_in(in_world.admin).post(own + "withdraw/", {"why": "Not to be read."}).status_code == 302
    read(own, in_world.lead, status=403)
    assert f'"{own}"' not in text_of(read(KEEP, in_world.lead)) and f'"{own}"' in text_of(read(KEEP, in_world.admin))


def test_what_is_no_document_is_refused_in_the_form(in_world):
    desk = signed_in(in_world.lead)
    for sent, sentence in (
        ({"file": upload("a.pdf", EXECUTABLE)}, "“a.pdf” is not a whole PDF"),
        ({}, "Choose document"),
    ):
        answer = desk.post(KEEP + "attach/", sent)
        assert answer.status_code == 422
        (said,) = errors_of(answer)
        assert sentence in said
        assert "<title>Error: " in text_of(answer) and 'href="#id_file"' in text_of(answer)
    assert not EvidenceDocument.objects.exists()


def test_a_stage_is_recorded_with_its_document_on_one_page(in_world):
    desk = signed_in(in_world.lead)
    form = {"version": newest_entry(in_world.pct), "stage": "shadow_form", **day("on", "1 2 2011")}
    form |= {"source_kind": "document", "source_title": "Board paper"}
    refused = desk.post("/pct/5XA/stage/", form | {"source_file": upload("a.pdf", DOCX)})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["source_file"])
    both = {"version": form["version"], "stage": "shadow_form", **day("on", "1 2 2011"), "evidence_ref": "EV0002"}
    refused = desk.post("/pct/5XA/stage/", both | {"source_file": upload("a.pdf", PDF)})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["source_file"])
    assert desk.post("/pct/5XA/stage/", form | {"source_file": upload("a.pdf", PDF)}).status_code == 302
    fact = EvidenceDocument.objects.get()
    assert fact.opened_by == TransitionStage.objects.get(stage="shadow_form").opened_by
    assert fact.evidence == evidence_of("EV0003")


def test_evidence_is_corrected_on_its_page_and_a_stale_form_shows_both(in_world):
    form = {
        "version": newest_telling(evidence_of("EV0001")),
        "kind": "press",
        "title": "GPs get keys",
        "why": "A slip.",
    }
    form |= {"publisher": "Gazette", "words": "", "url": "", **day("said_on", "4 8 2010")}
    assert signed_in(in_world.stranger).post(KEEP + "correct/", form).status_code == 403
    desk = signed_in(in_world.lead)
    shown = desk.get(KEEP + "correct/").context["form"].initial
    assert (shown["title"], shown["said_on"], shown["version"]) == (PRESS.title, PRESS.said_on, form["version"])
    assert desk.post(KEEP + "correct/", form | {"title": "", "why": ""}).status_code == 422
    assert desk.post(KEEP + "correct/", form).status_code == 302
    assert EvidenceParticulars.objects.current().get(evidence__ref="EV0001").publisher == "Gazette"
    page = re.sub(r"<[^>]+>", " ", text_of(read("")))
    assert "GPs get keys" in page and "GPs &lt;get&gt; keys" in page and "A slip." in page
    stale = desk.post(KEEP + "correct/", form | {"publisher": "Pulse"})
    assert stale.status_code == 412
    assert ("Who published it (optional)", "Gazette") in stale.context["saved_now"]
    again = form | {"publisher": "Pulse", "version": stale.context["form"]["version"].value()}
    assert desk.post(KEEP + "correct/", again).status_code == 302


def test_who_opens_the_pages_of_keeping(in_world):
    for path in ("", "correct/", "attach/"):
        assert Client().get(KEEP + path).status_code == 302
        assert signed_in(in_world.stranger).get(KEEP + path).status_code == 403
        assert signed_in(told.person("analyst")).get(KEEP + path).status_code == 403
        for user in (in_world.lead, in_world.admin):
            assert signed_in(user).get(KEEP + path).status_code == 200
    assert signed_in(in_world.admin).get("/pct/evidence/EV9999/").status_code == 404
    assert KEEP in text_of(signed_in(in_world.lead).get("/pct/5XA/"))
    assert "/pct/evidence/EV0002/" in text_of(signed_in(in_world.admin).get("/staff/surveys/SV0001/"))


def test_the_list_and_its_filters_on_the_page_and_in_the_api(in_world):
    attached(in_world.lead)
    for query, refs in (
        ("", ["EV0001", "EV0002"]),
        ("kind=press", ["EV0001"]),
        ("pct=5xa", ["EV0001"]),
        ("pct=5XB", []),
        ("year=2010", ["EV0001"]),
        ("publisher=pul", ["EV0001"]),
        ("document=true", ["EV0001"]),
        ("document=false", ["EV0002"]),
        ("q=REPORT&ordering=-said_on", ["EV0002"]),
    ):
        answer = Client().get(f"/api/v1/evidence/?{query}").json()
        assert [row["ref"] for row in answer["results"]] == refs, query
        page = Client().get(f"/transitions/evidence/?{query}")
        assert [row["ref"] for row in page.context["table"].rows] == refs, query
    assert Client().get("/api/v1/evidence/?year=soon").status_code == 400
    assert Client().get("/transitions/evidence/?year=soon").context["filters"].errors


def test_one_source_tells_what_rests_on_it_and_its_documents_as_known_then(in_world):
    before = Entry.objects.order_by("-number")[0].at
    attached(in_world.lead)
    fact = EvidenceDocument.objects.get()
    answer = Client().get("/api/v1/evidence/ev0001/").json()
    row = answer["result"]
    assert row["documents"] == [{"name": "Paper é.docx", "kind": "docx", "size": len(DOCX), "sha256": fact.sha256}]
    assert (row["rests"], [(r["what"], r["code"], r["said"], r["effective_from"]) for r in answer["resting"]]) == (
        1, [("Stage", "5XA", "in_talks", "2010-08-01")],
    )  # fmt: skip
    then = Client().get("/api/v1/evidence/EV0001/", {"known_at": before.isoformat()}).json()["result"]
    assert then["documents"] == []
    survey = Client().get("/api/v1/evidence/EV0002/").json()["resting"]
    assert [(r["what"], r["code"]) for r in survey] == [("Survey", "SV0001")]
    table = list(csv.DictReader(io.StringIO(file_of(""))))
    assert [r["ref"] for r in table] == ["EV0001", "EV0002"] and fact.sha256 in table[0]["documents"]


def test_what_rests_on_it_names_trusts_and_to_whom_a_budget_goes(in_world):
    make.make_consortium("GC0001", name="Aa <Group>")
    budget = {"by": in_world.admin, "pct": ParentBody.objects.get(code="5XA"), "year": "2011/12", "line": "all"}
    more = {"on": date(2011, 4, 1), "source": PRESS}
    set_budget_line(**budget, **more, total=9, delegated=4, retained=5)
    delegate(**budget, **more, holder="GC0001", amount=4, level="shadow")
    with CaptureQueriesContext(connection) as asked:
        shown = Client().get("/transitions/evidence/EV0001/")
    assert len(asked) <= 8
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", text_of(shown))).split())
    assert "Delegated budget Of Aa PCT (5XA) Says 2011/12, All services, to Aa <Group>" in words
    told = Client().get("/api/v1/evidence/EV0001/").json()["resting"]
    assert [(r["what"], r["name"], r["line"], r["holder"], r["holder_name"]) for r in told] == [
        ("Stage", "Aa PCT", None, None, None),
        ("Budget", "Aa PCT", "All services", None, None),
        ("Delegated budget", "Aa PCT", "All services", "GC0001", "Aa <Group>"),
    ]


def test_history_tells_what_a_source_was_said_to_be(in_world):
    form = {"version": newest_telling(evidence_of("EV0001")), "kind": "press", "title": "Keys", "why": "A slip."}
    assert signed_in(in_world.admin).post(KEEP + "correct/", form).status_code == 302

    def titles(history: str) -> list[tuple[str, str]]:
        answer = Client().get(f"/api/v1/evidence/?history={history}&ref=ev0001").json()
        return [(row["title"], row["recorded_kind"]) for row in answer["results"]]

    assert titles("1") == [("Keys", "correction")]
    assert titles("all") == [(PRESS.title, "late"), ("Keys", "correction")]
    spells = file_of("history=all&")
    assert spells.splitlines()[0].startswith("ref,kind,title") and len(spells.splitlines()) == 1 + 3
    assert Evidence.objects.count() == 2
