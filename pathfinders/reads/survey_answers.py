"""What each trust answered to one survey: a list whose rows are all trusts of the survey's day, the silent ones too."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from pathfinders.reads import known
from pathfinders.reads.filtering import CodeFilter, ReadFilters
from pathfinders.reads.surveys import answers
from registry.moment import Moment
from transitions.models import SurveyReply

NOT_KNOWN = "not_known"
CHOICES = [*SurveyReply.choices, (NOT_KNOWN, "Not known")]
KEY = ("code",)
ORDERINGS = {
    "code": F("code"),
    "name": F("name"),
    "sha": Coalesce(F("sha_code"), Value("")),
    "answer": Coalesce(F("answer"), Value("~")),  # what is not known last
}


def rows(user: Any, moment: Moment, survey: dict[str, Any]) -> QuerySet:
    return answers(user, moment, survey)


class Filters(ReadFilters):
    answer = django_filters.ChoiceFilter(choices=CHOICES, method="answered", label="Answer")
    sha = CodeFilter("sha_code", label="Strategic health authority", known=known.SHA)
    q = django_filters.CharFilter(method="search", label="Name or code")

    def answered(self, queryset: QuerySet, name: str, asked: str) -> QuerySet:
        return queryset.filter(answer=None if asked == NOT_KNOWN else asked)

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return queryset.filter(Q(name__icontains=text) | Q(code__iexact=text.strip()))
