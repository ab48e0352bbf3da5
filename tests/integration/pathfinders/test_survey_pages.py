"""Pages of surveys: what everybody reads, what a trust's lead answers, and what staff record and load."""

from __future__ import annotations

from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import Entry, User
from tests.desk import day, errors_of, signed_in, text_of
from tests.factories import at
from tests.programme import person
from tests.support.trusts import NAMED, surveyed
from transitions.models import Survey, SurveyAnswer, SurveyCount

build_world = surveyed
ONE = "/staff/surveys/SV0001/"
SUMMER = day("on", "20 8 2010")


@pytest.fixture
def desk(in_world: Any) -> SimpleNamespace:
    return SimpleNamespace(
        admin=signed_in(User.objects.get(pk=in_world.admin)), lead=signed_in(User.objects.get(pk=in_world.lead))
    )


def version(client: Client, path: str) -> int:
    return client.get(path).context["form"]["version"].value()


def answers() -> dict[str, str]:
    return dict(SurveyAnswer.objects.at(at()).values_list("body__code", "answer"))


def upload(client: Client, *rows: str) -> Any:
    file = SimpleUploadedFile("answers.csv", "\n".join(["code,answer,words", *rows]).encode())
    return client.post(f"{ONE}import/", {"file": file})


def test_the_public_page_says_the_base_first_and_counts_no_silent_trust_as_a_no(desk):
    loaded = upload(desk.admin, *(f"{code},{answer},Said so" for code, answer in NAMED.items()))
    carried = loaded.context["carried"]
    assert answers() == {} and desk.admin.post(f"{ONE}import/", carried | {"write": "1"}).status_code == 302
    with CaptureQueriesContext(connection) as asked:
        page = Client().get("/transitions/surveys/SV0001/", {"as_of": "2010-09-01"})
    words = unescape(text_of(page))
    assert len(asked) <= 14
    assert words.index("23 of 29 trusts that replied said “yes”; how many were asked is not said.") < words.index(
        "<table"
    )
    assert "122 of 151 trusts" in words and "At least 2" in words and 'width="79.3"' in words
    assert words.count("Not known</td>") == 145 + 3, "each silent trust, two shares and how many declined"
    assert page.context["total"] == 151 and "EV0001" in words
    silent = Client().get("/transitions/surveys/SV0001/", {"answer": "not_known", "sha": "Q31"})
    assert silent.context["total"] == 145
    assert Client().get("/transitions/surveys/", {"asked_of": "gps"}).context["total"] == 1
    gps = unescape(text_of(Client().get("/transitions/surveys/SV0002/")))
    assert "“a quarter” of GPs said “yes”" in gps and "counts only" in gps and "Apply filters" not in gps
    assert Client().get("/transitions/surveys/SV0001/", {"as_of": "2010-08-24"}).status_code == 404
    trust, other = (text_of(Client().get(f"/pcts/{code}/", {"as_of": "2011-01-01"})) for code in ("5M6", "Z000"))
    assert "Trusts asked by a newspaper" in trust and "Said so" in trust
    assert "No answer of this trust to a survey is known on 1 January 2011. That is not a no." in other


def test_a_lead_answers_for_its_own_trust_and_changes_it_with_open_eyes(desk):
    path = "/pct/5NE/survey/SV0001/"
    seen = version(desk.lead, path)
    sent = {"answer": "yes", "words": "Six boards.", "version": seen, **SUMMER}
    offered = [value for value, _ in desk.lead.get(path).context["form"].fields["answer"].choices]
    assert offered == ["yes", "partial", "no", "declined"], "whoever answers was asked, and replies"
    assert desk.lead.post(path, sent | {"answer": "no_reply"}).status_code == 422 and answers() == {}
    staffs = desk.admin.get("/staff/surveys/SV0001/answers/5NE/").context["form"].fields["answer"].choices
    assert {"no_reply", "not_asked"} < {value for value, _ in staffs}
    assert desk.lead.post(path, sent).url == "/pct/"
    assert answers() == {"5NE": "yes"}
    again = {**sent, "answer": "no", "why": "Typed blind."}
    assert desk.lead.post(path, again).status_code == 412
    fresh = again | {"version": version(desk.lead, path)}
    assert desk.lead.post(path, {**fresh, "why": ""}).status_code == 422
    assert desk.lead.post(path, fresh).status_code == 302 and answers() == {"5NE": "no"}
    removed = {**fresh, "answer": "remove", "version": version(desk.lead, path), "why": "Nobody asked us."}
    assert desk.lead.post(path, removed).status_code == 302 and answers() == {}
    assert desk.lead.get("/pct/5NR/survey/SV0001/").status_code == 403
    assert desk.lead.get("/pct/5NE/survey/SV0002/").status_code == 404
    assert desk.lead.get("/staff/surveys/").status_code == 403
    assert signed_in(person("assessor")).get(path).status_code == 403


def test_staff_record_a_survey_its_counts_and_an_answer(desk):
    new = {
        "title": "Ours",
        "question": "Have you begun?",
        "asked_of": "trusts",
        "replied": "2",
        "source_kind": "survey",
        "source_title": "Our own survey",
        **day("known_from", "1 9 2010"),
    }
    without = {name: value for name, value in new.items() if not name.startswith("source")}
    assert "Say on what evidence: its reference, or what it is." in errors_of(
        desk.admin.post("/staff/surveys/new/", without)
    )
    unsaid = desk.admin.post("/staff/surveys/new/", {k: v for k, v in new.items() if k != "asked_of"})
    assert "Select who was asked" in errors_of(unsaid) and "Select who was asked?" not in errors_of(unsaid)
    assert desk.admin.post("/staff/surveys/new/", new).url == "/staff/surveys/SV0003/"
    path = "/staff/surveys/SV0003/counts/"
    counts = {"count_yes": "3", "version": version(desk.admin, path), **day("known_from", "1 9 2010")}
    assert "The counts of replies sum to 3, but the source says 2 replied." in errors_of(desk.admin.post(path, counts))
    assert desk.admin.post(path, counts | {"count_yes": "1", "share_no": "the rest"}).status_code == 302
    told = SurveyCount.objects.at(at()).filter(survey__ref="SV0003")
    assert set(told.values_list("answer", "count", "share_words")) == {("yes", 1, ""), ("no", None, "the rest")}
    path = "/staff/surveys/SV0003/change/"
    form = desk.admin.get(path).context["form"]
    change = {**new, "replied": "4", "version": form["version"].value(), "evidence_ref": form["evidence_ref"].value()}
    change = {k: v for k, v in change.items() if not k.startswith("source")} | {"why": "Two more.", "correction": "on"}
    assert desk.admin.post(path, change).status_code == 302
    assert Survey.objects.get(ref="SV0003").particulars.get(recorded__upper_inf=True).replied == 4
    path = "/staff/surveys/SV0003/answers/5M6/"
    sent = {"answer": "no", "version": version(desk.admin, path), **day("on", "1 9 2010")}
    assert desk.admin.post(path, sent).url == "/staff/surveys/SV0003/" and answers() == {"5M6": "no"}
    for page in ("/staff/surveys/", "/staff/surveys/SV0003/", "/staff/surveys/SV0002/", ONE, f"{ONE}import/"):
        assert desk.admin.get(page).status_code == 200


def test_a_wrong_file_shows_all_that_is_wrong_and_writes_nothing(desk):
    before = Entry.objects.count()
    page = upload(desk.admin, "5NE,perhaps,", "XXX,yes,", "Q31,yes,", "5NR,yes,")
    assert page.status_code == 422 and len(page.context["refused"].rows) == 3
    assert "Load these answers" not in text_of(page)
    blind = {"name": "answers.csv", "content": "Y29kZSxhbnN3ZXIKWFhYLHllcwo=", "write": "1"}  # XXX,yes
    assert desk.admin.post(f"{ONE}import/", blind).status_code == 422
    for content in ("?", "٣"):
        assert desk.admin.post(f"{ONE}import/", {"content": content}).status_code == 422
    assert desk.admin.post("/staff/surveys/SV0002/import/", blind).status_code == 422
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("asked", "said", "unsaid"),
    [
        ("151", "Asked, no answer recorded", "ot known whether"),
        ("150", "Not known whether asked", "no answer recorded"),
    ],
)
def test_where_as_many_were_asked_as_there_are_each_was_asked(desk, asked, said, unsaid):
    new = {"title": "Ours", "question": "Begun?", "asked_of": "trusts", "asked": asked, "source_kind": "survey"}
    new |= {"source_title": "Our own survey", **day("known_from", "1 9 2010")}
    assert desk.admin.post("/staff/surveys/new/", new).status_code == 302
    path = "/staff/surveys/SV0003/answers/5M6/"
    sent = {"answer": "yes", "version": version(desk.admin, path), **day("on", "1 9 2010")}
    assert desk.admin.post(path, sent).status_code == 302
    page = Client().get("/transitions/surveys/SV0003/", {"as_of": "2010-09-01"})
    words = unescape(text_of(page))
    silent = 150 if asked == "151" else 149
    assert dict(page.context["beside"])[said] == f"{silent} of 151 trusts" and unsaid not in words
    assert ("All 151 trusts were asked; of 150 no answer is recorded" in words) is (asked == "151")
    assert page.context["survey"]["no_reply"] is None and "None of these is a no." in words
