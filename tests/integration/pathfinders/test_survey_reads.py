"""Surveys as they are read: with the base, the silent trusts apart, on both clocks, in the API too."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pathfinders.reads import survey_answers, surveys
from practices.models import ParentBody
from registry.models import User
from tests.factories import at
from tests.support.trusts import KNOWN, NAMED, SUMMER, surveyed
from transitions.actions import answer_survey, change_survey, report_counts
from transitions.models import Survey

build_world = surveyed


@pytest.fixture
def told(in_world: Any) -> SimpleNamespace:
    found = SimpleNamespace(admin=User.objects.get(pk=in_world.admin), survey=Survey.objects.get(pk=in_world.survey))
    for code, answer in NAMED.items():
        say(found, code, answer)
    return found


def say(told: Any, code: str, answer: str, **more: Any) -> Any:
    pct = ParentBody.objects.get(code=code)
    return answer_survey(by=told.admin, survey=told.survey, pct=pct, answer=answer, on=SUMMER, **more)


def api(path: str, **query: str) -> Any:
    return Client().get(f"/api/v1/surveys/{path}", query).json()


def test_23_of_29_is_said_with_its_base_and_a_silent_trust_is_no_no(told):
    row = surveys.one(None, at(KNOWN), "sv0001")
    assert row["sentence"] == "23 of 29 trusts that replied said “yes”; how many were asked is not said."
    by = {found["answer"]: found for found in row["results"]}
    assert (by["yes"]["number"], by["yes"]["named"], by["yes"]["percent"]) == (23, 3, 79.3)
    assert (by["no"]["number"], by["no"]["named"], by["no"]["percent"]) == (None, 2, None)
    assert (row["base"], row["trusts"], row["not_known"]) == (29, 151, 122)
    assert (row["no_reply"], row["not_asked"], row["unreported"]) == (None, None, 29 - 23 - 1 - 2)
    rows = list(survey_answers.rows(None, at(KNOWN), row).order_by("code"))
    assert len(rows) == 151 and {r["code"]: r["answer"] for r in rows if r["answer"]} == NAMED
    assert sum(r["answer"] is None for r in rows) == 145
    assert rows[0]["sha_code"] == "Q31"


def test_a_share_in_words_has_no_base_and_no_trusts(told):
    row = surveys.one(None, at(KNOWN), "SV0002")
    assert row["sentence"] == "“a quarter” of GPs said “yes”; how many were asked, and how many replied, is not said."
    assert (row["base"], row["trusts"], row["not_known"], row["results"][0]["percent"]) == (None, None, None, None)
    assert list(survey_answers.rows(None, at(KNOWN), row)) == []


def test_who_was_asked_tells_who_was_not(told):
    say(told, "Z000", "no_reply")
    fields = {f.attname: getattr(told.survey.particulars.get(), f.attname) for f in _told()}
    del fields["evidence_id"]
    source = told.survey.particulars.get().evidence
    own = {"by": told.admin, "survey": told.survey, "known_from": KNOWN, "why": "The list of those asked was found."}
    change_survey(**fields | own | {"asked": 60, "source": source, "correction": True})
    report_counts(counts={"declined": (2, ""), "no": (2, "")}, **own)
    row = surveys.one(None, at(KNOWN), "SV0001")
    assert (row["base"], row["no_reply"], row["not_asked"], row["not_known"]) == (27, 31, 91, 0)
    assert row["base_words"] == (
        "of 27 trusts that replied and answered the question (2 more declined); 60 were asked"
    )
    assert row["sentence"].startswith("23 of 27 trusts")


def _told() -> Any:
    from transitions.models import SurveyParticulars

    return SurveyParticulars.value_fields()


def test_both_clocks_and_days_before_it_was_known(told):
    before = at().known_at
    say(told, "5M6", "yes", why="The reporter misheard.")
    answered = lambda **asked: {  # noqa: E731
        r["code"]: r["answer"] for r in api("SV0001/answers/", page_size="500", **asked)["results"]
    }
    assert answered()["5M6"] == "yes"
    assert answered(known_at=before.isoformat().replace("+00:00", "Z"))["5M6"] == "no"
    assert api("", as_of="2010-08-24")["count"] == 0
    assert Client().get("/api/v1/surveys/SV0001/answers/", {"as_of": "2010-08-24"}).status_code == 404
    assert len(answered(as_of="2014-01-01")) == 151, "the trusts of the survey's own day"


def test_the_api_tells_the_list_one_survey_and_a_file_of_answers(told):
    (trusts, gps) = api("")["results"]
    assert trusts["evidence"]["ref"] == "EV0001" and trusts["not_known"] == 122
    whole = api("SV0001/")
    assert whole["result"] == trusts
    for href in whole["links"].values():
        assert "known_at=" in href and Client().get(href).status_code == 200, href
    assert len(Client().get(f"{whole['links']['answers']}&page_size=500").json()["results"]) == 151
    assert Client().get(api("SV0002/")["links"]["answers"]).json()["results"] == []
    assert api("", asked_of="gps")["results"] == [gps]
    csv = (
        Client()
        .get("/api/v1/surveys/SV0001/answers/", {"format": "csv", "answer": "no"})
        .getvalue()
        .decode("utf-8-sig")
    )
    assert [line.split(",")[0] for line in csv.splitlines()[1:]] == ["5M2", "5M6"]
    assert api("SV0001/answers/", answer="not_known", sha="q31")["count"] == 145


def test_how_many_surveys_there_are_costs_no_more_questions(told):
    with CaptureQueriesContext(connection) as one:
        surveys.finish(None, at(), list(surveys.rows(None, at()).filter(ref="SV0001")))
    with CaptureQueriesContext(connection) as all_of_them:
        assert len(surveys.finish(None, at(), list(surveys.rows(None, at())))) == 2
    assert len(one) == len(all_of_them) <= 5


def test_a_survey_asks_until_its_last_day_and_only_those_it_may(told):
    lead = User.objects.exclude(pk=told.admin.pk).get(grants__object_ref="5NE")
    assert surveys.open_for(lead, at(SUMMER)) == []
    fields = {"title": "Our own", "question": "Have you begun?", "asked_of": "trusts", "known_from": SUMMER}
    from transitions.actions import record_survey

    record_survey(
        by=told.admin, source=told.survey.particulars.get().evidence, begins=SUMMER, ends=date(2010, 9, 30), **fields
    )
    (asked,) = surveys.open_for(lead, at(KNOWN))
    assert (asked["ref"], asked["code"], asked["answer"], asked["name"]) == ("SV0003", "5NE", None, "Trust 5NE")
    assert surveys.open_for(lead, at(date(2010, 10, 1))) == [] and surveys.open_for(told.admin, at(KNOWN)) == []
