"""Whose evidence it is: what rests on it says of which trusts, and who recorded it."""

from __future__ import annotations

from typing import Any

from registry.models.fact import Fact
from transitions.models import (
    BudgetLine,
    Delegation,
    Evidence,
    EvidenceParticulars,
    LocalBodyParticulars,
    PlannedStage,
    SurveyParticulars,
    TransitionStage,
)

OF_TRUSTS: dict[type[Fact], str] = {
    TransitionStage: "body__code",
    PlannedStage: "body__code",
    BudgetLine: "pct__code",
    Delegation: "pct__code",
    LocalBodyParticulars: "pct__code",
}
"""The facts that say something of a trust on evidence, and where its code stands; a local body may be of no trust."""


def trusts_on(evidence: Evidence) -> set[str]:
    """The codes of the trusts of which the register says something on this evidence now; "" for what is of none."""
    found: set[str] = set()
    for model, code in OF_TRUSTS.items():
        told = model._default_manager.filter(evidence=evidence, recorded__upper_inf=True)
        found |= {code or "" for code in told.order_by().values_list(code, flat=True).distinct()}
    if SurveyParticulars.objects.current().filter(evidence=evidence).exists():
        found.add("")
    return found


def recorded_by(evidence: Evidence, user: Any) -> bool:
    """Whether the user is the one who first told the register of it."""
    first = EvidenceParticulars.objects.filter(evidence=evidence).order_by("opened_by", "opened_position")
    return first.values_list("opened_by__actor", flat=True).first() == user.ref
