"""Facts version by version, of any day: what `history=1` answers of budgets, local bodies, surveys and their answers.

Each version is one fact, with its own days, when the register said so and, where it did, took it back, and why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

import django_filters
from django.db.models import BigIntegerField, Case, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from pathfinders.reads import budgets, known
from pathfinders.reads.filtering import CodeFilter, ReadFilters, WordFilter
from pathfinders.reads.joins import both_clocks, first_day, last_told
from practices.models import BodyKind, BodyParticulars
from registry.models.fact import Fact
from registry.moment import Moment
from transitions.models import (
    BudgetLine,
    LocalBodyParticulars,
    LocalBodyStatus,
    SurveyAnswer,
    SurveyParticulars,
    SurveyReply,
    TransitionWordKind,
)
from transitions.models.survey import Asked
from transitions.stages import TOLD, with_evidence
from transitions.words import of_word

PROOF = ("kind", "title", "publisher", "said_on", "words", "url")


@dataclass(frozen=True)
class Versions:
    """With the face of a read. `own`: fields of the fact, and `told`: the other columns of a version; `superseded`: also those taken back by then; `only`:
    of one survey."""

    facts: type[Fact]
    own: tuple[str, ...]
    told: Callable[[Any, QuerySet, Moment], QuerySet]
    Filters: type[ReadFilters]
    orderings: Mapping[str, Any]
    superseded: bool = False
    only: Mapping[str, Any] = field(default_factory=dict)
    KEY = ("opened_by_id", "opened_position")

    @property
    def ORDERINGS(self) -> dict[str, Any]:  # noqa: N802 - as the reads' constants are called
        return {**self.orderings, "effective_from": Coalesce(F("_from"), Value(date.min, DateField()))}

    def asked(self, history: str) -> Self:
        """As a request asks: `history=all`."""
        return replace(self, superseded=history == "all")

    def of(self, **only: Any) -> Self:
        return replace(self, only=only)

    def rows(self, user: Any, moment: Moment) -> QuerySet:
        facts = self.facts.objects.visible_to(user).filter(**self.only)  # type: ignore[attr-defined]
        if not self.superseded:
            facts = facts.known(moment)
        elif not moment.latest:
            facts = facts.filter(recorded__startswith__lte=moment.known_at)
        told = self.told(user, facts, moment).alias(_from=first_day())
        found = [name for name in told.query.annotations if not name.startswith("_")]
        return told.values(
            "opened_by_id",
            "opened_position",
            *self.own,
            *found,
            **both_clocks(moment),
            recorded_kind=F("opened_by__kind"),
            recorded_why=F("opened_by__reason"),
        )


def proven(facts: QuerySet, moment: Moment, path: str = "evidence") -> QuerySet:
    """With the columns of the evidence of each."""
    columns = {f"evidence_{name}": F(f"{TOLD}__{name}") for name in PROOF}
    return with_evidence(facts, moment, path).annotate(evidence_ref=F(f"{path}__ref"), **columns)


def above(user: Any, facts: QuerySet, moment: Moment, path: str) -> QuerySet:
    """With the trust of each as last told by the day (`_pct`), and the authority above it (`_sha`)."""
    bodies = BodyParticulars.objects.visible_to(user)
    return facts.annotate(
        _pct=last_told(bodies, f"{path}__particulars", "body", path, moment),
        _sha=last_told(bodies, "_pct__above__particulars", "body", "_pct__above", moment),
    )


def _sha() -> dict[str, Any]:
    is_sha = Q(_sha__kind=BodyKind.SHA)
    return {
        "sha_code": Case(When(is_sha, then=F("_pct__above__code"))),
        "sha_name": Case(When(is_sha, then=F("_sha__name"))),
    }


def _budget(user: Any, lines: QuerySet, moment: Moment) -> QuerySet:
    told = budgets.summed(above(user, proven(lines, moment), moment, "pct"))
    return told.annotate(
        pct_code=F("pct__code"),
        pct_name=F("_pct__name"),
        **_sha(),
        line_key=F("line"),
        line_label=of_word(TransitionWordKind.LINE, "label", "line"),
        eligible=of_word(TransitionWordKind.LINE, "eligible", "line"),
    )  # fmt: skip


class BudgetFilters(ReadFilters):
    pct = CodeFilter("pct__code", label="Primary care trust", known=known.PCT)
    sha = CodeFilter("sha_code", label="Strategic health authority", known=known.SHA)
    year = django_filters.CharFilter(
        method="by_year", label="Financial year as 2011/12; all without it", validators=[budgets.known_year]
    )
    line = WordFilter("line", label="Service line, as all or maternity", known=known.LINE)
    adds_up = budgets.Filters.base_filters["adds_up"]

    by_year = budgets.Filters.by_year


def _local_body(user: Any, facts: QuerySet, moment: Moment) -> QuerySet:
    told = above(user, proven(facts, moment), moment, "pct")
    return told.annotate(
        ref=F("local_body__ref"),
        kind_label=of_word(TransitionWordKind.ARRANGEMENT, "label", "kind"),
        pct_code=F("pct__code"),
        pct_name=F("_pct__name"),
        **_sha(),
        consortium_ref=F("consortium__ref"),
        replaces_ref=F("replaces__ref"),
    )  # fmt: skip


class LocalBodyFilters(ReadFilters):
    ref = CodeFilter("local_body__ref", label="Reference", known=known.LOCAL_BODY)
    q = django_filters.CharFilter("name", lookup_expr="icontains", label="Name")
    kind = WordFilter(label="Kind, as locality_board", known=known.ARRANGEMENT)
    pct = CodeFilter("pct__code", label="Primary care trust", known=known.PCT)
    consortium = CodeFilter("consortium__ref", label="Consortium", known=known.CONSORTIUM)
    status = django_filters.ChoiceFilter(choices=LocalBodyStatus.choices, label="Planned, running or halted")


def _survey(user: Any, facts: QuerySet, moment: Moment) -> QuerySet:
    return proven(facts, moment).annotate(ref=F("survey__ref"))


class SurveyFilters(ReadFilters):
    ref = CodeFilter("survey__ref", label="Reference", known=known.SURVEY)
    asked_of = django_filters.ChoiceFilter(choices=Asked.choices, label="Who was asked")
    q = django_filters.CharFilter("title", lookup_expr="icontains", label="Title")


def _answer(user: Any, facts: QuerySet, moment: Moment) -> QuerySet:
    told = above(user, facts, moment, "body")
    return told.annotate(code=F("body__code"), name=F("_pct__name"), **_sha())


class AnswerFilters(ReadFilters):
    answer = django_filters.ChoiceFilter(choices=SurveyReply.choices, label="Answer")
    code = CodeFilter("body__code", label="Primary care trust", known=known.PCT)
    sha = CodeFilter("sha_code", label="Strategic health authority", known=known.SHA)


BUDGETS = Versions(
    BudgetLine,
    ("year", *budgets.FIGURES, "rounding", "note"),
    _budget,
    BudgetFilters,
    {"pct_code": F("pct_code"), "year": F("year"), "total": Coalesce(F("total"), Value(-1, BigIntegerField()))},
)
LOCAL_BODIES = Versions(
    LocalBodyParticulars,
    ("kind", "name", "status", "reserved", "people_words", "clinical_leads", "agreed_until", "exit_terms"),
    _local_body,
    LocalBodyFilters,
    {"ref": F("ref"), "name": F("name"), "kind": F("kind")},
)
SURVEYS = Versions(
    SurveyParticulars,
    ("title", "question", "asked_of", "asked", "replied", "begins", "ends", "words"),
    _survey,
    SurveyFilters,
    {"ref": F("ref"), "title": F("title")},
)
ANSWERS = Versions(
    SurveyAnswer, ("answer", "words"), _answer, AnswerFilters, {"code": F("code"), "answer": F("answer")}
)
