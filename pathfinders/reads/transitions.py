"""How far each trust had handed over, as the best evidence of the day says (domain.md section 4; F4, F8).

A row for each primary care trust that the programme knew: in life on the day, or closed by it (`known_trusts`). Where
no evidence speaks the stage is null: not known, never a no. Of a trust that has ended its life says that it is closed;
whether it had begun, and what was said of it, are those of its last day.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject

from pathfinders.reads import known, known_trusts, parents
from pathfinders.reads.addresses import addressed
from pathfinders.reads.filtering import CodeFilter, ReadFilters, WordFilter
from pathfinders.reads.finding import PARENTS, narrowed
from pathfinders.reads.joins import final_day, first_day, on_day
from practices.models import PracticeParent
from registry.models.fact import Upper
from registry.moment import Moment
from transitions.bodies_end import CLOSED
from transitions.models import EvidenceKind, PlannedStage, TransitionStage, TransitionWord, TransitionWordKind
from transitions.stages import TOLD, best_first, evidence_of, said_at
from transitions.words import given, of_word

KEY = ("code",)
ORDERINGS: dict[str, Any] = {
    "code": F("code"),
    "name": F("name"),
    "stage": Coalesce(F("stage_position"), Value(0)),
    "evidence_date": Coalesce(F("evidence_said_on"), Value(date.min)),
    "planned_day": Coalesce(F("planned_day"), Value(date.max)),
}
UNKNOWN = "unknown"
STAGE = TransitionWordKind.STAGE
EVIDENCE = {"ref": "evidence__ref", **{f: f"{TOLD}__{f}" for f in ("kind", "title", "said_on", "words", "url")}}


def rows(user: Any, moment: Moment) -> QuerySet:
    """Every trust that the programme knew by the day."""
    joined = placed(user, moment).annotate(
        _last_day=final_day("_own__effective"),
        _stage=FilteredRelation("stages", condition=Q(stages__pk=Subquery(_best(user, moment).values("pk")))),
        _source=evidence_of("_stage__evidence__particulars", moment),
        _shown=Case(When(known_trusts.ended(moment), then=Value(CLOSED)), default=F("_stage__stage")),
        stage_position=of_word(STAGE, "position", "_shown"),
    )
    joined = joined.annotate(
        _plan=FilteredRelation("planned_stages", condition=Q(planned_stages__pk=Subquery(_next_plan(user, moment)))),
        _plan_source=evidence_of("_plan__evidence__particulars", moment),
    )
    return joined.values(
        "code",
        "stage_position",
        **_place(user, moment),
        **_stage(user, moment),
        **_planned(moment),
        said_list=Case(
            When(known_trusts.ended(moment), then=_said_last(user, moment)), default=_also_said(user, moment)
        ),
    )


def placed(user: Any, moment: Moment) -> QuerySet:
    """These trusts with the cluster of the day (`_place`, `_cluster`)."""
    trusts = known_trusts.known_trusts(user, moment)
    return trusts.annotate(
        _place=on_day("cluster_places", moment), _cluster=on_day("_place__cluster__particulars", moment)
    )


def _place(user: Any, moment: Moment) -> dict[str, Any]:
    return {
        **known_trusts.columns(user, moment),
        "cluster_ref": F("_place__cluster__ref"),
        "cluster_name": F("_cluster__name"),
    }


def _best(user: Any, moment: Moment) -> QuerySet:
    return best_first(said_at(user, moment).filter(body=OuterRef("pk")), moment)[:1]


def _stage(user: Any, moment: Moment) -> dict[str, Any]:
    return {
        "stage": F("_shown"),
        "stage_label": of_word(STAGE, "label", "_shown"),
        "begun": Case(
            When(known_trusts.ended(moment), then=_last_begun(user, moment)), default=of_word(STAGE, "begun", "_shown")
        ),
        "since": Case(
            When(known_trusts.ended(moment), then=Upper("_own__effective", output_field=DateField())),
            default=_since(user, moment),
        ),
        "stage_note": F("_stage__note"),
        "evidence_ref": F("_stage__evidence__ref"),
        **{f"evidence_{f}": F(f"_source__{f}") for f in ("kind", "title", "said_on", "words", "url")},
    }


def _since(user: Any, moment: Moment) -> Subquery:
    """The first day of the unbroken run of this stage by this evidence; null also where it is from before all records."""
    told = TransitionStage.objects.visible_to(user).known(moment)
    same = told.filter(body=OuterRef("pk"), evidence=OuterRef("_stage__evidence"), stage=OuterRef("_stage__stage"))
    joins = told.filter(
        body=OuterRef("body"),
        evidence=OuterRef("evidence"),
        stage=OuterRef("stage"),
        effective__endswith=OuterRef("effective__startswith"),
    )
    begun = same.filter(Q(effective__startswith__lte=moment.as_of) | Q(effective__startswith=None))
    runs = begun.filter(~Exists(joins)).annotate(_first=first_day())
    return Subquery(runs.order_by(F("_first").desc(nulls_last=True)).values("_first")[:1])


def _also_said(user: Any, moment: Moment) -> ArraySubquery:
    """What other evidence says of the same day that differs, the best first: said no earlier than what is shown began,
    for what was said before is overtaken, and is history."""
    others = said_at(user, moment).filter(body=OuterRef("pk")).exclude(stage=OuterRef("_stage__stage"))
    before_all = Value(date.min, DateField())
    shown = Coalesce(OuterRef("_stage__effective__startswith"), before_all)
    others = others.alias(_began=Coalesce(first_day(), before_all)).filter(_began__gte=shown)
    return ArraySubquery(best_first(others, moment).values(_=_said()))


def _said() -> JSONObject:
    return JSONObject(stage="stage", stage_label=of_word(STAGE, "label", "stage"), note="note", **EVIDENCE)


def _on_last_day(user: Any, moment: Moment) -> QuerySet:
    """What the best evidence says of the last day of a trust that has ended."""
    return _best(user, moment.each(OuterRef("_last_day")))


def _said_last(user: Any, moment: Moment) -> ArraySubquery:
    return ArraySubquery(_on_last_day(user, moment).values(_=_said()))


def _last_begun(user: Any, moment: Moment) -> Subquery:
    """Whether it had begun at its end; null where nothing was known of that day."""
    return Subquery(_on_last_day(user, moment).values(_begun=of_word(STAGE, "begun", "stage")))


def _next_plan(user: Any, moment: Moment) -> QuerySet:
    """Of the plans that stand on the day: the first whose stage is not reached, else the last that is."""
    position = of_word(STAGE, "position", "stage")
    plans = PlannedStage.objects.visible_to(user).at(moment).filter(body=OuterRef("pk")).alias(_position=position)
    here = TransitionWord.objects.visible_to(user).of(STAGE).filter(key=OuterRef(OuterRef("_shown"))).order_by()
    ahead = Q(_position__gt=Coalesce(Subquery(here.values("position")[:1]), Value(0)))
    plans = plans.alias(_reached=Case(When(ahead, then=Value(False)), default=Value(True)))
    return plans.order_by("_reached", "day", "stage").values("pk")[:1]


def _planned(moment: Moment) -> dict[str, Any]:
    position = of_word(STAGE, "position", "_plan__stage")
    past, known = Q(_plan__day__lt=moment.as_of), Q(stage_position__isnull=False)
    reached = Case(
        When(~known | Q(_plan__pk=None), then=None),
        When(stage_position__gte=position, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    behind = Case(
        When(_plan__pk=None, then=None),
        When(~past, then=Value(False)),
        When(~known, then=None),
        When(stage_position__gte=position, then=Value(False)),
        default=Value(True),
        output_field=BooleanField(),
    )
    return {
        "planned_stage": F("_plan__stage"),
        "planned_stage_label": of_word(STAGE, "label", "_plan__stage"),
        "planned_day": F("_plan__day"),
        "planned_words": F("_plan__words"),
        "planned_why": F("_plan__why"),
        "planned_known_from": first_day("_plan__effective"),
        "planned_evidence": F("_plan__evidence__ref"),
        "planned_reached": reached,
        "behind": behind,
    }


def finish(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to a page's rows how often the shown plan slipped, the practices under each and the evidence's age."""
    rows = parents.finish(user, moment, rows)
    codes = [row["code"] for row in rows if row["planned_stage"]]
    days = plan_days(user, moment, codes) if codes else {}
    for row in rows:
        row["practices"] = row.pop("practice_count")
        told = days.get((row["code"], row["planned_stage"]), [])
        row["planned_first_day"] = told[0] if told else None
        row["planned_slipped"] = slips(told) if row["planned_stage"] else None
        said_on = row["evidence_said_on"]
        row["evidence_age_days"] = (moment.as_of - said_on).days if said_on else None
    return rows


def plan_days(user: Any, moment: Moment, codes: list[str]) -> dict[tuple[str, str], list[date]]:
    """By trust and stage: the planned day of each version made known by the day, the first one first."""
    told = PlannedStage.objects.visible_to(user).known(moment).filter(body__code__in=codes)
    begun = told.filter(Q(effective__startswith__lte=moment.as_of) | Q(effective__startswith=None))
    found: dict[tuple[str, str], list[date]] = {}
    for code, stage, day in begun.order_by("effective").values_list("body__code", "stage", "day"):
        found.setdefault((code, stage), []).append(day)
    return found


def slips(days: list[date]) -> int:
    """How often a plan moved to a later day."""
    return sum(later > earlier for earlier, later in zip(days, days[1:], strict=False))


def counts(user: Any, moment: Moment, trusts: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """How many trusts in life are at each stage, those not known apart: `{"stages": [{stage, label, begun, count}],
    "known", "unknown", "trusts", "begun", "behind"}`, a share being of `known`; and `closed`: those in life no more, which
    are in no other figure. `trusts`: all `rows`, for who has read them."""
    if trusts is None:
        told = list(rows(user, moment).values_list("stage", "behind", "closed"))
    else:
        told = [(row["stage"], row["behind"], row["closed"]) for row in trusts]
    found = [(stage, behind) for stage, behind, closed in told if closed is None]
    by_stage: dict[str | None, int] = {}
    for stage, _ in found:
        by_stage[stage] = by_stage.get(stage, 0) + 1
    unknown = by_stage.pop(None, 0)
    stages = [
        {"stage": w.key, "label": w.label, "begun": w.begun, "count": by_stage.get(w.key, 0)}
        for w in given(user, moment, STAGE, [*filter(None, by_stage)])
    ]
    return {
        "stages": stages,
        "known": len(found) - unknown,
        "unknown": unknown,
        "trusts": len(found),
        "closed": len(told) - len(found),
        "begun": sum(row["count"] for row in stages if row["begun"]),
        "behind": sum(behind is True for _, behind in found),
    }


class Filters(ReadFilters):
    pct = CodeFilter("code", label="Primary care trust", known=known.PCT)
    q = django_filters.CharFilter(method="search", label="Name or code")
    sha = CodeFilter("sha_code", label="Strategic health authority", known=known.SHA)
    cluster = CodeFilter("cluster_ref", label="Cluster", known=known.CLUSTER)
    stage = WordFilter(method="at_stage", label="Stage, or unknown", known=known.STAGE_OR_UNKNOWN)
    begun = django_filters.BooleanFilter(label="Hand-over has begun (where the stage is known)")
    closed = django_filters.BooleanFilter(
        "closed", lookup_expr="isnull", exclude=True, label="Closed by the day, or in life on it"
    )
    behind = django_filters.BooleanFilter(label="Behind its own plan (where the stage is known)")
    evidence = django_filters.MultipleChoiceFilter("evidence_kind", choices=EvidenceKind.choices, label="Evidence")
    postcode = django_filters.CharFilter(method="near", label="Postcode, its first half, or a town (approximate)")
    evidence_before = django_filters.DateFilter("evidence_said_on", lookup_expr="lt", label="Evidence older than")

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return narrowed(queryset, PARENTS, None, self.moment, text)

    def near(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        """Those above a practice that has its address there."""
        under = PracticeParent.objects.visible_to(None).at(self.moment)
        return queryset.filter(pk__in=under.filter(practice__in=addressed(None, self.moment, text)).values("parent"))

    def at_stage(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        key = value.strip().lower()
        return queryset.filter(stage=None) if key == UNKNOWN else queryset.filter(stage=key)
