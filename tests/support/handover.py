"""A trust of a small register hands over: one of each thing that the register says of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from consortia.models import Consortium
from practices.models import ParentBody
from registry.models import Entry, User
from tests.factories import writing
from transitions import actions, models
from transitions.actions import Source

FEBRUARY, APRIL = date(2011, 2, 1), date(2011, 4, 1)
PRESS = Source("press", "Keys to the cash", "Gazette")
M = 1_000_000


def hand_over(by: User, pct: ParentBody, group: Consortium) -> None:
    """By its actions, from February 2011: a stage and a plan, a survey with its answer, a local body (LB0001), a cluster (CL0001); from
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


def hand_over_in_one_entry() -> Entry:
    """Southwark (5LE) of the small register, to GC0001: a fact of each kind of the transition. The entry."""
    trust = ParentBody.objects.get(code="5LE")
    group = Consortium.objects.get(ref="GC0001")
    with writing("hand_over") as entry:
        paper = models.Evidence.objects.create(ref="EV0001")
        board = models.LocalBody.objects.create(ref="LB0001")
        survey = models.Survey.objects.create(ref="SV0001")
        cluster = models.Cluster.objects.create(ref="CL0001")
        told = ("document", "Board paper", "The trust", APRIL, "", "https://example.org/1")
        held = (group.ref, "2011/12", "development")
        for model, key, values in (
            (models.EvidenceParticulars, (paper.pk,), told),
            (models.TransitionStage, (trust.pk, paper.pk), ("shadow_form", "")),
            (models.PlannedStage, (trust.pk, "plan_agreed"), (date(2011, 12, 31), "during 2011", "It waits.", paper.pk)),
            (
                models.BudgetLine, (trust.pk, "2011/12", "all"), (644 * M, 291 * M, 353 * M, None, M, "", paper.pk),
            ),
            (models.Delegation, (trust.pk, "2011/12", "all", group.ref), (291 * M, "shadow", "", paper.pk)),
            (models.Allowance, held, (Decimal("2.00"), 5000, 10_000, None, "The framework")),
            (
                models.LocalBodyParticulars, (board.pk,),
                ("locality_board", "East", trust.pk, group.pk, "running", "", "", None, None, "", None, paper.pk),
            ),
            (
                models.SurveyParticulars, (survey.pk,),
                ("Survey", "Has it begun?", "trusts", None, None, APRIL, APRIL, "", paper.pk),
            ),
            (models.SurveyAnswer, (survey.pk, trust.pk), ("yes", "")),
            (models.ClusterParticulars, (cluster.pk,), ("South East London", "pct", "The Department")),
            (models.ClusterPlace, (trust.pk,), (cluster.pk,)),
            (models.Milestone, ("deadline",), ("All", date(2012, 10, 1), "autumn 2012", False, "", "Pulse")),
        ):  # fmt: skip
            entry.set(model, key, APRIL, None, values)
    return Entry.objects.order_by("-number")[0]
