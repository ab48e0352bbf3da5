"""Disputed memberships: those that wait for a programme administrator, and one with what each outcome will do."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.utils.html import format_html

from consortia.actions.settling import apply, disputed, first_day_of, settle_dispute, version_of
from consortia.letters import reached
from consortia.models import (
    AddressFlag,
    Consortium,
    ConsortiumParticulars,
    Membership,
    MembershipStatus,
    MembershipWord,
    Origin,
    Proof,
    Settlement,
    SettlementOutcome,
)
from consortia.permissions import keepers
from pathfinders.forms.left_out import SettleForm
from pathfinders.reads import disputes, shas
from pathfinders.views.access import Guarded
from pathfinders.views.public.practices import MEMBERSHIP_TAGS
from pathfinders.views.steps import StepPage
from practices.models import Practice
from registry import clock, journal
from registry.authorization import Permission
from registry.errors import Refused
from registry.moment import Moment
from registry.pages.tables import Column, ListPage, Table
from registry.timeline import Timeline, last_day

DISPUTES = ("Disputes", "/staff/disputes/")
SETTLED_SHOWN = 20


class Disputes(Guarded, ListPage):
    """The oldest first."""

    permission = Permission.SETTLE_MEMBERSHIP
    title = "Disputed memberships"
    noun = ("disputed membership", "disputed memberships")
    template_name = "staff/disputes.html"
    key = "pk"
    default_order = ("disputed_on", "practice_code")
    columns = (
        Column(
            "practice_code",
            "Practice",
            href="/staff/disputes/{practice_code}/",
            sort="practice",
            order_by="practice_code",
            show=lambda row: f"{row['practice_name'] or ''} ({row['practice_code']})",
        ),
        Column(
            "consortium_ref",
            "Consortium",
            href="/consortia/{consortium_ref}/",
            show=lambda row: f"{row['consortium_name'] or ''} ({row['consortium_ref']})",
        ),
        Column("age", "Waits", sort="age", order_by="-disputed_on", show=lambda row: age_words(row["disputed_on"])),
        Column("reason_words", "What it says", show=lambda row: words_of(row)),
        Column("origin", "Its answer came by", show=lambda row: way_words(row), empty="not known"),
        Column("sha_name", "SHA", empty="none"),
    )

    @cached_property
    def moment(self) -> Moment:
        return Moment.now()

    def get_queryset(self) -> QuerySet:
        return disputes.rows(self.request.user, self.moment)

    def get_filterset(self) -> Any:
        data = self.request.GET.copy()
        for name in self.own_parameters:
            data.pop(name, None)
        found = disputes.Filters(data, self.get_queryset(), moment=self.moment)
        names = shas.rows(self.request.user, self.moment).order_by("name").values_list("code", "name")
        found.form.fields["sha"].widget = forms.Select(choices=[("", "All"), *names])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Settlement.objects.visible_to(self.request.user).select_related("practice", "consortium", "settled_by")
        settled = list(rows.order_by("-pk")[:SETTLED_SHOWN])
        return super().get_context_data(
            settled=Table(SETTLED, settled, "Settled last", caption_spoken=True) if settled else None, **kwargs
        )


SETTLED = (
    Column("settled_on", "Settled", kind="date"),
    Column("practice.code", "Practice", href=lambda row: f"/practices/{row.practice.code}/"),
    Column("consortium.ref", "Consortium", href=lambda row: f"/consortia/{row.consortium.ref}/"),
    Column("outcome", "Outcome", show=lambda row: row.get_outcome_display()),
    Column("reason", "Reason"),
    Column("settled_by", "By", show=lambda row: row.settled_by),
    Column("entry", "Entry", show=lambda row: row.entry_id, href=lambda row: f"/changes/{row.entry_id}/"),
)


def age_words(day: date) -> str:
    days = (clock.today() - day).days
    return f"{days:,} day{'' if days == 1 else 's'}" if days > 0 else "since today"


def words_of(row: dict[str, Any]) -> str:
    told = row["reason_words"] or ""
    return (
        format_html('<div>{}<div class="site-written">{}</div></div>', told, row["answer_text"])
        if row["answer_text"]
        else told
    )


def way_words(row: dict[str, Any]) -> str:
    """By what way the answer came, who gave the address, and what makes it weaker."""
    if not row["answer_how"]:
        return ""
    told = [Proof(row["answer_how"]).label]
    if row["answer_origin"]:
        told.append(f"address given by: {Origin(row['answer_origin']).label.lower()}")
    if row["answer_flag"]:
        told.append(AddressFlag(row["answer_flag"]).label)
    return "; ".join(f"{words[0].lower()}{words[1:]}" for words in told)


class Dispute(Guarded, StepPage):
    """Both sides, the register as it stands, and as each outcome would leave it; then the form that settles it."""

    permission = Permission.SETTLE_MEMBERSHIP
    template_name = "staff/dispute.html"
    form_class = SettleForm
    button = "Settle the dispute"
    done = "The dispute was settled, and both sides were written to"
    crumbs = (DISPUTES,)
    back = ("Cancel", DISPUTES[1])
    success_url = DISPUTES[1]

    @cached_property
    def row(self) -> dict[str, Any]:
        rows = disputes.rows(self.request.user, Moment.now()).filter(practice_code=self.kwargs["code"].upper())
        found = rows.order_by("starts", "pk").first() if "\0" not in self.kwargs["code"] else None
        if found is None:
            raise Http404(
                "This practice disputes no membership (any more). Those that do are listed under “Disputes”."
            )
        return found

    @cached_property
    def sides(self) -> tuple[Practice, Consortium]:
        return Practice.objects.get(pk=self.row["practice_id"]), Consortium.objects.get(pk=self.row["consortium_id"])

    def get_initial(self) -> dict[str, Any]:
        return {"seen": version_of(*self.sides)}

    def act(self, form: Any) -> None:
        practice, consortium = self.sides
        settle_dispute(by=self.request.user, practice=practice, consortium=consortium, **form.cleaned_data)  # type: ignore[arg-type]

    def refused(self, form: Any, refused: Refused) -> Any:
        if (
            refused.status == 412
        ):  # the page shows the register as it is now: sending it again is a choice made with open eyes
            data = self.request.POST.copy()
            data["seen"] = version_of(*self.sides)
            form.data = data
        return super().refused(form, refused)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, (practice, consortium) = self.row, self.sides
        before = journal.sketch().timeline(Membership, (practice.pk,))
        return super().get_context_data(
            title=f"{row['practice_name'] or practice.code} disputes a membership",
            row=row,
            way=way_words(row),
            age=age_words(row["disputed_on"]),
            keepers=[str(person) for person in keepers(consortium)],
            reached=reached(practice),
            before=timeline_table(before, "As the register says now"),
            previews=previews(practice, consortium),
            **kwargs,
        )


def previews(practice: Practice, consortium: Consortium) -> list[tuple[str, str, Table | None]]:
    """For each outcome its words, from which day, and the memberships as it would leave them."""
    shown: list[tuple[str, str, Table | None]] = []
    for outcome in SettlementOutcome:
        sketch = journal.sketch()
        case = disputed(sketch.timeline(Membership, (practice.pk,)), consortium)
        if case is None:
            return []
        day = None if outcome == SettlementOutcome.NEVER else first_day_of(case)
        if day and outcome == SettlementOutcome.LEAVES and case.held.start and day <= case.held.start:
            day = case.held.start + timedelta(days=1)
        basis = "the legal basis that you give" if outcome == SettlementOutcome.ALLOCATED else ""
        try:
            apply(sketch, practice, consortium, outcome, on=day, basis=basis)
        except Refused as refused:
            shown.append((outcome.label, refused.message, None))
            continue
        after = sketch.timeline(Membership, (practice.pk,))
        shown.append((outcome.label, "", timeline_table(after, f"After: {outcome.label}")))
    return shown


def timeline_table(timeline: Timeline, caption: str) -> Table | None:
    """A practice's memberships, one row a spell."""
    names = dict(
        ConsortiumParticulars.objects.current()
        .filter(consortium__in=[spell.values[0] for spell in timeline])
        .order_by("effective")
        .values_list("consortium", "name")
    )
    words = MembershipWord.objects.labels()
    rows = [
        {
            "consortium": names.get(spell.values[0], ""),
            "status": MembershipStatus(spell.values[1]).value,
            "reason": words.get(spell.values[2], spell.values[2]),
            "start": spell.start,
            "last": last_day(spell.end),
        }
        for spell in timeline
    ]
    return Table(SPELLS, rows, caption, caption_spoken=True, compact=True) if rows else None


SPELLS = (
    Column("consortium", "Consortium"),
    Column("status", "Status", kind="tag", tags=MEMBERSHIP_TAGS),
    Column("reason", "Reason"),
    Column("start", "From", kind="date", empty="before all records"),
    Column("last", "Last day", kind="date", empty="no last day"),
)
