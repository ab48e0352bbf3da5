"""Surveys whose results, or questions, were known by a day: each always with its base (domain.md rule 24)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import Any

import django_filters
from django.db.models import (
    Count,
    DateField,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Least

from pathfinders.reads import known
from pathfinders.reads.filtering import CodeFilter, ReadFilters
from pathfinders.reads.joins import first_day, on_day
from practices.models import PCT_KINDS, BodyParticulars, ParentBody
from registry.authorization import objects_of
from registry.moment import Moment
from transitions.models import SurveyAnswer, SurveyCount, SurveyParticulars
from transitions.models.survey import Asked
from transitions.stages import evidence_of
from transitions.surveys import results

KEY = ("ref",)
ORDERINGS = {"ref": F("ref"), "day": F("day"), "known_from": F("known_from")}
EVIDENCE = ("kind", "title", "publisher", "said_on", "words", "url")


def rows(user: Any, moment: Moment) -> QuerySet:
    """Each survey known by the day. `day`: of its trusts, its last where it ended by then, else the first known."""
    known = SurveyParticulars.objects.visible_to(user).known(moment).filter(survey=OuterRef("survey"))
    first = Subquery(known.order_by("effective").values(d=first_day())[:1], output_field=DateField())
    return (
        SurveyParticulars.objects.visible_to(user)
        .at(moment)
        .annotate(
            known_from=first,
            day=Least(Coalesce("ends", first), Value(moment.as_of), output_field=DateField()),
            _source=evidence_of("evidence__particulars", moment),
        )
        .values(
            "survey_id",
            "title",
            "question",
            "asked_of",
            "asked",
            "replied",
            "begins",
            "ends",
            "words",
            "known_from",
            "day",
            ref=F("survey__ref"),
            trusts=_trusts(user, moment),
            evidence_ref=F("evidence__ref"),
            **{f"evidence_{name}": F(f"_source__{name}") for name in EVIDENCE},
        )
    )


def _trusts(user: Any, moment: Moment) -> Coalesce:
    """How many trusts lived on the row's day."""
    living = BodyParticulars.objects.visible_to(user).at(moment.each(OuterRef("day"))).filter(kind__in=PCT_KINDS)
    counted = living.order_by().values(_=Value(1)).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())


def finish(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to a page's rows what each found: `summary`, and its parts as columns. Two questions."""
    surveys = [row["survey_id"] for row in rows]
    counts: dict[int, dict[str, tuple[int | None, str]]] = defaultdict(dict)
    named: dict[int, dict[str, int]] = defaultdict(dict)
    reported = SurveyCount.objects.visible_to(user).at(moment).filter(survey__in=surveys)
    for survey, answer, count, share in reported.values_list("survey", "answer", "count", "share_words"):
        counts[survey][answer] = (count, share)
    by_name = SurveyAnswer.objects.visible_to(user).at(moment).filter(survey__in=surveys)
    for survey, answer, n in by_name.order_by().values_list("survey", "answer").annotate(n=Count("pk")):
        named[survey][answer] = n
    for row in rows:
        pk, asked = row["survey_id"], (row["asked_of"], row["asked"], row["replied"])
        found = results(*asked, counts[pk], named[pk], row["trusts"])
        told = asdict(found)
        row |= {name: told[name] for name in ("base", "unreported", "trusts", "no_reply", "not_asked", "not_known")}
        row |= {"results": list(told["found"]), "base_words": found.base_words, "sentence": f"{found.sentence()}."}
        row["summary"] = found
    return rows


def one(user: Any, moment: Moment, ref: str) -> dict[str, Any] | None:
    """One survey, finished; None where it was not known by the day."""
    if "\0" in ref:
        return None
    found = list(rows(user, moment).filter(ref=ref.upper()))
    return finish(user, moment, found)[0] if found else None


def open_for(user: Any, moment: Moment) -> list[dict[str, Any]]:
    """Surveys of trusts that still ask on the day, for each trust that the user leads: `ref`, `title`, `question`,
    `ends`, `code` and `name` of the trust, and its `answer` so far (null: none). A survey without a last day is a
    report of what was, and asks nobody. One query where the user leads one."""
    codes = objects_of(user, "pct_lead")
    if not codes:
        return []
    asking = Q(ends__gte=moment.as_of) & (Q(begins=None) | Q(begins__lte=moment.as_of))
    asked = list(rows(user, moment).filter(asking, asked_of=Asked.TRUSTS).order_by("ends", "ref"))
    return [
        {**{name: row[name] for name in ("ref", "title", "question", "ends")}, **trust}
        for row in asked
        for trust in _answers(user, moment, row["survey_id"], moment).filter(code__in=codes).order_by("code")
    ]


def answers(user: Any, moment: Moment, survey: dict[str, Any]) -> QuerySet:
    """Each trust of the survey's day, with what it answered by the moment; `answer` null: not known. Of GPs and
    practices none."""
    found = _answers(user, moment, survey["survey_id"], Moment(survey["day"], moment.known_at, moment.latest))
    return found if survey["asked_of"] == Asked.TRUSTS else found.none()


def _answers(user: Any, moment: Moment, survey: int, day: Moment) -> QuerySet:
    own = Q(survey_answers__survey=survey) & moment.q("survey_answers__")
    return (
        ParentBody.objects.visible_to(user)
        .annotate(
            _own=on_day("particulars", day),
            _above=on_day("_own__above__particulars", day),
            _answer=FilteredRelation("survey_answers", condition=own),
        )
        .filter(Q(_own__kind__in=PCT_KINDS) | Q(_answer__isnull=False))
        .values(
            "code",
            name=F("_own__name"),
            sha_code=F("_own__above__code"),
            sha_name=F("_above__name"),
            answer=F("_answer__answer"),
            words=Coalesce("_answer__words", Value("")),
            answered_on=first_day("_answer__effective"),
        )
    )


def of_trust(user: Any, moment: Moment, code: str) -> QuerySet:
    """What one trust answered, to each survey known by the day, the newest first."""
    told = SurveyAnswer.objects.visible_to(user).at(moment).filter(body__code=code)
    found: QuerySet[Any, Any] = told.annotate(_survey=on_day("survey__particulars", moment)).filter(
        _survey__isnull=False
    )
    return found.order_by("-effective", "-survey__ref").values(
        "answer",
        "words",
        ref=F("survey__ref"),
        title=F("_survey__title"),
        question=F("_survey__question"),
        answered_on=first_day(),
    )


class Filters(ReadFilters):
    ref = CodeFilter(label="Reference", known=known.SURVEY)
    asked_of = django_filters.ChoiceFilter(choices=Asked.choices, label="Who was asked")
    q = django_filters.CharFilter("title", lookup_expr="icontains", label="Title")
