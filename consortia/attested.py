"""The list that a consortium attests, and how a consortium stands with its attestations, at any moment.

Due by the last day of each calendar quarter in which the consortium exists on that day and existed on the quarter's
first. An attestation given late, in a later quarter, is of the list as it is then and ends the delay.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BooleanField, DateField, Exists, ExpressionWrapper, OuterRef, Q, Subquery

from consortia.models import Attestation, Consortium, ConsortiumParticulars, Membership
from consortia.quarters import days_of, last_ended, quarter_of
from consortia.spells import member_since
from practices.models import PracticeParticulars
from registry.api.delimited import TableWriter
from registry.models.fact import Lower
from registry.moment import Moment

HEADINGS = ("code", "name", "status", "from")


def attested_list(moment: Moment, consortium: Consortium) -> str:
    """The members on the day as CSV: code, name, status and the first day of the membership, by code. These bytes are
    what is hashed, shown, kept and downloaded."""
    names = PracticeParticulars.objects.at(moment).filter(practice=OuterRef("practice")).values("name")[:1]
    members = Membership.objects.at(moment).filter(consortium=consortium)
    rows = members.annotate(name=Subquery(names), since=member_since(moment)).values_list(
        "practice__code", "name", "status", "since"
    )
    text = io.StringIO()
    write = TableWriter(text, end="\n")
    write.writerow(HEADINGS)
    for code, name, status, since in sorted(rows):
        write.writerow([code, name, status, since.isoformat() if since else ""])
    return text.getvalue()


def sha256_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def rows_of(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content)))


def differences(old: str, new: str) -> list[str]:
    """What changed from one list to the other, a sentence a practice."""
    before, after = ({row["code"]: row for row in rows_of(text)} for text in (old, new))
    told = [f"{code} ({after[code]['name']}) joined" for code in sorted(after.keys() - before.keys())]
    told += [f"{code} ({before[code]['name']}) left" for code in sorted(before.keys() - after.keys())]
    for code in sorted(before.keys() & after.keys()):
        told += [
            f"{code}: {name} was “{before[code][name]}”, is “{after[code][name]}”"
            for name in HEADINGS[1:]
            if before[code][name] != after[code][name]
        ]
    return told


class Attested(NamedTuple):
    """How a consortium stands: its newest attestation, the quarter that is overdue (or ""), the one now running where
    it is still to be attested (or ""), and by when."""

    quarter: str = ""
    on: date | None = None
    sha256: str = ""
    practices: int = 0
    overdue: str = ""
    due: str = ""
    due_by: date | None = None


def standing(moment: Moment, consortia: Collection[Consortium]) -> dict[int, Attested]:
    """By primary key. Two queries."""
    said = Attestation.objects.at(moment).filter(consortium__in=consortia).annotate(_on=Lower("effective"))
    newest: dict[int, Attested] = {}
    for pk, *told in said.order_by("quarter").values_list("consortium", "quarter", "_on", "sha256", "practices"):
        newest[pk] = Attested(*told)
    lives = _lives(moment, consortia)
    now, before = quarter_of(moment.as_of), last_ended(moment.as_of)
    found = {}
    for consortium in consortia:
        state = newest.get(consortium.pk, Attested())
        is_overdue = state.quarter < before and lives(consortium.pk, days_of(before))
        first, last = days_of(now)
        is_due = state.quarter < now and lives(consortium.pk, (first, moment.as_of))
        found[consortium.pk] = state._replace(
            overdue=before if is_overdue else "", due=now if is_due else "", due_by=last if is_due else None
        )
    return found


def _lives(moment: Moment, consortia: Collection[Consortium]) -> Any:
    spells: dict[int, list[Any]] = {}
    facts = ConsortiumParticulars.objects.known(moment).filter(consortium__in=consortia)
    for pk, days in facts.values_list("consortium", "effective"):
        spells.setdefault(pk, []).append(days)

    def lives(pk: int, days: tuple[date, date]) -> bool:
        return all(any(day in spell for spell in spells.get(pk, ())) for day in days)

    return lives


def columns(moment: Moment) -> dict[str, Any]:
    """For rows of consortia: what `standing` says of each, worked out by Postgres."""
    said = Attestation.objects.at(moment).filter(consortium=OuterRef("pk")).order_by("-quarter")
    ended = last_ended(moment.as_of)
    lived = ConsortiumParticulars.objects.known(moment).filter(consortium=OuterRef("pk"))
    there = Q(*(Exists(lived.filter(effective__contains=day)) for day in days_of(ended)))
    return {
        "attested_quarter": Subquery(said.values("quarter")[:1]),
        "attested_on": Subquery(said.annotate(_on=Lower("effective", output_field=DateField())).values("_on")[:1]),
        "attested_sha256": Subquery(said.values("sha256")[:1]),
        "attestation_overdue": ExpressionWrapper(
            there & ~Exists(said.filter(quarter__gte=ended)), output_field=BooleanField()
        ),
    }
