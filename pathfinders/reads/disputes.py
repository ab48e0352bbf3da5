"""Memberships that their practice disputes, today or of a day to come, with what it answered. Staff's: what a practice
wrote is no fact, and not public."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from consortia.models import Answer, Membership, MembershipAnswer, MembershipStatus
from consortia.words import label_of
from pathfinders.reads import known
from pathfinders.reads.filtering import CodeFilter, ReadFilters
from pathfinders.reads.joins import area, first_day, on_day, with_parent
from registry.moment import Moment

SAID = ("text", "who", "how", "origin", "flag", "answered_on", "reason")


def rows(user: Any, moment: Moment) -> QuerySet:
    """One row a disputed membership that has not ended by the day; areas and names are those of the day."""
    lasting = Q(effective__upper_inf=True) | Q(effective__endswith__gt=moment.as_of)
    disputed = Membership.objects.visible_to(user).known(moment).filter(lasting, status=MembershipStatus.DISPUTED)
    joined = disputed.annotate(
        _own=on_day("practice__particulars", moment), _group=on_day("consortium__particulars", moment)
    )
    about = MembershipAnswer.objects.visible_to(user).filter(
        practice=OuterRef("practice"), consortium=OuterRef("consortium"), answer=Answer.DISPUTED, taken_back_on=None
    )
    last = {f"answer_{name}": Subquery(about.order_by("-pk").values(name)[:1]) for name in SAID}
    return with_parent(joined, moment, prefix="practice__").values(
        "pk",
        "practice_id",
        "consortium_id",
        practice_code=F("practice__code"),
        practice_name=F("_own__name"),
        consortium_ref=F("consortium__ref"),
        consortium_name=F("_group__name"),
        **area(),
        starts=first_day(),
        **last,
        disputed_on=Coalesce("answer_answered_on", first_day()),
        reason_words=label_of("reason"),
    )


class Filters(ReadFilters):
    q = django_filters.CharFilter(method="search", label="Practice or consortium")
    sha = CodeFilter("sha_code", label="Strategic health authority", known=known.SHA)

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        text = text.strip()
        code = Q(practice_code=text.upper()) | Q(consortium_ref=text.upper())
        return queryset.filter(code | Q(practice_name__icontains=text) | Q(consortium_name__icontains=text))
