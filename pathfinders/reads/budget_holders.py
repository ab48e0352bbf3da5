"""What a consortium or local body answers for, its practices' shares of it, and its allowances (G1, G3, G5)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from pathfinders.reads.budgets import held, lines
from pathfinders.reads.england import england
from practices.models import BodyParticulars, PracticeParticulars
from registry.moment import Moment
from transitions.models import WHOLE, Allowance
from transitions.money import pro_rata


class Share(NamedTuple):
    """A practice's part of what its consortium answers for; `amount` None without a list to reckon by."""

    code: str
    name: str | None
    people: int | None
    amount: int | None


def holdings(user: Any, moment: Moment, holder: str) -> list[dict[str, Any]]:
    """What is delegated to the holder, the newest year first; of a year that is over, on its last day."""
    facts = held(user, moment).filter(holder=holder).order_by("-year", "pct__code", "line")
    told = facts.values(
        "year",
        "line",
        "amount",
        "level",
        "note",
        "effective",
        pct_code=F("pct__code"),
        evidence_ref=F("evidence__ref"),
    )
    rows = list(told)
    words = lines(user) if rows else {}
    own = BodyParticulars.objects.visible_to(user).known(moment).filter(body__code__in={r["pct_code"] for r in rows})
    names = dict(own.order_by("effective").values_list("body__code", "name")) if rows else {}
    for row in rows:
        row |= {"line_label": words[row["line"]].label, "pct_name": names.get(row["pct_code"])}
    return rows


def stated(rows: list[dict[str, Any]], year: str) -> tuple[int | None, int]:
    """What these holdings of a year come to, and how many of them state no amount. A trust's whole budget counts in
    place of its service lines, which are in it; None where none states any."""
    own: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["year"] == year:
            own[row["pct_code"]].append(row)
    counted = [row for found in own.values() for row in ([r for r in found if r["line"] == WHOLE] or found)]
    amounts = [row["amount"] for row in counted if row["amount"] is not None]
    return (sum(amounts) if amounts else None), len(counted) - len(amounts)


def glance(user: Any, moment: Moment, holder: str) -> tuple[QuerySet, QuerySet]:
    """The same in short, and its allowances: for a page that is about something else."""
    own = held(user, moment).filter(holder=holder).order_by("-year", "pct__code", "line")
    paid = Allowance.objects.visible_to(user).at(moment).filter(holder=holder).order_by("-year", "kind")
    return own.values("year", "line", "level", "amount", pct_code=F("pct__code")), paid.values(
        "year", "kind", "amount", "paid_on"
    )


def shares(user: Any, moment: Moment, consortium: str, amount: int) -> list[Share]:
    """The amount over the consortium's members that count on the day, pro rata by list, to the pound: they make the
    amount exactly. A practice without a list has no share, which is said of it."""
    members = [row for row in england(user, moment).rows if row.consortium == consortium]
    parts = pro_rata(amount, {row.code: row.patients for row in members if row.patients})
    own = PracticeParticulars.objects.visible_to(user).at(moment).filter(practice__code__in=[m.code for m in members])
    names = dict(own.values_list("practice__code", "name"))
    return [Share(row.code, names.get(row.code), row.patients, parts.get(row.code)) for row in members]


def allowances(user: Any, moment: Moment, holders: set[str] | None = None) -> list[dict[str, Any]]:
    """Pounds per head as they stand on the day (of these consortia), the newest year first."""
    facts = Allowance.objects.visible_to(user).at(moment)
    if holders is not None:
        facts = facts.filter(holder__in=holders)
    named = ("holder", "year", "kind", "pounds_per_head", "people", "amount", "paid_on", "source")
    return list(facts.order_by("-year", "holder", "kind").values(*named))
