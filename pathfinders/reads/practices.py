"""Practices as they were on a day: who they are, whose they are, how many patients, which consortium."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat, JSONObject, Replace

from consortia.models import MembershipStatus
from pathfinders.reads import known
from pathfinders.reads.filtering import CodeFilter, ReadFilters, WholeNumberFilter, words
from pathfinders.reads.finding import PRACTICES, narrowed
from pathfinders.reads.joins import (
    area,
    day_before,
    eligible_q,
    first_day,
    list_basis,
    list_size,
    nothing_at,
    on_day,
    with_parent,
)
from pathfinders.reads.programme import BASES, pathfinder_refs, standing_places
from practices.models import Branch, Practice, PracticeStatus, PracticeSuccession, Status
from registry.moment import Moment

STATUS_WORDS = {
    Status.ACTIVE: "active",
    Status.CLOSED: "closed",
    Status.DORMANT: "dormant",
    Status.PROPOSED: "proposed",
}

KEY = ("code",)
ORDERINGS = {
    "code": F("code"),
    "name": Coalesce("name", Value("")),
    "postcode": Coalesce("postcode", Value("")),
    # A plain integer: a positive one would take "> -1" for always true, and a walk would never end.
    "list_size": Coalesce("list_size", Value(-1), output_field=IntegerField()),
}


def rows(user: Any, moment: Moment) -> QuerySet:
    """Every practice that has a status on the day, closed ones included."""
    return joined(user, moment).values("code", **columns(user, moment))


def joined(user: Any, moment: Moment) -> QuerySet:
    """Practices with their facts of the moment joined: `_status`, `_own`, `_parent`, `_body`, `_sha`, `_member`,
    `_group`, `_list`, `_place`."""
    practices = Practice.objects.visible_to(user).annotate(
        _status=on_day("statuses", moment),
        _own=on_day("particulars", moment),
        _member=on_day("memberships", moment),
        _group=on_day("_member__consortium__particulars", moment),
        _place=on_day("places", moment),
        _list=list_size(moment),
    )
    # Named once here: Django joins a relation anew for each filter() that names it, but reads an alias in place.
    return with_parent(practices, moment).filter(_status__isnull=False).alias(_consortium=F("_member__consortium"))


def columns(user: Any, moment: Moment) -> dict[str, Any]:
    """The columns of a practice after its code, in the order of the API (architecture.md section 7)."""
    return (
        {c: F(f"_own__{c}") for c in ("name", "address", "postcode")}
        | {
            "status": _word("_status__status"),
            "setting": F("_own__setting"),
            "opened": _opened(moment),
            "closed": _closed(moment),
            "list_size": F("_list__patients"),
            "list_size_quarter": F("_list__quarter"),
            "list_size_basis": list_basis(moment),
        }
        | area()
        | {
            "consortium_ref": F("_member__consortium__ref"),
            "consortium_name": F("_group__name"),
            "membership_status": F("_member__status"),
            "pathfinders": pathfinder_refs(user, moment, "_consortium"),
            "longitude": F("_place__longitude"),
            "latitude": F("_place__latitude"),
            "parent_code": F("_parent__parent__code"),
            "parent_name": F("_body__name"),
            "parent_kind": F("_body__kind"),
            "gss": F("_body__gss"),
            "branch_list": _branches(user, moment),
            "predecessors": _succession(user, moment, "successor", "predecessor"),
            "successors": _succession(user, moment, "predecessor", "successor"),
        }
    )


def eligible(practices: QuerySet) -> QuerySet:
    """Those of `joined` that count in coverage."""
    return practices.filter(eligible_q())


def _branches(user: Any, moment: Moment) -> ArraySubquery:
    """The branch surgeries of the day, by code. They are told of, never counted (domain.md rule 5)."""
    branches = Branch.objects.visible_to(user).at(moment).filter(practice=OuterRef("pk")).order_by("branch")
    code = Concat("practice__code", "branch")
    return ArraySubquery(branches.values(_=JSONObject(code=code, name="name", address="address", postcode="postcode")))


def _succession(user: Any, moment: Moment, of: str, other: str) -> ArraySubquery:
    """The codes of those that it follows or that follow it, by the day (domain.md rule 14)."""
    found = PracticeSuccession.objects.visible_to(user).at(moment).filter(**{of: OuterRef("pk")})
    return ArraySubquery(found.order_by(f"{other}__code").values(f"{other}__code"))


def _word(path: str) -> Case:
    return Case(*[When(**{path: letter, "then": Value(word)}) for letter, word in STATUS_WORDS.items()])


def _of_practice(moment: Moment) -> QuerySet:
    return PracticeStatus.objects.known(moment).filter(practice=OuterRef("pk"))


def _opened(moment: Moment) -> Subquery:
    """The first day of its life (null: from before all records)."""
    lives = _of_practice(moment).exclude(status=Status.CLOSED)
    return Subquery(lives.order_by("effective").values(day=first_day())[:1])


def _closed(moment: Moment) -> Subquery:
    """Its inclusive last day, where a closing is known that a later reopening has not undone by the day asked."""
    closings = _of_practice(moment).filter(
        Q(effective__endswith__gt=moment.as_of) | Q(effective__upper_inf=True), status=Status.CLOSED
    )
    # The closing begins the day after the last day.
    return Subquery(closings.order_by("effective").values(day=day_before(first_day()))[:1])


class Filters(ReadFilters):
    """The filters of practices. Each reads a column of `columns`."""

    code = CodeFilter(label="Practice code", known=known.PRACTICE)
    q = django_filters.CharFilter(method="search", label="Name, code or postcode")
    status = django_filters.ChoiceFilter(choices=words(*STATUS_WORDS.values()), label="Status")
    setting = WholeNumberFilter(label="Prescribing setting (4: GP practice)")
    postcode = django_filters.CharFilter(method="by_postcode", label="Postcode or its beginning")
    sha = CodeFilter("sha_code", label="Strategic health authority", known=known.SHA)
    pct = CodeFilter("pct_code", label="Primary care trust", known=known.PCT)
    parent = CodeFilter("parent_code", label="Parent body", known=known.BODY)
    consortium = CodeFilter("consortium_ref", label="Consortium", known=known.CONSORTIUM)
    membership_status = django_filters.ChoiceFilter(choices=MembershipStatus.choices, label="Membership status")
    pathfinder = CodeFilter(method="by_pathfinder", label="Pathfinder", known=known.PATHFINDER)
    wave = WholeNumberFilter(method="by_wave", label="Wave", known=known.WAVE)
    list_size_basis = django_filters.ChoiceFilter(
        choices=words("latest", "later", "none"), method="by_basis_of_list", label="List size of"
    )
    eligible = django_filters.BooleanFilter(method="only_eligible", label="Counts in coverage")
    scope = django_filters.ChoiceFilter(
        choices=words("pathfinder", "consortium", "none", "consortium_only"),
        method="by_scope",
        label="In a pathfinder, in any consortium, in none, or in a consortium that is in no pathfinder",
    )
    basis = django_filters.ChoiceFilter(choices=words(*BASES), method="with_others", label="Announced or live")

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return narrowed(queryset, PRACTICES, None, self.moment, text)

    def by_postcode(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        bare = Replace(F("postcode"), Value(" "), Value(""), output_field=CharField())
        return queryset.alias(_bare=bare).filter(_bare__startswith=text.replace(" ", "").upper())

    def by_pathfinder(self, queryset: QuerySet, name: str, ref: str) -> QuerySet:
        return queryset.filter(self._placed(pathfinder__ref=ref.strip().upper()))

    def by_wave(self, queryset: QuerySet, name: str, number: int) -> QuerySet:
        return queryset.filter(self._placed(_of__wave=number))

    def by_scope(self, queryset: QuerySet, name: str, scope: str) -> QuerySet:
        if scope == "pathfinder":
            return queryset.filter(self._placed())
        if scope == "consortium_only":
            return queryset.filter(~self._placed(), consortium_ref__isnull=False)
        outside = nothing_at("_consortium")
        return queryset.filter(outside if scope == "none" else ~Q(outside))

    def by_basis_of_list(self, queryset: QuerySet, name: str, basis: str) -> QuerySet:
        return queryset.filter(list_size_basis=basis) if basis != "none" else queryset.filter(list_size=None)

    def only_eligible(self, queryset: QuerySet, name: str, yes: bool) -> QuerySet:
        return eligible(queryset) if yes else queryset

    def with_others(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset  # read by `scope`, `pathfinder` and `wave`

    def _placed(self, **conditions: Any) -> Exists:
        places = standing_places(None, self.moment, self.asked("basis", "announced"))
        return Exists(places.filter(consortium=OuterRef("_consortium"), **conditions))
