"""Which practice was in which consortium: on a day, or spell by spell."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import DateField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce

from consortia.models import Membership, MembershipStatus, Proof
from pathfinders.reads import known
from pathfinders.reads.filtering import CodeFilter, ReadFilters, WholeNumberFilter, WordFilter, words
from pathfinders.reads.joins import area, both_clocks, first_day, on_day, with_parent
from pathfinders.reads.programme import BASES, standing_places
from registry.moment import Moment

KEY = ("practice_code", "opened_by_id", "opened_position")
ORDERINGS = {
    "practice": F("practice_code"),
    "consortium": F("consortium_ref"),
    # From before all records: a page goes on from a value, never from a null.
    "effective_from": Coalesce(F("_from"), Value(date.min, DateField())),
}


def rows(user: Any, moment: Moment) -> QuerySet:
    """Memberships on the day: one a practice at most."""
    return _rows(Membership.objects.visible_to(user).at(moment), moment)


def history(user: Any, moment: Moment, *, superseded: bool = False) -> QuerySet:
    """One row a spell, of any day, as known at the moment; with `superseded` also those that the register had said
    by then and taken back. Names and areas are those of `as_of`."""
    spells = Membership.objects.visible_to(user)
    if not superseded:
        return _rows(spells.known(moment), moment)
    return _rows(spells if moment.latest else spells.filter(recorded__startswith__lte=moment.known_at), moment)


def _rows(spells: QuerySet, moment: Moment) -> QuerySet:
    joined = spells.annotate(
        _own=on_day("practice__particulars", moment), _group=on_day("consortium__particulars", moment)
    ).alias(_from=first_day())
    return with_parent(joined, moment, prefix="practice__").values(
        "status",
        "reason",
        "proof",
        "basis",
        "opened_by_id",
        "opened_position",
        practice_code=F("practice__code"),
        practice_name=F("_own__name"),
        consortium_ref=F("consortium__ref"),
        consortium_name=F("_group__name"),
        **area(),
        **both_clocks(moment),
    )


UNPROVED = "none"
PROOFS = [(word or UNPROVED, label) for word, label in Proof.choices]


class Filters(ReadFilters):
    practice = CodeFilter("practice_code", label="Practice", known=known.PRACTICE)
    consortium = CodeFilter("consortium_ref", label="Consortium", known=known.CONSORTIUM)
    status = django_filters.ChoiceFilter(choices=MembershipStatus.choices, label="Status")
    reason = WordFilter("reason", label="Reason", known=known.MEMBERSHIP_REASON)
    proof = django_filters.ChoiceFilter(choices=PROOFS, method="by_proof", label="By what the answer came")
    pct = CodeFilter("pct_code", label="Primary care trust", known=known.PCT)
    sha = CodeFilter("sha_code", label="Strategic health authority", known=known.SHA)
    pathfinder = CodeFilter(method="by_pathfinder", label="Pathfinder", known=known.PATHFINDER)
    wave = WholeNumberFilter(method="by_wave", label="Wave", known=known.WAVE)
    basis = django_filters.ChoiceFilter(choices=words(*BASES), method="with_others", label="Announced or live")

    def by_proof(self, queryset: QuerySet, name: str, word: str) -> QuerySet:
        return queryset.filter(proof="" if word == UNPROVED else word)

    def by_pathfinder(self, queryset: QuerySet, name: str, ref: str) -> QuerySet:
        return queryset.filter(self._placed(pathfinder__ref=ref.strip().upper()))

    def by_wave(self, queryset: QuerySet, name: str, number: int) -> QuerySet:
        return queryset.filter(self._placed(_of__wave=number))

    def with_others(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset  # read by `pathfinder` and `wave`

    def _placed(self, **conditions: Any) -> Exists:
        places = standing_places(None, self.moment, self.asked("basis", "announced"))
        return Exists(places.filter(consortium=OuterRef("consortium_id"), **conditions))
