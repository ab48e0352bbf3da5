"""The queue: every bid that was submitted, with where it stands and how long it has waited."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.html import format_html

from pathfinders.models import BidPractice, BidState, Wave
from pathfinders.views.access import StaffOnly, staff_bids
from pathfinders.views.shown import STAFF_TAGS
from registry import clock
from registry.models import User
from registry.pages.tables import Column, ListPage, with_query

NOBODY = "nobody"
NONE = "none"
OPEN = (BidState.SUBMITTED, BidState.ASSESSING, BidState.ASSESSED, BidState.DECIDED)
WAITING = (BidState.SUBMITTED, BidState.ASSESSING, BidState.ASSESSED)


def assessors() -> QuerySet[User]:
    """Everybody who has ever been, or may now be, given a bid to assess."""
    today = clock.today()
    may_assess = Q(grants__role="assessor", grants__period__contains=today, is_active=True)
    return User.objects.filter(may_assess | Q(assessments__isnull=False)).distinct().order_by("name", "pk")


class QueueFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label="State", choices=BidState.choices)
    assignee = django_filters.ChoiceFilter(label="Assessor", method="by_assignee", choices=[])
    wave = django_filters.ChoiceFilter(label="Wave", method="by_wave", choices=[])
    q = django_filters.CharFilter(label="Name or reference", method="search")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(a.ref, str(a)) for a in assessors()]
        waves = Wave.objects.visible_to(self.request.user)
        self.filters["assignee"].extra["choices"] = [("me", "Me"), (NOBODY, "Nobody yet"), *people]
        self.filters["wave"].extra["choices"] = [(NONE, "No wave yet"), *((str(w.pk), str(w)) for w in waves)]

    def by_assignee(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == NOBODY:
            return rows.filter(assessor=None)
        return rows.filter(assessor=self.request.user) if value == "me" else rows.filter(assessor__ref=value)

    def by_wave(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(wave=None) if value == NONE else rows.filter(wave=int(value))

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        text = value.strip()
        return rows.filter(
            Q(ref__icontains=text) | Q(name__icontains=text) | Q(consortia__name__icontains=text)
        ).distinct()


class Queue(StaffOnly, ListPage):
    """Drafts are their leads' own business: they show only when they are asked for."""

    title = "Bids"
    noun = ("bid", "bids")
    template_name = "staff/queue.html"
    filterset_class = QueueFilters
    key = "ref"
    default_order = (Case(When(state__in=OPEN, then=Value(0)), default=Value(1)), "submitted_on")  # work first
    columns = (
        Column("ref", "Reference", href="/staff/bids/{ref}/", sort="ref", show=lambda bid: unbroken(bid.ref)),
        Column("name", "Name", sort="name"),
        Column("state", "State", kind="tag", tags=STAFF_TAGS),
        Column("pcts", "PCTs"),
        Column("practice_count", "Practices", kind="number", sort="practices", order_by="practice_count"),
        Column("submitted_on", "Submitted", kind="date", sort="submitted", order_by="submitted_on", empty="Not yet"),
        Column(
            "waiting",
            "Days waiting",
            kind="number",
            show=lambda bid: bid.waiting.days if bid.waiting is not None else None,
        ),
        Column("assessor", "Assessor", show=lambda bid: bid.assessor, empty="Nobody"),
        Column("wave", "Wave", show=lambda bid: bid.wave_id, href=lambda bid: wave_href(bid)),
    )

    def base(self) -> QuerySet:
        return staff_bids(self.request.user)

    def get_queryset(self) -> QuerySet:
        rows = self.base()
        if self.request.GET.get("state") != BidState.DRAFT:
            rows = rows.exclude(state=BidState.DRAFT)
        return rows.select_related("assessor").annotate(practice_count=_practices(), pcts=_pcts(), waiting=_waiting())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counted = dict(self.base().order_by().values_list("state").annotate(n=Count("pk")))
        asked = self.request.GET.get("state", "")
        states = [
            {
                "label": state.label,
                "count": counted.get(state, 0),
                "href": with_query(self.request.GET.__class__(), state=state.value),
                "current": asked == state.value,
            }
            for state in BidState
            if state != BidState.DRAFT
        ]
        return super().get_context_data(states=states, **kwargs)


def unbroken(words: str) -> str:
    return format_html('<span class="site-nowrap">{}</span>', words)


def wave_href(bid: Any) -> str | None:
    return f"/staff/waves/{bid.wave_id}/" if bid.wave_id else None


def _waiting() -> Case:
    """Days since its submission, while it waits for a decision."""
    since = ExpressionWrapper(Value(clock.today()) - F("submitted_on"), output_field=DurationField())
    return Case(When(state__in=WAITING, then=since))


def _practices() -> Coalesce:
    counted = BidPractice.objects.filter(bid=OuterRef("pk")).order_by().values("bid").values(n=Count("pk"))
    return Coalesce(Subquery(counted), 0)


def _pcts() -> Subquery:
    """Codes of the PCTs of the bid's practices on its own date, as "5LE, 5QV"."""
    standing = BidPractice.objects.filter(
        bid=OuterRef("pk"),
        practice__parents__recorded__upper_inf=True,
        practice__parents__effective__contains=OuterRef("as_at"),
    )
    codes = StringAgg(
        "practice__parents__parent__code", ", ", distinct=True, order_by="practice__parents__parent__code"
    )
    return Subquery(standing.order_by().values("bid").values(codes=codes))
