"""Incoming changes of members, for the lead of one consortium and for staff: what happened, what became of the
membership, and what can be done."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.views.generic import TemplateView

from consortia.actions.work_items import finish_work
from consortia.models import Membership, WorkItem, WorkKind
from pathfinders.forms.change import WorkForm
from pathfinders.views.access import StaffOnly
from pathfinders.views.lead.membership.keeping import Kept
from pathfinders.views.steps import StepPage
from practices.models import PracticeParticulars
from registry import clock
from registry.actions.checks import said
from registry.authorization import Permission
from registry.models.fact import Lower, Upper
from registry.pages.tables import Column, Table
from registry.timeline import last_day

MOST = 200
"""So many items are on one page; those that are done leave room for the next."""
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
HAPPENED = {
    WorkKind.CLOSED: "{of} closed",
    WorkKind.REOPENED: "{of} open again",
    WorkKind.DORMANT: "{of} dormant",
    WorkKind.MOVED: "{of} moved to another PCT",
    WorkKind.NO_GP_PRACTICE: "{of} no GP practice any more",
}
TO_DO = {
    WorkKind.CLOSED: "Nothing, if that is right. If its patients went to another practice, ask that one to join. If it "
    "did not close, ask staff to correct it.",
    WorkKind.REOPENED: "If it is your member again, claim it again: it did not come back by itself.",
    WorkKind.DORMANT: "Nothing, if that is right: it stays a member, and counts no people unless it has a list.",
    WorkKind.MOVED: "Nothing, if it stays with you: consortia may cross the borders of PCTs. If it left, end its "
    "membership.",
    WorkKind.NO_GP_PRACTICE: "Nothing, if that is right: only GP practices are members. If it is one, ask staff to "
    "correct it.",
}


def headline(items: list[WorkItem], whose: str = " of your members") -> str:
    """Two of your members closed; one of your members dormant."""
    counts = Counter(WorkKind(i.kind) for i in items)
    words = [
        HAPPENED[kind].format(
            of=f"{NUMBERS[n] if n < len(NUMBERS) else f'{n:,}'}{whose or (' member' if n == 1 else ' members')}"
        )
        for kind, n in sorted(counts.items())
    ]
    return "; ".join([words[0], *(w[0].lower() + w[1:] for w in words[1:])]) + "." if words else ""


def looked_up(items: list[WorkItem]) -> list[WorkItem]:
    """Each with `became`: what the register says now of its membership, in one question for all."""
    rows = Membership.objects.current().filter(practice__in={i.practice_id for i in items})
    rows = rows.select_related("consortium").annotate(first=Lower("effective"), after=Upper("effective"))
    held: dict[int, list[Any]] = {}
    for fact in rows.order_by("first"):
        held.setdefault(fact.practice_id, []).append(fact)
    for item in items:
        item.became = became(item, held.get(item.practice_id, []))  # type: ignore[attr-defined]
        item.to_do = TO_DO[WorkKind(item.kind)]  # type: ignore[attr-defined]
    return items


def became(item: WorkItem, facts: list[Any]) -> str:
    today = clock.today()
    now = next((f for f in facts if (f.first is None or f.first <= today) and (not f.after or today < f.after)), None)
    if now is not None:
        return f"Today a member of {now.consortium.ref}" + (
            f"; last day {said(last_day(now.after))}" if now.after else ""  # type: ignore[arg-type]
        )
    mine = [f for f in facts if f.consortium_id == item.consortium_id and f.after and f.after <= today]
    if mine:
        return f"Its membership ended: last day {said(last_day(mine[-1].after))}"  # type: ignore[arg-type]
    return "In no consortium today"


def items_of(user: Any, **which: Any) -> list[WorkItem]:
    rows = (
        WorkItem.objects.visible_to(user).filter(**which).select_related("practice", "consortium", "entry", "done_by")
    )
    rows = rows.annotate(name=_name())
    return looked_up(list(rows.order_by("-pk")[:MOST]))


def _name() -> Subquery:

    names = PracticeParticulars.objects.current().filter(practice=OuterRef("practice"))
    return Subquery(names.order_by("-effective").values("name")[:1])


def table(items: list[WorkItem], path: str, *, whole: bool = False) -> Table | None:
    of = (
        (Column("consortium.ref", "Consortium", href=lambda row: f"/consortia/{row.consortium.ref}/"),)
        if whole
        else ()
    )
    columns = (
        Column(
            "practice.code",
            "Practice",
            href=lambda row: f"/practices/{row.practice.code}/",
            show=lambda i: f"{i.name} ({i.practice.code})",
        ),
        *of,
        Column("kind", "What happened", show=lambda i: i.get_kind_display()),
        Column("day", "From", kind="date"),
        Column("entry_id", "Entry", href="/changes/{entry_id}/"),
        Column("became", "Its membership"),
        Column("to_do", "What can be done"),
        Column("pk", "Done", href=path + "{pk}/", show=lambda i: f"Mark {i.practice.code} as done"),
    )
    return Table(columns, items, "Changes to look at", caption_spoken=True) if items else None


DONE = (
    Column("practice.code", "Practice", href=lambda row: f"/practices/{row.practice.code}/"),
    Column("kind", "What happened", show=lambda i: i.get_kind_display()),
    Column("done_on", "Done", kind="date"),
    Column("done_by", "By", show=lambda i: str(i.done_by)),
    Column("note", "What was done", empty=""),
)


def done_table(items: list[WorkItem]) -> Table | None:
    return Table(DONE, items[:20], "Done", caption_spoken=True) if items else None


class LeadWork(Kept, TemplateView):
    template_name = "lead/membership/work.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, mine = self.request.user, {"consortium": self.consortium}
        found = items_of(user, **mine, done_on=None)
        return super().get_context_data(
            title="Changes of your members’ practices",
            headline=headline(found),
            work=table(found, f"{self.href}work/"),
            done=done_table(items_of(user, **mine, done_on__isnull=False)),
            **kwargs,
        )


class StaffWork(StaffOnly, TemplateView):
    permission = Permission.SETTLE_MEMBERSHIP
    template_name = "lead/membership/work.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        found = items_of(user, done_on=None)
        return super().get_context_data(
            title="Changes of members’ practices",
            crumbs=[STAFF],
            headline=headline(found, ""),
            work=table(found, "/staff/work/", whole=True),
            done=done_table(items_of(user, done_on__isnull=False)),
            **kwargs,
        )


STAFF = ("Bids", "/staff/")


class Finish(StepPage):
    """Mixin: one item, marked as done."""

    title = "Mark as done"
    template_name = "lead/membership/finish.html"
    form_class = WorkForm
    button = "Mark as done"
    done = "It was marked as done"

    @cached_property
    def item(self) -> WorkItem:
        rows = WorkItem.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"], **self.which())
        found = rows.select_related("practice", "consortium", "entry").first()
        if found is None:
            raise Http404("There is no such change for you to look at.")
        return looked_up([found])[0]

    def which(self) -> dict[str, Any]:
        return {}

    def act(self, form: Any) -> None:
        finish_work(by=self.request.user, item=self.item, **form.cleaned_data)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return self.back[1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(item=self.item, **kwargs)


class LeadFinish(Kept, Finish):
    def which(self) -> dict[str, Any]:
        return {"consortium": self.consortium}

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Back to the list", f"{self.href}work/")


class StaffFinish(StaffOnly, Finish):
    permission = Permission.SETTLE_MEMBERSHIP
    back = ("Back to the list", "/staff/work/")
    crumbs = (STAFF,)
