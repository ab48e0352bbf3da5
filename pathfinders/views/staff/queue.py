"""The queue: every bid that was submitted, with where it stands and how long it has waited."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pathfinders.models import BidPractice, BidState, Return, Stage, StageKind, Wave
from pathfinders.service import RUNNING, SOON, Standing, add_working_days, clock_of, last_working_day
from pathfinders.views.access import StaffOnly, staff_bids
from pathfinders.views.shown import CLOCK_TAGS, STAFF_TAGS
from pathfinders.views.staff.parts.after import waiting_for_staff
from practices.models import BodyParticulars
from registry import clock
from registry.filters import CheckedFilters
from registry.models import User
from registry.pages.forms import long_date
from registry.pages.tables import Column, ListPage, with_query

NOBODY = "nobody"
NONE = "none"
OPEN = (BidState.SUBMITTED, BidState.ASSESSING, BidState.ASSESSED, BidState.DECIDED)
STANDINGS = {
    Standing.OVERDUE: "Overdue",
    Standing.SOON: f"Due within {SOON} working days",
    Standing.IN_TIME: "Due later",
    Standing.PAUSED: "Clock stands still",
}


def assessors(today: date) -> QuerySet[User]:
    """Everybody who has ever been, or may now be, given a bid to assess."""
    may_assess = Q(grants__role="assessor", grants__period__contains=today, is_active=True)
    return User.objects.filter(may_assess | Q(assessments__isnull=False)).distinct().order_by("name", "pk")


def shas() -> list[tuple[str, str]]:
    """Code and name of every SHA that was asked about a bid."""
    asked = Stage.objects.filter(kind=StageKind.SHA).order_by().values("body")
    told = BodyParticulars.objects.current().filter(body__in=asked).order_by("effective")
    names = dict(told.values_list("body__code", "name"))
    return [(code, f"{name} ({code})") for code, name in sorted(names.items(), key=lambda pair: pair[1])]


def standing(which: str, today: date) -> Q:
    """Bids whose clock stands so today, as `service.clock_of` says of each: overdue once a working day after the date
    due is over."""
    running = Q(state__in=RUNNING)
    first, later = last_working_day(today), add_working_days(today, SOON + 1)
    return {
        Standing.PAUSED: Q(state=BidState.RETURNED, due_on__isnull=False),
        Standing.OVERDUE: running & Q(due_on__lt=first),
        Standing.SOON: running & Q(due_on__gte=first, due_on__lt=later),
        Standing.IN_TIME: running & Q(due_on__gte=later),
    }[Standing(which)]


class QueueFilters(CheckedFilters):
    state = django_filters.ChoiceFilter(label="State", choices=BidState.choices)
    due = django_filters.ChoiceFilter(
        label="Age", choices=[(key.value, label) for key, label in STANDINGS.items()], method="by_standing"
    )
    sha = django_filters.ChoiceFilter(label="SHA", method="by_sha", choices=[])
    assignee = django_filters.ChoiceFilter(label="Assessor", method="by_assignee", choices=[])
    wave = django_filters.ChoiceFilter(label="Wave", method="by_wave", choices=[])
    q = django_filters.CharFilter(label="Name or reference", method="search")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = clock.today()
        people = [(a.ref, str(a)) for a in assessors(self.today)]
        waves = Wave.objects.visible_to(self.request.user)
        self.filters["sha"].extra["choices"] = shas()
        self.filters["assignee"].extra["choices"] = [("me", "Me"), (NOBODY, "Nobody yet"), *people]
        self.filters["wave"].extra["choices"] = [(NONE, "No wave yet"), *((str(w.pk), str(w)) for w in waves)]

    def by_standing(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(standing(value, self.today))

    def by_sha(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(pk__in=Stage.objects.filter(kind=StageKind.SHA, body__code=value).values("bid"))

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
        Column("pcts", "SHA: PCTs", show=lambda bid: where(bid)),
        Column("practice_count", "Practices", kind="number", sort="practices", order_by="practice_count"),
        Column("submitted_on", "Submitted", kind="date", sort="submitted", order_by="submitted_on", empty="Not yet"),
        Column("due_on", "Working days", sort="due", order_by="due_on", show=lambda bid: days_used(bid), empty="–"),
        Column("assessor", "Assessor", show=lambda bid: bid.assessor, empty="Nobody"),
        Column("wave", "Wave", show=lambda bid: bid.wave_id, href=lambda bid: wave_href(bid)),
    )

    @property
    def today(self) -> date:
        return self.filterset.today

    def base(self) -> QuerySet:
        return staff_bids(self.request.user)

    def get_queryset(self) -> QuerySet:
        rows = self.base()
        if self.request.GET.get("state") != BidState.DRAFT:
            rows = rows.exclude(state=BidState.DRAFT)
        return rows.select_related("assessor").annotate(
            practice_count=_practices(), pcts=_pcts(), shas=_shas(), returned_on=_returned_on()
        )

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        paginator, page, rows, several = super().paginate_queryset(queryset, page_size)
        for bid in rows:
            bid.clock = clock_of(bid, self.today, bid.returned_on)
        return paginator, page, rows, several

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        states, standings = counts(self.base(), self.today)
        asked = self.request.GET
        blank = asked.__class__()
        return super().get_context_data(
            states=[_link(blank, "state", s.value, s.label, states[s], asked) for s in states],
            standings=[_link(blank, "due", s.value, STANDINGS[s], standings[s], asked) for s in standings],
            waiting=waiting_for_staff(self.request.user),
            **kwargs,
        )


def counts(bids: QuerySet, today: date) -> tuple[dict[BidState, int], dict[Standing, int]]:
    """How many bids are in each state but drafts, and how many stand how against their date. One query."""
    stands = {s.value: Count("pk", filter=standing(s, today)) for s in STANDINGS}
    rows = bids.order_by().values("state").annotate(n=Count("pk"), **stands)
    by_state: dict[BidState, int] = {s: 0 for s in BidState if s != BidState.DRAFT}
    by_standing: dict[Standing, int] = dict.fromkeys(STANDINGS, 0)
    for row in rows:
        if row["state"] != BidState.DRAFT:
            by_state[BidState(row["state"])] = row["n"]
        for s in STANDINGS:
            by_standing[s] += row[s.value]
    return by_state, by_standing


def _link(query: Any, name: str, value: str, label: str, count: int, asked: Any) -> dict[str, Any]:
    return {
        "label": label,
        "count": count,
        "href": with_query(query, **{name: value}),
        "current": asked.get(name) == value,
    }


def unbroken(words: str) -> str:
    return format_html('<span class="site-nowrap">{}</span>', words)


def days_used(bid: Any) -> SafeString | None:
    """How many working days of the target are used and the date due, with a tag where it is not in time."""
    if bid.clock is None:
        return None
    words = f"{bid.clock.used} of {bid.clock.target}"
    tag = SafeString()
    if bid.clock.standing != Standing.IN_TIME:
        label, colour = CLOCK_TAGS[bid.clock.standing]
        tag = format_html(' <strong class="nhsuk-tag nhsuk-tag--{}">{}</strong>', colour, label)
    # one element: on a narrow screen the cell is a flex box, which would spread the words out
    return format_html('<span><span class="site-nowrap">{}</span>, by {}{}</span>', words, long_date(bid.due_on), tag)


def where(bid: Any) -> str:
    """Codes of its SHAs and PCTs, as "Q36: 5LE, 5QV"."""
    return ": ".join(codes for codes in (bid.shas, bid.pcts) if codes)


def wave_href(bid: Any) -> str | None:
    return f"/staff/waves/{bid.wave_id}/" if bid.wave_id else None


def _practices() -> Coalesce:
    counted = BidPractice.objects.filter(bid=OuterRef("pk")).order_by().values("bid").values(n=Count("pk"))
    return Coalesce(Subquery(counted), 0)


def _returned_on() -> Subquery:
    return Subquery(Return.objects.filter(bid=OuterRef("pk"), answered_on=None).values("returned_on")[:1])


def _shas() -> Subquery:
    """Codes of the SHAs that were asked about the bid."""
    asked = Stage.objects.filter(bid=OuterRef("pk"), kind=StageKind.SHA).order_by().values("bid")
    return Subquery(asked.values(codes=StringAgg("body__code", ", ", order_by="body__code")))


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
