"""Local bodies and arrangements as they were on a day: what each is, under whom, and on what evidence (F9)."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Upper

from pathfinders.reads import known
from pathfinders.reads.filtering import CodeFilter, ReadFilters, WordFilter
from pathfinders.reads.joins import final_day, first_day, on_day
from practices.models import BodyKind
from registry.moment import Moment
from transitions.models import (
    Delegation,
    LocalBody,
    LocalBodyParticulars,
    LocalBodyStatus,
    TransitionWordKind,
)
from transitions.stages import evidence_of
from transitions.words import of_word

KEY = ("ref",)
ORDERINGS = {"ref": F("ref"), "name": F("name"), "kind": F("kind"), "pct": F("pct_code"), "began": F("began")}
KIND = TransitionWordKind.ARRANGEMENT
OWN = (
    "kind", "name", "status", "reserved", "people_words", "clinical_leads", "agreed_until", "exit_terms",
)  # fmt: skip
EVIDENCE = ("kind", "title", "said_on", "words", "url")


def rows(user: Any, moment: Moment) -> QuerySet:
    """Every local body that is there on the day, planned and halted ones too."""
    bodies = LocalBody.objects.visible_to(user).annotate(
        _own=on_day("particulars", moment),
        _pct=on_day("_own__pct__particulars", moment),
        _sha=on_day("_pct__above__particulars", moment),
        _group=on_day("_own__consortium__particulars", moment),
        _source=evidence_of("_own__evidence__particulars", moment),
    )
    is_sha = Q(_sha__kind=BodyKind.SHA)
    return bodies.filter(_own__isnull=False).values(
        "ref",
        **{name: F(f"_own__{name}") for name in OWN},
        kind_label=of_word(KIND, "label", "_own__kind"),
        pct_code=F("_own__pct__code"),
        pct_name=F("_pct__name"),
        sha_code=Case(When(is_sha, then=F("_pct__above__code"))),
        sha_name=Case(When(is_sha, then=F("_sha__name"))),
        consortium_ref=F("_own__consortium__ref"),
        consortium_name=F("_group__name"),
        replaces=F("_own__replaces__ref"),
        successor_list=_replaced_by(user, moment),
        began=_edge(user, moment, "effective"),
        ended=_edge(user, moment, "-effective"),
        evidence_ref=F("_own__evidence__ref"),
        **{f"evidence_{name}": F(f"_source__{name}") for name in EVIDENCE},
    )


def _edge(user: Any, moment: Moment, order: str) -> Subquery:
    """The first day of a local body's life, or its inclusive last day."""
    spells = (
        LocalBodyParticulars.objects.visible_to(user).known(moment).filter(local_body=OuterRef("pk")).order_by(order)
    )
    return Subquery(spells.values(day=first_day() if order == "effective" else final_day())[:1])


def _replaced_by(user: Any, moment: Moment) -> ArraySubquery:
    """The references of those that replaced it, whenever they did."""
    later = LocalBodyParticulars.objects.visible_to(user).known(moment).filter(replaces=OuterRef("pk"))
    return ArraySubquery(later.order_by("local_body__ref").values("local_body__ref").distinct())


def under(user: Any, moment: Moment, *, pct: str = "", consortium: str = "") -> QuerySet:
    """Those under a trust, or a consortium, on the day, by name."""
    asked = {"pct_code": pct} if pct else {"consortium_ref": consortium}
    return rows(user, moment).filter(**asked).order_by("name", "ref")


def held(user: Any, moment: Moment, ref: str) -> list[dict[str, Any]]:
    """The parts of budgets delegated to it, of any day as known at the moment, in the order of years and lines."""
    told = Delegation.objects.visible_to(user).known(moment).filter(holder=ref)
    line = of_word(TransitionWordKind.LINE, "label", "line")
    parts: Any = told.order_by("year", "line", "effective").values(
        "year",
        "amount",
        "level",
        "note",
        line_label=line,
        pct_code=F("pct__code"),
        evidence_ref=F("evidence__ref"),
        first=first_day(),
        last=final_day(),
    )
    return list(parts)


class Filters(ReadFilters):
    ref = CodeFilter(label="Reference", known=known.LOCAL_BODY)
    q = django_filters.CharFilter(method="search", label="Name or reference")
    kind = WordFilter(label="Kind, as locality_board", known=known.ARRANGEMENT)
    pct = CodeFilter("pct_code", label="Primary care trust", known=known.PCT)
    sha = CodeFilter("sha_code", label="Strategic health authority", known=known.SHA)
    consortium = CodeFilter("consortium_ref", label="Consortium", known=known.CONSORTIUM)
    status = django_filters.ChoiceFilter(choices=LocalBodyStatus.choices, label="Planned, running or halted")

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return queryset.alias(_name=Upper("name")).filter(
            Q(_name__contains=text.strip().upper()) | Q(ref=text.strip().upper())
        )
