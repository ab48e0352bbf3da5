"""Everything about one bid on one screen, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.generic import TemplateView

from pathfinders.actions.embargo import Told
from pathfinders.bid_members import Named, named_in
from pathfinders.case_log import history
from pathfinders.checks import checks_of
from pathfinders.models import NATIONAL, Bid, BidConsortium, BidState, Finding, Reason, Stage, StageFinding
from pathfinders.states import ACTIONS, why_not
from pathfinders.views.access import StaffOnly, staff_bid
from pathfinders.views.shown import FINDING_TAGS, OUTCOME_TAGS, STAFF_TAGS
from pathfinders.views.staff.parts.after import after
from pathfinders.views.staff.parts.form import form_part
from pathfinders.views.staff.parts.returns import clock_row, returns_of
from pathfinders.views.staff.parts.stages import stages_of
from pathfinders.warnings import warnings_of
from registry.pages.tables import Column, Table

QUEUE = ("Bids", "/staff/")
PATHS = {
    "assign": "assign/",
    "put_in_wave": "wave/",
    "record_finding": "findings/",
    "return_bid": "return/",
    "complete_assessment": "recommend/",
    "reopen_assessment": "reopen/",
    "decide": "decide/",
    "uphold_review": "review/uphold/",
    "turn_down_review": "review/turn-down/",
    "take_up_again": "again/",
    "reverse": "reverse/",
    "discharge_condition": "conditions/",
    "settle_withdrawal": "leaving/",
}


NEXT = ("complete_assessment", "record_finding", "decide", "assign")
"""What usually comes next, the farthest on first: its button is the green one."""


AGAIN = "Decide again"
"""What deciding is called where a decision waits for its wave: possible, and seldom what comes next."""


class Choice(NamedTuple):
    """One thing that can be done to the bid, or the sentence that says why not. `next`: what usually comes now."""

    label: str
    href: str
    why: str | None
    next: bool = False


class StaffBid(StaffOnly):
    """Mixin: `self.bid`, the bid named by the address. Whoever opens it with an outcome that is not announced is
    recorded."""

    def embargoed(self) -> Iterable[Told]:
        bid = self.bid
        return [(bid.wave_id, bid.ref)] if bid.decision_number > bid.released_number else []

    @cached_property
    def bid(self) -> Bid:
        return staff_bid(self.request.user, self.kwargs["ref"])  # type: ignore[attr-defined]

    @property
    def href(self) -> str:
        return f"/staff/bids/{self.bid.ref}/"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [QUEUE, (self.bid.ref, self.href)]


class BidPage(StaffBid, TemplateView):
    template_name = "staff/bid.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bid, user = self.bid, self.request.user
        named = named_in(bid, user)
        findings = list(bid.findings.visible_to(user).select_related("by"))
        decisions = list(bid.decisions.visible_to(user).select_related("decided_by", "wave"))
        tests = evidence(bid, user, findings)
        stages, returns = stages_of(bid, user), returns_of(bid, user)
        choices = offered(bid, user, all_found=all(t["local"] or t["finding"] for t in tests))
        return super().get_context_data(
            title=bid.name,
            crumbs=[QUEUE],
            bid=bid,
            state_tag=STAFF_TAGS[bid.state],
            outcome_tag=OUTCOME_TAGS[bid.outcome],
            recommended=OUTCOME_TAGS[bid.recommendation] if bid.recommendation else None,
            possible=[c for c in choices if c.why is None],
            impossible=[c for c in choices if c.why is not None],
            assign_to_me=choices[0].why is None and self._could_assess(),
            members=members_table(named, several=len({n.consortium for n in named}) > 1),
            patients=sum(n.patients.count for n in named if n.patients),
            practice_count=len(named),
            without_list=sum(n.patients is None for n in named),
            elsewhere=sum(n.elsewhere for n in named),
            consortia=list(BidConsortium.objects.visible_to(user).filter(bid=bid).order_by("position")),
            tests=tests,
            stages=stages,
            returns=returns,
            clock=clock_row(bid, returns),
            checks=[warned.sentence for warned in warnings_of(bid, named)] + checks_of(named),
            decisions=told(decisions),
            history=history(bid),
            **form_part(bid, user, named),
            **after(bid, user),
            **kwargs,
        )

    def _could_assess(self) -> bool:
        me = self.request.user
        return "assessor" in me.roles() and me.pk != self.bid.assessor_id and not self.bid.belongs_to(me)  # type: ignore[union-attr]


def offered(bid: Bid, user: Any, *, all_found: bool) -> list[Choice]:
    """Every step of casework, with the sentence that says why it cannot be taken now, where it cannot."""
    why = {name: why_not(bid, user, name) for name in PATHS}
    order = NEXT if all_found else NEXT[1:]
    first = next((name for name in order if why[name] is None), None)
    again = bid.state == BidState.DECIDED
    labels = {name: ACTIONS[name].label for name in PATHS} | ({"decide": AGAIN} if again else {})
    return [
        Choice(labels[name], path, why[name], name == first and not (again and name == "decide"))
        for name, path in PATHS.items()
    ]


def evidence(bid: Bid, user: Any, findings: list[Finding]) -> list[dict[str, Any]]:
    """Each criterion with the bid's answer and the finding on it: the assessor's on the national ones, and on an SHA's
    own (`local`: its code) that SHA's."""
    answers = dict(bid.answers.visible_to(user).values_list("criterion", "text"))
    found: dict[int, tuple[Any, Any]] = {f.criterion_id: (f, f.by) for f in findings}
    asked = bid.asked()
    if any(c.set.scope != NATIONAL for c in asked):
        stages = Stage.objects.visible_to(user).filter(bid=bid)
        for local in StageFinding.objects.filter(stage__in=stages).select_related("stage__replied_by"):
            found[local.criterion_id] = (local, local.stage.replied_by)
    return [
        {
            "criterion": criterion,
            "local": "" if criterion.set.scope == NATIONAL else criterion.set.scope,
            "answer": answers.get(criterion.pk, ""),
            "finding": finding,
            "by": by,
            "tag": FINDING_TAGS[finding.finding] if finding else ("No finding yet", "grey"),
        }
        for criterion in asked
        for finding, by in [found.get(criterion.pk, (None, None))]
    ]


def told(decisions: list[Any]) -> list[dict[str, Any]]:
    """Decisions, newest first, with the words of their reasons."""
    reasons = {r.key: r for r in Reason.objects.all()} if decisions else {}
    rows = [
        {
            "decision": d,
            "tag": OUTCOME_TAGS[d.outcome],
            "reasons": [reasons[key] for key in d.reasons if key in reasons],
            "standing": d is decisions[-1],
        }
        for d in decisions
    ]
    return rows[::-1]


def members_table(named: list[Named], *, several: bool) -> Table:
    columns = [
        Column("code", "Code", href="/practices/{code}/"),
        Column("name", "Practice"),
        Column("status", "Status"),
        Column("patients.count", "Patients", kind="number", empty="No list"),
        Column("patients", "List of", show=lambda n: list_of(n)),
        Column("pct", "PCT", show=lambda n: n.pct and f"{n.pct[1]} ({n.pct[0]})".strip()),
        Column("elsewhere", "Claimed elsewhere", show=lambda n: claims(n), empty="No"),
    ]
    if several:
        columns.insert(2, Column("group", "Consortium"))
    return Table(columns, named, "Practices that the bid names", caption_spoken=True, empty="None")


def list_of(named: Named) -> str:
    if named.patients is None:
        return ""
    return f"{named.patients.quarter}{' (later)' if named.patients.later else ''}"


def claims(named: Named) -> SafeString | str:
    """Links to the consortium and the bids that have or claim the practice too."""
    links = [(f"/staff/bids/{ref}/", ref) for ref in named.other_bids]
    if named.belongs_to:
        ref, name = named.belongs_to
        links.insert(0, (f"/consortia/{ref}/", f"{name} ({ref})"))
    if not links:
        return ""
    return format_html_join(", ", '<a class="nhsuk-link" href="{}">{}</a>', links)
