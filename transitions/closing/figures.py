"""A plan in figures."""

from __future__ import annotations

from practices.models import PCT_KINDS
from transitions.closing.plan import Plan

LABELS = {
    "trusts": "Trusts that close",
    "authorities": "Authorities that close",
    "closed_already": "Trusts and authorities of these whose end is recorded already",
    "successions": "Successions, from one body to another",
    "split": "Trusts that split among several groups",
    "without_successor": "Trusts that nobody is known to follow",
    "practices": "Practices that count on the day",
    "placed_already": "With a clinical commissioning group already",
    "placed_by_consortium": "Placed through their consortium’s code",
    "carried": "Dormant or closed, carried with their consortium",
    "released": "Not counted and in no consortium: under no body from then on",
    "unplaced": "Unplaced: nothing closes until each is placed, closed or explained",
    "explained": "Left without a group, explained",
    "budgets": "Delegations that end, and budget lines of later years",
    "budgets_unassigned": "Of these, unassigned: nobody follows the holder",
    "roles": "Roles held for a trust or an authority that end with it",
    "facts": "Facts of the register that end or begin",
}


def figures(plan: Plan) -> dict[str, int]:
    """The counts of a plan, in the order in which they are read out."""
    kinds = [row.kind for row in plan.closes]
    counted = [row for row in plan.placed if not row.flag]
    return {
        "trusts": sum(kind in PCT_KINDS for kind in kinds),
        "authorities": sum(kind not in PCT_KINDS for kind in kinds),
        "closed_already": sum(row.recorded for row in plan.closes),
        "successions": len(plan.successions),
        "split": len({row.predecessor for row in plan.successions if row.kind == "split"}),
        "without_successor": len(plan.without_successor),
        "practices": len(counted) + len(plan.unplaced),
        "placed_already": sum(row.way == "recorded" for row in counted),
        "placed_by_consortium": sum(row.way == "consortium" for row in counted),
        "carried": len(plan.placed) - len(counted),
        "released": len(plan.released),
        "unplaced": len(plan.left),
        "explained": len(plan.unplaced) - len(plan.left),
        "budgets": len(plan.budgets),
        "budgets_unassigned": len(plan.unassigned),
        "roles": len(plan.roles),
        "facts": len(plan.changes),
    }
