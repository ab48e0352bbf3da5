"""What Southwark's trust of the small register hands over: a fact of each kind of the transition, told in one entry."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from consortia.models import Consortium
from practices.models import ParentBody
from registry.models import Entry
from tests.factories import writing
from transitions import models

FROM, PLANNED = date(2011, 4, 1), date(2011, 12, 31)
M = 1_000_000


def handing_over() -> Entry:
    trust = ParentBody.objects.get(code="5LE")
    group = Consortium.objects.get(ref="GC0001")
    with writing("hand_over") as entry:
        paper = models.Evidence.objects.create(ref="EV0001")
        board = models.LocalBody.objects.create(ref="LB0001")
        survey = models.Survey.objects.create(ref="SV0001")
        cluster = models.Cluster.objects.create(ref="CL0001")
        told = ("document", "Board paper", "The trust", FROM, "", "https://example.org/1")
        held = (group.ref, "2011/12", "development")
        for model, key, values in (
            (models.EvidenceParticulars, (paper.pk,), told),
            (models.TransitionStage, (trust.pk, paper.pk), ("shadow_form", "")),
            (models.PlannedStage, (trust.pk, "plan_agreed"), (PLANNED, "during 2011", "It waits.", paper.pk)),
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
                ("Survey", "Has it begun?", "trusts", None, None, FROM, FROM, "", paper.pk),
            ),
            (models.SurveyAnswer, (survey.pk, trust.pk), ("yes", "")),
            (models.ClusterParticulars, (cluster.pk,), ("South East London", "pct", "The Department")),
            (models.ClusterPlace, (trust.pk,), (cluster.pk,)),
            (models.Milestone, ("deadline",), ("All", date(2012, 10, 1), "autumn 2012", False, "", "Pulse")),
        ):  # fmt: skip
            entry.set(model, key, FROM, None, values)
    return Entry.objects.order_by("-number")[0]
