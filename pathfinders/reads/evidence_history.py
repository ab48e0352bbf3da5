"""What the register said that each source is, spell by spell: in the terms of the API's histories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django.db.models import DateField, F, QuerySet, Value
from django.db.models.functions import Coalesce

from pathfinders.reads import known
from pathfinders.reads.filtering import CodeFilter, ReadFilters, WholeNumberFilter
from pathfinders.reads.joins import both_clocks, first_day
from registry.moment import Moment
from transitions.models import EvidenceKind, EvidenceParticulars, rank_of


class Filters(ReadFilters):
    ref = CodeFilter(label="Reference", known=known.EVIDENCE)
    q = django_filters.CharFilter("title", lookup_expr="icontains", label="Title")
    kind = django_filters.MultipleChoiceFilter(choices=EvidenceKind.choices, label="Kind")
    publisher = django_filters.CharFilter(lookup_expr="icontains", label="Who published it")
    year = WholeNumberFilter("said_on__year", label="Year in which it said so", known=known.YEAR, such="2011")


@dataclass(frozen=True)
class History:
    """With the face of a read. `superseded`: also what the register had taken back by then."""

    superseded: bool = False
    KEY = ("ref", "opened_by_id", "opened_position")
    Filters = Filters
    ORDERINGS = {  # noqa: RUF012 - as the reads' constants are
        "ref": F("ref"),
        "kind": rank_of("kind"),
        "said_on": Coalesce(F("said_on"), Value(date.min, DateField())),
        "effective_from": Coalesce(F("_from"), Value(date.min, DateField())),
    }

    def asked(self, history: str) -> History:
        """As a request asks: `history=all`."""
        return History(superseded=history == "all")

    def rows(self, user: Any, moment: Moment) -> QuerySet:
        told = EvidenceParticulars.objects.visible_to(user)
        if not self.superseded:
            told = told.known(moment)
        elif not moment.latest:
            told = told.filter(recorded__startswith__lte=moment.known_at)
        return told.alias(_from=first_day()).values(
            *("kind", "title", "publisher", "said_on", "words", "url", "opened_by_id", "opened_position"),
            ref=F("evidence__ref"),
            **both_clocks(moment),
            recorded_kind=F("opened_by__kind"),
            recorded_action=F("opened_by__action"),
            recorded_by=F("opened_by__actor"),
            recorded_why=F("opened_by__reason"),
        )
