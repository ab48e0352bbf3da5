"""A lead's home: what waits in their consortia, and their bids: the list, a new one, and the page of one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.views.generic import TemplateView

from consortia.models import own_consortia
from consortia.waiting import REMIND, Task, most_pressing, waiting
from pathfinders.actions import draft_bid
from pathfinders.actions.embargo import Told
from pathfinders.actions.submission import missing_from
from pathfinders.bid_members import named_in
from pathfinders.early import EarlyOutcome, early_outcome
from pathfinders.forms.lead import StartForm
from pathfinders.models import NATIONAL, Bid, BidConsortium
from pathfinders.states import SHOWN_LABELS, allowed_actions, why_not
from pathfinders.views.access import LeadOnly, own_bid
from pathfinders.views.bid_contents import contents
from pathfinders.views.lead.parts.after import after
from pathfinders.views.lead.parts.waiting import members_first, people_of
from pathfinders.views.shown import STATE_TAGS
from pathfinders.views.staff.parts.returns import returns_of
from pathfinders.views.steps import StepPage
from registry.errors import wrong_state
from registry.moment import Moment
from registry.pages.tables import Column, Table

HOME = ("Your bids", "/lead/")
MOST_TASKS = 3
EDITED = ("draft", "returned")
"""Shown states in which the lead changes the bid."""


class Home(LeadOnly, TemplateView):
    template_name = "lead/home.html"
    columns = (
        Column("ref", "Reference", href="/lead/bids/{ref}/"),
        Column("name", "Name"),
        Column("shown_state", "State", kind="tag", tags=STATE_TAGS),
        Column("consortia", "Consortia"),
        Column("as_at", "As at", kind="date"),
        Column("submitted_on", "Submitted", kind="date", empty="Not yet"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.bids()
        table = Table(self.columns, rows, "Your bids", caption_spoken=True)
        mine = self.consortia(rows)
        title = "Your consortia and bids" if mine else "Your bids"
        return super().get_context_data(title=title, table=table, rows=rows, **mine, **kwargs)

    def consortia(self, bids: list[dict[str, Any]]) -> dict[str, Any]:
        """What waits in the consortia that the user keeps, and how their members stand. Nothing where there are none."""
        user, moment = self.request.user, Moment.now()
        refs = sorted(own_consortia(user))
        found = waiting(user, refs, moment) if refs else []
        if not found:
            return {}
        returned = [
            Task("returned", row["ref"], f"{row['name']}: the bid was returned to you", f"/lead/bids/{row['ref']}/")
            for row in bids
            if row["shown_state"] == "returned"
        ]
        tasks = [*returned, *most_pressing(found)]
        people, members = people_of(user, moment, found), members_first(user, moment, found)
        shown = tasks[:MOST_TASKS]
        left = {t.ref: t for t in tasks[MOST_TASKS:] if t.kind == REMIND}  # one press wherever it stands
        return {
            "tasks": shown,
            "more_tasks": len(tasks) - MOST_TASKS,
            "groups": [
                {
                    "waiting": w,
                    "people": people[w.consortium.ref],
                    "members": members.get(w.consortium.ref),
                    "remind": left.get(w.consortium.ref),
                }
                for w in found
            ],
            "back": "home",
        }

    def bids(self) -> list[dict[str, Any]]:
        user = self.request.user
        rows = list(Bid.objects.own(user).shown_to(user).order_by("-ref"))
        groups: dict[str, list[str]] = {}
        inside = BidConsortium.objects.visible_to(user).filter(bid__ref__in=[r["ref"] for r in rows])
        for ref, name in inside.order_by("bid", "position").values_list("bid__ref", "name"):
            groups.setdefault(ref, []).append(name)
        for row in rows:
            row["consortia"] = ", ".join(groups.get(row["ref"], []))
        return rows


class Start(LeadOnly, StepPage):
    title = "Start a bid"
    button = "Save and continue"
    form_class = StartForm
    back = ("Cancel", "/lead/")
    crumbs = (HOME,)

    def act(self, form: Any) -> None:
        self.bid = draft_bid(by=self.request.user, **form.cleaned_data)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return f"/lead/bids/{self.bid.ref}/"


class OwnBid(LeadOnly):
    """Mixin: `self.bid`, the user's own bid named by the address."""

    @cached_property
    def bid(self) -> Bid:
        return own_bid(self.request.user, self.kwargs["ref"])  # type: ignore[attr-defined]

    @property
    def href(self) -> str:
        return f"/lead/bids/{self.bid.ref}/"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [HOME, (self.bid.ref, self.href)]


class DraftPage(OwnBid, StepPage):
    """A step of a draft. Once the bid is submitted its page says so instead of showing a form."""

    action = "edit"

    def get(self, *args: Any, **kwargs: Any) -> Any:
        if sentence := why_not(self.bid, self.request.user, self.action):
            raise wrong_state(sentence)
        return super().get(*args, **kwargs)

    def current(self) -> int:
        del self.bid
        return self.bid.lead_version

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Back to the bid", self.href)

    def get_success_url(self) -> str:
        return self.href

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.bid.lead_version}


class BidPage(OwnBid, TemplateView):
    @cached_property
    def early(self) -> EarlyOutcome | None:
        """The outcome before its release, where the reader may have it."""
        return early_outcome(self.request.user, self.bid)

    def embargoed(self) -> Iterable[Told]:
        return [(self.early.wave, self.bid.ref)] if self.early else []

    def get_template_names(self) -> list[str]:
        editing = self.bid.shown_state(self.request.user) in EDITED
        return ["lead/tasks.html" if editing else "lead/receipt.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bid, user = self.bid, self.request.user
        shown = bid.shown_state(user)
        context = {
            "bid": bid,
            "title": bid.name,
            "crumbs": [HOME],
            "shown_state": shown,
            "shown_label": SHOWN_LABELS[shown],
            "may_withdraw": "withdraw" in allowed_actions(bid, user),
        }
        context["returns"] = returns_of(bid, user, changes=False) if bid.submitted_on else []
        context |= {"tasks": tasks(bid)} if shown in EDITED else contents(bid, named_in(bid, user), user, self.href)
        context |= after(bid, user) | {"early": self.early}
        return super().get_context_data(**context, **kwargs)


def tasks(bid: Bid) -> list[dict[str, Any]]:
    """The steps of a draft, or of a returned bid: what each is called, where it is, and whether it is done."""
    wanting: dict[str, list[str]] = {}
    for need in missing_from(bid, declared=True):
        wanting.setdefault(need["field"], []).append(need["message"])
    consortia, practices = bid.consortia.count(), bid.practices.count()
    steps = [
        ("details", "Name, form and date", "", ["name", "as_at"]),
        ("consortia", "Consortia in the bid", _count(consortia, "consortium", "consortia"), ["consortia"]),
        ("practices", "Practices", _count(practices, "practice", "practices"), ["practices"]),
    ]
    for criterion in bid.asked():
        name = criterion.name_in_bid
        local = criterion.set.scope != NATIONAL
        hint = f"Evidence, asked by the SHA {criterion.set.scope}" if local else "Evidence"
        steps.append((f"evidence/{name}", criterion.title, hint, [name]))
    leaders = bid.leaders.count()
    steps.append(("leaders", "Leaders and their interests", _count(leaders, "leader", "leaders"), []))
    steps.append(("partners", "Partners and support needed", "", []))
    empty = {"leaders": not leaders, "partners": not bid.partners}
    found = []
    for path, label, hint, fields in steps:
        why = [sentence for name in fields for sentence in wanting.get(name, ())]
        found.append(
            {
                "href": path + "/",
                "label": label,
                "hint": hint,
                "done": not why,
                "why": why,
                "optional": empty.get(path, False),
            }
        )
    return found


def _count(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}" if n else ""
