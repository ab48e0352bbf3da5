"""The sources of what the register says of the transition, and how much rests on each."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from consortia.models import ConsortiumParticulars
from pathfinders.reads import known
from pathfinders.reads.filtering import CodeFilter, ReadFilters, SelectOne, WholeNumberFilter
from pathfinders.reads.joins import final_day, first_day
from practices.models import BodyParticulars
from registry.models.fact import Fact
from registry.moment import Moment
from transitions.models import (
    BudgetLine,
    Delegation,
    Evidence,
    EvidenceDocument,
    EvidenceKind,
    LocalBodyParticulars,
    PlannedStage,
    SurveyParticulars,
    TransitionStage,
    TransitionWordKind,
    rank_of,
)
from transitions.resting import OF_TRUSTS
from transitions.stages import evidence_of
from transitions.words import of_word

KEY = ("ref",)
ORDERINGS: dict[str, Any] = {
    "ref": F("ref"),
    "kind": rank_of("kind"),
    "said_on": Coalesce(F("said_on"), Value(date.min, DateField())),
}
RESTS: dict[str, type[Fact]] = {
    "Stage": TransitionStage,
    "Planned stage": PlannedStage,
    "Local body": LocalBodyParticulars,
    "Budget": BudgetLine,
    "Delegated budget": Delegation,
    "Survey": SurveyParticulars,
}
"""The kinds of facts that name their evidence, in words."""
_BODY = {TransitionStage: "body__code", PlannedStage: "body__code", BudgetLine: "pct__code", Delegation: "pct__code"}
_MONEY = (BudgetLine, Delegation)
_SAID = {
    TransitionStage: "stage",
    PlannedStage: "stage",
    LocalBodyParticulars: "name",
    BudgetLine: "year",
    Delegation: "year",
    SurveyParticulars: "title",
}


def rows(user: Any, moment: Moment) -> QuerySet:
    """Every source that was known at the moment, with how many facts rest on it. Evidence has no life: the day asked
    for does not matter."""
    found = (
        Evidence.objects.visible_to(user)
        .annotate(_told=evidence_of("particulars", moment))
        .filter(_told__isnull=False)
    )
    return found.values(
        "ref",
        **{name: F(f"_told__{name}") for name in ("kind", "title", "publisher", "said_on", "words", "url")},
        **{f"rests_{n}": _count(model, moment) for n, model in enumerate(RESTS.values())},
        document_list=_documents(user, moment),
        withdrawn_list=_withdrawn(user, moment),
    )


def _documents(user: Any, moment: Moment) -> ArraySubquery:
    """The documents that the register held of it at that instant; of one withdrawn since, only the bytes are not given out."""
    held = EvidenceDocument.objects.visible_to(user).known(moment).filter(evidence=OuterRef("pk"))
    told = JSONObject(name="name", kind="kind", size="size", sha256="sha256")
    return ArraySubquery(held.order_by("pk").values(_=told))


def _withdrawn(user: Any, moment: Moment) -> ArraySubquery:
    """The entries that had withdrawn documents of it by that instant."""
    gone = EvidenceDocument.objects.visible_to(user).filter(evidence=OuterRef("pk"), closed_by__isnull=False)
    if not moment.latest:
        gone = gone.filter(closed_by__at__lte=moment.known_at)
    return ArraySubquery(gone.order_by("closed_by").values("closed_by"))


def finish(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add `rests`: how many facts rest on it."""
    for row in rows:
        row["rests"] = sum(row.pop(f"rests_{n}") or 0 for n in range(len(RESTS)))
    return rows


def resting(user: Any, moment: Moment, ref: str) -> list[dict[str, Any]]:
    """Everything that rests on the evidence, of any day, as known at the moment: `what`, `code` (of the trust, local
    body or survey), `said`, `effective_from`, `effective_to`, `name` (of the trust, the last that it had), `line` (of a
    budget), `holder` (who a part of it is delegated to) and its name. One statement."""
    parts = {what: ArraySubquery(_facts(user, model, moment)) for what, model in RESTS.items()}
    named = {f"part_{n}": part for n, part in enumerate(parts.values())}
    found: Any = Evidence.objects.visible_to(user).filter(ref=ref).values(**named).first() or {}
    return [{"what": what} | fact for n, what in enumerate(parts) for fact in found.get(f"part_{n}", ())]


def _facts(user: Any, model: type[Fact], moment: Moment) -> QuerySet:
    code = _BODY.get(model) or ("local_body__ref" if model is LocalBodyParticulars else "survey__ref")
    facts = model._default_manager.known(moment).filter(evidence=OuterRef("pk"))  # type: ignore[attr-defined]
    told = JSONObject(
        code=code,
        said=_SAID[model],
        effective_from=first_day(),
        effective_to=final_day(),
        name=_last_name(user, BodyParticulars, "body__code", _BODY[model], moment)
        if model in _BODY
        else Value(None, CharField()),
        line=of_word(TransitionWordKind.LINE, "label", "line") if model in _MONEY else Value(None, CharField()),
        holder=F("holder") if model is Delegation else Value(None, CharField()),
        holder_name=_holder_name(user, moment) if model is Delegation else Value(None, CharField()),
    )
    return facts.order_by(code, "effective", "pk").values(_=told)


def _last_name(user: Any, kind: type[Fact], key: str, outer: str, moment: Moment) -> Subquery:
    """The last name that what the outer fact is about had, as known at the moment."""
    told = kind._default_manager.visible_to(user).known(moment)  # type: ignore[attr-defined]
    spells = told.filter(**{key: OuterRef(outer)})
    return Subquery(spells.order_by("-effective").values("name")[:1])


def _holder_name(user: Any, moment: Moment) -> Coalesce:
    return Coalesce(
        _last_name(user, ConsortiumParticulars, "consortium__ref", "holder", moment),
        _last_name(user, LocalBodyParticulars, "local_body__ref", "holder", moment),
    )


def _count(model: type[Fact], moment: Moment) -> Subquery:
    facts = model._default_manager.known(moment).filter(evidence=OuterRef("pk")).order_by()  # type: ignore[attr-defined]
    return Subquery(facts.values("evidence").annotate(n=Count("pk")).values("n"))


class Filters(ReadFilters):
    q = django_filters.CharFilter("title", lookup_expr="icontains", label="Title")
    kind = django_filters.MultipleChoiceFilter(choices=EvidenceKind.choices, label="Kind", widget=SelectOne)
    publisher = django_filters.CharFilter(lookup_expr="icontains", label="Who published it")
    pct = CodeFilter(method="of_trust", label="Primary care trust of which it says something", known=known.PCT)
    year = WholeNumberFilter("said_on__year", label="Year in which it said so", known=known.YEAR, such="2011")
    document = django_filters.BooleanFilter(method="with_document", label="Whether the register holds the document")

    def of_trust(self, queryset: QuerySet, name: str, code: str) -> QuerySet:
        """On which something rests, of any day, that is said of the trust."""
        said = Q()
        for model, path in OF_TRUSTS.items():
            facts = model._default_manager.known(self.moment).filter(evidence=OuterRef("pk"))  # type: ignore[attr-defined]
            said |= Q(Exists(facts.filter(**{path: code.strip().upper()})))
        return queryset.filter(said)

    def with_document(self, queryset: QuerySet, name: str, wanted: bool) -> QuerySet:
        held = EvidenceDocument.objects.known(self.moment).filter(evidence=OuterRef("pk"))
        return queryset.filter(Exists(held) if wanted else ~Exists(held))
