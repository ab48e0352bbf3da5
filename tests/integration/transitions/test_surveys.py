"""Surveys: 23 of 29 with their base, a silent trust is no no, names never outnumber counts, imports all or nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from practices.models import ParentBody
from registry import clock
from registry.errors import Refused
from registry.models import Entry, EntryKind, User
from tests.factories import at
from tests.support.trusts import ARTICLE, KNOWN, NAMED, SUMMER, TRUSTS, surveyed
from transitions.actions import (
    answer_survey,
    change_survey,
    clear_answer,
    import_answers,
    record_survey,
    report_counts,
)
from transitions.actions.survey_checks import newest_of
from transitions.models import Survey, SurveyAnswer, SurveyCount, SurveyParticulars

build_world = surveyed


@pytest.fixture
def told(in_world: Any) -> SimpleNamespace:
    users = {name: User.objects.get(pk=getattr(in_world, name)) for name in ("admin", "lead")}
    surveys = {name: Survey.objects.get(pk=getattr(in_world, name)) for name in ("survey", "gps")}
    return SimpleNamespace(**users, **surveys)


def trust(code: str) -> ParentBody:
    return ParentBody.objects.get(code=code)


def say(told: Any, code: str, answer: str = "yes", *, on: date = SUMMER, **more: Any) -> Entry:
    given = {"by": told.admin, "survey": told.survey} | more
    return answer_survey(pct=trust(code), answer=answer, on=on, **given)


def refused(call: Any, *args: Any, **more: Any) -> Refused:
    before = Entry.objects.count()
    with pytest.raises(Refused) as error:
        call(*args, **more)
    assert Entry.objects.count() == before
    return error.value


def answers(moment: Any = None) -> dict[str, str]:
    return dict(SurveyAnswer.objects.at(moment or at()).values_list("body__code", "answer"))


def test_a_lead_answers_for_its_own_trust_alone_and_staff_for_any(told):
    say(told, "5NE", by=told.lead)
    assert refused(say, told, "5NR", by=told.lead).status == 403
    assert refused(record_survey, by=told.lead, **TRUSTS).status == 403
    assert refused(report_counts, by=told.lead, survey=told.survey, counts={}, known_from=KNOWN).status == 403
    say(told, "5NR")
    assert answers() == {"5NE": "yes", "5NR": "yes"}


def test_an_answer_corrected_later_still_stands_as_it_was_known_then(told):
    first = say(told, "5M6", "yes")
    assert first.kind == EntryKind.LATE
    assert refused(say, told, "5M6", "no").code == "no_reason"
    second = say(told, "5M6", "no", why="The reporter misheard.")
    assert second.kind == EntryKind.CORRECTION
    assert answers() == {"5M6": "no"} and answers(at(known_at=first.at)) == {"5M6": "yes"}
    assert refused(say, told, "5M6", "no").code == "no_change"
    say(told, "5M6", "partial", on=KNOWN, why="It told more.")
    assert answers(at(SUMMER)) == {"5M6": "no"} and answers(at(date(2014, 1, 1))) == {"5M6": "partial"}
    clear_answer(by=told.admin, survey=told.survey, pct=trust("5M6"), why="Another trust of that name.")
    assert answers() == {}


def test_two_people_who_save_at_once_lose_nothing(told):
    seen = newest_of(told.survey, trust("5NE"))
    say(told, "5NE", seen=seen)
    assert refused(say, told, "5NE", "no", seen=seen, why="Typed blind.").status == 412
    version = newest_of(told.survey)
    report_counts(by=told.admin, survey=told.survey, counts={"no": (2, "")}, known_from=KNOWN, seen=version)
    late = {"by": told.admin, "survey": told.survey, "known_from": KNOWN, "seen": version, "why": "So it says."}
    assert refused(report_counts, counts={"no": (3, "")}, **late).status == 412
    assert refused(change_survey, **TRUSTS | late | {"asked": 151}).status == 412


def test_an_answer_is_of_a_trust_that_lives_to_a_survey_of_trusts_on_a_day_of_it(told):
    refusal = refused(say, told, "5NE", survey=told.gps)
    assert refusal.code == "counts_only" and "asked GPs" in refusal.message
    assert refused(say, told, "Q31").code == "no_trust"
    clock_day = date(2013, 4, 1)
    assert refused(say, told, "5NE", on=clock_day).code == "not_living"
    assert refused(say, told, "5NE", "maybe").code == "bad_answer"
    whole = TRUSTS | {"by": told.admin, "survey": told.survey, "why": "Its days are known."}
    change_survey(**whole | {"begins": date(2010, 8, 15), "ends": SUMMER, "correction": True})
    assert refused(say, told, "5NE", on=KNOWN).code == "outside_survey"
    assert refused(say, told, "5NE", on=date(2010, 8, 14)).code == "outside_survey"
    assert refused(say, told, "5NE", on=clock.today().replace(year=clock.today().year + 1)).code == "not_yet"


def test_names_never_outnumber_what_the_source_reports(told):
    report_counts(by=told.admin, survey=told.survey, counts={"no": (1, "")}, known_from=KNOWN)
    say(told, "5M6", "no")
    refusal = refused(say, told, "5M2", "no")
    assert refusal.message == "2 trusts would be recorded by name with “No”, but the source reports 1."
    sums = {"by": told.admin, "survey": told.survey, "known_from": KNOWN, "why": "So it says."}
    assert "sum to 30, but the source says 29" in refused(report_counts, counts={"no": (7, "")}, **sums).message
    assert "with “No”, but the source reports 0" in refused(report_counts, counts={"no": (0, "")}, **sums).message
    report_counts(counts={"no": None}, correction=True, **sums)
    say(told, "5M2", "no")
    assert not SurveyCount.objects.at(at()).filter(answer="no").exists()
    small = TRUSTS | sums | {"replied": 1, "source": ARTICLE, "correction": True}
    assert refused(change_survey, **small).code == "does_not_fit"
    assert refused(change_survey, **TRUSTS | sums | {"asked_of": "gps"}).code == "counts_only"
    assert SurveyParticulars.objects.get(survey=told.survey, recorded__upper_inf=True).replied == 29


def written(tmp_path: Path, *rows: str, header: str = "PCT code,Answer,Words,On") -> Path:
    file = tmp_path / "answers.csv"
    file.write_text("\n".join([header, *rows]), encoding="utf-8")
    return file


def test_a_file_of_answers_is_loaded_whole_or_not_at_all(told, tmp_path, capsys):
    wrong = written(
        tmp_path,
        "5NE,yes,,20/8/2010",
        "5NR,perhaps,,",
        "XXX,yes,,",
        "5NE,no,,",
        "5M6,no,,2013-05-01",
        "5M2,,,soon",
        *(f"Z{n:03d},yes,," for n in range(23)),
    )
    before = Entry.objects.count()
    report = import_answers(by=told.admin, path=wrong, survey="SV0001", dry_run=True)
    found = {(r.line, r.column) for r in report.refused}
    assert found == {(3, "answer"), (4, "pct"), (5, "pct"), (6, "on"), (7, "answer"), (7, "on"), (30, "answer")}
    assert "24 trusts would be recorded by name with “Yes”, but the source reports 23." in str(
        sorted(report.refused)[-1]
    )
    with pytest.raises(CommandError, match="7 rows of answers.csv are refused"):
        call_command("import_survey_answers", str(wrong), survey="sv0001")
    assert "Correct the 7 refused rows." in capsys.readouterr().out
    assert Entry.objects.count() == before and answers() == {}
    assert refused(import_answers, by=told.lead, path=wrong, survey="SV0001").status == 403
    assert refused(import_answers, by=told.admin, path=wrong, survey="SV0002").code == "counts_only"

    right = written(tmp_path, *(f"{code.lower()},{a.replace('partial', 'In part')},," for code, a in NAMED.items()))
    assert import_answers(by=told.admin, path=right, survey="SV0001", dry_run=True).opened == len(NAMED)
    assert answers() == {}
    call_command("import_survey_answers", str(right), survey="SV0001")
    assert answers() == NAMED and answers(at(date(2010, 8, 24))) == {}
    assert Entry.objects.last().kind == EntryKind.IMPORT
    again = written(tmp_path, *(f"{code},{a}" for code, a in NAMED.items()), header="code,reply")
    report = import_answers(by=told.admin, path=again, survey="SV0001")
    assert report.unchanged == len(NAMED) and report.entry is None
