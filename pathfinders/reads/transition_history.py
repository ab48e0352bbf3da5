"""Every stage that evidence gave a trust, spell by spell, of any day (F4): in the terms of the API's histories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django.db.models import DateField, F, QuerySet, Value
from django.db.models.functions import Coalesce

from pathfinders.reads import known
from pathfinders.reads.filtering import CodeFilter, ReadFilters, WordFilter
from pathfinders.reads.joins import both_clocks, first_day
from registry.moment import Moment
from transitions.models import EvidenceKind, TransitionStage, TransitionWordKind
from transitions.stages import TOLD, with_evidence
from transitions.words import of_word

STAGE = TransitionWordKind.STAGE
COLUMNS = ("kind", "title", "publisher", "said_on", "words", "url")


class Filters(ReadFilters):
    pct = CodeFilter("code", label="Primary care trust", known=known.PCT)
    stage = WordFilter(label="Stage", known=known.STAGE)
    begun = django_filters.BooleanFilter(label="Hand-over has begun")
    evidence = django_filters.MultipleChoiceFilter("evidence_kind", choices=EvidenceKind.choices, label="Evidence")
    evidence_ref = CodeFilter(label="Reference of the evidence", known=known.EVIDENCE)


@dataclass(frozen=True)
class History:
    """With the face of a read. `superseded`: also what the register had taken back by then."""

    superseded: bool = False
    KEY = ("code", "opened_by_id", "opened_position")
    Filters = Filters
    ORDERINGS = {  # noqa: RUF012 - as the reads' constants are
        "code": F("code"),
        "stage": F("stage_position"),
        "evidence_date": Coalesce(F("evidence_said_on"), Value(date.min, DateField())),
        "effective_from": Coalesce(F("_from"), Value(date.min, DateField())),
    }

    def asked(self, history: str) -> History:
        """As a request asks: `history=all`."""
        return History(superseded=history == "all")

    def rows(self, user: Any, moment: Moment) -> QuerySet:
        return history(user, moment, superseded=self.superseded)


def history(user: Any, moment: Moment, *, superseded: bool = False) -> QuerySet:
    """Every spell of any day as known at the moment; with `superseded` also those taken back by then."""
    told = TransitionStage.objects.visible_to(user)
    if not superseded:
        told = told.known(moment)
    elif not moment.latest:
        told = told.filter(recorded__startswith__lte=moment.known_at)
    return (
        with_evidence(told, moment)
        .alias(_from=first_day(), stage_position=of_word(STAGE, "position", "stage"))
        .values(
            "stage",
            "note",
            "opened_by_id",
            "opened_position",
            code=F("body__code"),
            stage_label=of_word(STAGE, "label", "stage"),
            begun=of_word(STAGE, "begun", "stage"),
            evidence_ref=F("evidence__ref"),
            **{f"evidence_{f}": F(f"{TOLD}__{f}") for f in COLUMNS},
            **both_clocks(moment),
            recorded_kind=F("opened_by__kind"),
            recorded_action=F("opened_by__action"),
            recorded_by=F("opened_by__actor"),
            recorded_why=F("opened_by__reason"),
        )
    )
