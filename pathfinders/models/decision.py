from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from pathfinders.models.bid import Bid
from pathfinders.models.released import Outcome
from pathfinders.querysets import CaseworkQuerySet
from registry import clock
from registry.triggers import append_only

FAIR = """
SELECT * INTO bid FROM pathfinders_bid WHERE id = NEW.bid_id;
IF bid.state NOT IN ('assessed', 'decided') THEN
    RAISE EXCEPTION 'bid % is %, not ready to be decided', bid.ref, bid.state USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.decided_by_id IN (bid.assessor_id, bid.lead_id) OR EXISTS (
    SELECT 1 FROM pathfinders_findingevent f WHERE f.bid_id = bid.id AND f.by_id = NEW.decided_by_id
) OR EXISTS (
    SELECT 1 FROM registry_rolegrant g WHERE g.user_id = NEW.decided_by_id AND g.object_ref = bid.ref
        AND g.role IN ('consortium_deputy', 'consortium_lead') AND g.period @> CURRENT_DATE
) OR EXISTS (
    SELECT 1 FROM pathfinders_staffinterest i
    WHERE i.user_id = NEW.decided_by_id AND i.bid_id = bid.id AND i.ended_on IS NULL
) THEN
    RAISE EXCEPTION 'bid % is decided by somebody other than its assessors, its lead, its deputies and whoever has an '
        'interest in it', bid.ref
        USING ERRCODE = 'restrict_violation';
END IF;
IF EXISTS (
    SELECT 1 FROM pathfinders_criterion c
    LEFT JOIN pathfinders_finding f ON f.criterion_id = c.id AND f.bid_id = bid.id
    WHERE c.set_id = bid.criteria_id AND f.id IS NULL
) THEN
    RAISE EXCEPTION 'bid % has a criterion without a finding', bid.ref USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.number <> bid.decision_number + 1 OR NEW.decided_on < bid.submitted_on THEN
    RAISE EXCEPTION 'decision % of bid % is out of order', NEW.number, bid.ref USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class Decision(models.Model):
    """A decision on a bid: never changed. A changed mind is a new decision with the next number (domain.md rule 9).

    `reasons` are keys of `Reason`, sorted; `text` is what the bidder will read; `on_behalf_of` names a minister where
    one decided. Postgres keeps it fair (rule 10): decided by somebody else than its assessors, lead and
    deputies, on all findings.
    """

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=30, choices=Outcome)
    reasons = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    text = models.TextField(blank=True)
    decided_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    on_behalf_of = models.CharField(max_length=200, blank=True)
    decided_on = models.DateField()
    wave = models.ForeignKey("pathfinders.Wave", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = CaseworkQuerySet.as_manager()

    class Meta:
        ordering = ["bid", "number"]
        constraints = [
            models.UniqueConstraint("bid", "number", name="one_decision_a_number"),
            models.CheckConstraint(name="decision_outcome_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(name="decision_is_reasoned", condition=Q(outcome="approved") | ~Q(reasons=[])),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fair",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("bid", "pathfinders_bid%ROWTYPE")],
                func=FAIR,
            ),
            *append_only("decisions"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.decided_on:%-d %B %Y}"
