"""What the register says of a trust's stage on a day: of all that is said, the best evidence's (F4)."""

from __future__ import annotations

from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from practices.models import ParentBody
from registry.moment import Moment
from transitions.models import TransitionStage, rank_of, voice_of

TOLD = "_told"
"""The relation to what the evidence of a fact is."""


def with_evidence(facts: QuerySet, moment: Moment, path: str = "evidence") -> QuerySet:
    """Joins what the evidence of each fact is as `_told`."""
    return facts.annotate(**{TOLD: evidence_of(f"{path}__particulars", moment)})


def evidence_of(relation: str, moment: Moment) -> FilteredRelation:
    """What evidence is, as known at the moment: `annotate(_source=evidence_of("evidence__particulars", moment))`. It has
    no life: what a report of 2012 says of 2011 is said of a day before it was written."""
    latest = Q(**{f"{relation}__effective__upper_inf": True}) & moment.recorded_q(f"{relation}__")
    return FilteredRelation(relation, condition=latest)


def best_first(facts: QuerySet, moment: Moment, path: str = "evidence") -> QuerySet:
    """The strongest voice first; of one voice what began last, which overtakes what it said before; then the strongest
    kind, the newest, the last recorded."""
    return with_evidence(facts, moment, path).order_by(
        voice_of(f"{TOLD}__kind"),
        F("effective__startswith").desc(nulls_last=True),
        rank_of(f"{TOLD}__kind"),
        F(f"{TOLD}__said_on").desc(nulls_last=True),
        F(f"{path}__pk").desc(),
    )


def said_at(user: Any, moment: Moment) -> QuerySet:
    """What each evidence says of each trust at the moment."""
    return TransitionStage.objects.visible_to(user).at(moment)


def stage_on(moment: Moment, pct: ParentBody, user: Any = None) -> TransitionStage | None:
    """What the register says of one trust; None is not known."""
    return best_first(said_at(user, moment).filter(body=pct), moment).first()
