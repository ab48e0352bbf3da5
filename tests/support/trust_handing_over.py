"""A trust that hands over: one of each thing that the register says of it, by a member of programme staff."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from consortia.models import Consortium
from practices.models import ParentBody
from registry.models import User
from transitions import actions
from transitions.actions import Source

FEBRUARY, APRIL = date(2011, 2, 1), date(2011, 4, 1)
PRESS = Source("press", "Keys to the cash", "Gazette")


def hand_over(by: User, pct: ParentBody, group: Consortium) -> None:
    """From February 2011: a stage and a plan, a survey with its answer, a local body (LB0001), a cluster (CL0001); from
    April a budget of 2011/12, of which the consortium holds a part, what it is paid and whom it weighs."""
    of_trust = {"by": by, "pct": pct, "source": PRESS}
    actions.set_stage(**of_trust, stage="in_talks", on=FEBRUARY)
    actions.plan_stage(**of_trust, stage="shadow_form", day=date(2011, 10, 1), known_from=FEBRUARY)
    survey = actions.record_survey(
        by=by, title="Asked", question="Begun?", asked_of="trusts", known_from=FEBRUARY, source=PRESS
    )
    actions.answer_survey(by=by, survey=survey, pct=pct, answer="yes", on=FEBRUARY)
    actions.set_local_body(**of_trust, on=FEBRUARY, kind="locality_board", name="Board")
    cluster = actions.set_cluster(by=by, on=FEBRUARY, name="South East London", source="Gazette")
    actions.place_in_cluster(by=by, body=pct, cluster=cluster, on=FEBRUARY, why="Formed.")
    budget = {**of_trust, "year": "2011/12", "line": "all", "on": APRIL}
    actions.set_budget_line(**budget, total=934_000_000, delegated=644_000_000, retained=290_000_000)
    actions.delegate(**budget, holder=group.ref, amount=100_000_000, level="shadow")
    paid = {"by": by, "year": "2011/12", "on": APRIL, "source": "Gazette"}
    actions.set_allowance(**paid, consortium=group, kind="development", pounds_per_head=Decimal(2), people=3000)
    actions.set_weighted(**paid, pct=pct, people=3100)
