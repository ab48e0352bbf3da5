"""Budgets of trusts line by line, as stated by the day: what is delegated, to whom, and of how much (domain.md rule 19).

Pounds are whole; null is not stated, and never nothing. `holders` are those of the day, or of the year's last day where
the day is after it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from consortia.models import ConsortiumParticulars
from pathfinders.reads import known
from pathfinders.reads.coverage import percent_of
from pathfinders.reads.england import england
from pathfinders.reads.filtering import CodeFilter, ReadFilters, WordFilter
from pathfinders.reads.joins import both_clocks, last_told
from pathfinders.reads.tally import registered_by
from practices.models import BodyKind, BodyParticulars
from registry.moment import Moment, once
from registry.statements import at_once
from transitions.models import (
    BudgetLine,
    Delegation,
    Level,
    LocalBodyParticulars,
    TransitionWord,
    TransitionWordKind,
    WeightedPopulation,
)
from transitions.stages import evidence_of
from transitions.words import of_word
from transitions.years import require_year, year_of

KEY = ("pct_code", "year", "line_key")
ORDERINGS = {"pct_code": F("pct_code"), "year": F("year"), "total": Coalesce(F("total"), Value(-1, BigIntegerField()))}
ADDS_UP = ("exactly", "rounding", "not_stated")
EVERY_YEAR = "all"
FIGURES = ("total", "delegated", "retained", "excluded")


class YearEnd(Func):
    """The last day of a financial year, from its words."""

    template = "make_date(left(%(expressions)s, 4)::int + 1, 3, 31)"
    output_field = DateField()


def rows(user: Any, moment: Moment, year: str = "") -> QuerySet:
    """Each line that stands at the moment: of the financial year of the day, of the `year` asked, or of "all"."""
    lines = BudgetLine.objects.visible_to(user).at(moment)
    if year != EVERY_YEAR:
        lines = lines.filter(year=year or year_of(moment.as_of))
    bodies = BodyParticulars.objects.visible_to(user)
    joined = summed(lines).annotate(
        _own=last_told(bodies, "pct__particulars", "body", "pct", moment),
        _sha=last_told(bodies, "_own__above__particulars", "body", "_own__above", moment),
        _proof=evidence_of("evidence__particulars", moment),
    )
    is_sha = Q(_sha__kind=BodyKind.SHA)
    return joined.values(
        "year",
        *FIGURES,
        "rounding",
        "note",
        "difference",
        "adds_up",
        pct_code=F("pct__code"),
        pct_name=F("_own__name"),
        sha_code=Case(When(is_sha, then=F("_own__above__code"))),
        sha_name=Case(When(is_sha, then=F("_sha__name"))),
        line_key=F("line"),
        line_label=of_word(TransitionWordKind.LINE, "label", "line"),
        eligible=of_word(TransitionWordKind.LINE, "eligible", "line"),
        evidence_ref=F("evidence__ref"),
        **{
            f"evidence_{name}": F(f"_proof__{name}")
            for name in ("kind", "title", "publisher", "said_on", "words", "url")
        },
        **both_clocks(moment),
    )


def summed(lines: QuerySet) -> QuerySet:
    """With `difference`, total less its parts where they are stated, and `adds_up`."""
    off = F("total") - F("delegated") - F("retained") - Coalesce(F("excluded"), Value(0, BigIntegerField()))
    stated = Q(total__isnull=False, delegated__isnull=False, retained__isnull=False)
    return lines.annotate(
        difference=Case(When(stated, then=off), output_field=BigIntegerField()),
        adds_up=Case(
            When(difference=0, then=Value("exactly")),
            When(difference__isnull=False, then=Value("rounding")),
            default=Value("not_stated"),
            output_field=CharField(),
        ),
    )


def held(user: Any, moment: Moment) -> QuerySet:
    """What is delegated on the day, or was on the last day of its year where that is before."""
    day = Least(Value(moment.as_of, DateField()), YearEnd(F("year")))
    return Delegation.objects.visible_to(user).at(moment.each(day))


def finish(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add what is no column: words, holders, shares, figures per head."""
    if not rows:
        return rows
    people = registered(user, moment)
    holders: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    delegated, weighed = at_once(_holders(user, moment, rows), weights(user, moment))
    weighted = by_trust(weighed)
    for told in delegated:
        holders[told.pop("pct_code"), told.pop("year"), told.pop("line")].append(told)
    for row in rows:
        row["holders"] = holders[row["pct_code"], row["year"], row["line_key"]]
        row["eligible_total"] = eligible_total(row) if row["eligible"] else None
        row |= share_of(row["delegated"], row["eligible_total"])
        row |= per_head(row, people.get(row["pct_code"]), weighted.get((row["pct_code"], row["year"])))
        row["accountable"] = row["pct_code"] if row["year"] < "2013/14" else None
    return rows


def lines(user: Any) -> dict[str, TransitionWord]:
    """The service lines by key, in order, ended ones too: public, so the same for every user."""
    words = TransitionWord.objects.visible_to(user).of(TransitionWordKind.LINE)
    return once("service lines", lambda: {w.key: w for w in words})


def eligible_total(row: dict[str, Any]) -> int | None:
    """Total less what is excluded, and never less than nothing, whatever rounded figures would make it. Where the source
    excludes nothing that it states, and the other parts make the total, nothing is; else it is not known."""
    if row["total"] is None:
        return None
    if row["excluded"] is not None:
        return max(0, row["total"] - row["excluded"])
    return row["total"] if row["difference"] is not None else None


def share_of(delegated: int | None, base: int | None) -> dict[str, Any]:
    """`share`: the delegated part as a percentage of the eligible budget; null where either is not known. Nobody
    delegates more than there is: figures that are rounded may make more, by `share_over` pounds, and are then 100."""
    if delegated is None or not base:
        return {"share": None, "share_over": 0}
    return {"share": percent_delegated(delegated, base), "share_over": max(0, delegated - base)}


def percent_delegated(delegated: int, base: int) -> float | None:
    """The percentage of `share_of`, from 0 to 100."""
    percent = percent_of(delegated, base)
    return None if percent is None else min(percent, 100.0)


def registered(user: Any, moment: Moment) -> dict[str | None, tuple[int, str | None]]:
    """People on the lists of each trust's practices on the day, and the quarter that they are of (domain.md rule 6)."""
    base = england(user, moment)
    return once(("registered by trust", moment.as_of, moment.known_at), lambda: registered_by(base, "pct"))


def weights(user: Any, moment: Moment) -> QuerySet:
    """People of each trust and year, weighted."""
    return WeightedPopulation.objects.visible_to(user).at(moment).values("year", "people", pct_code=F("body__code"))


def by_trust(weighed: Iterable[dict[str, Any]]) -> dict[tuple[str, str], int]:
    """The same by trust and year."""
    return {(told["pct_code"], told["year"]): told["people"] for told in weighed}


def per_head(row: dict[str, Any], people: tuple[int, str | None] | None, weighted: int | None) -> dict[str, Any]:
    """Pounds for each person registered and, beside it, for each weighted one; null where either side is not known."""
    crude, quarter = people if people else (None, None)
    found: dict[str, Any] = {"people": crude, "people_quarter": quarter, "weighted_people": weighted}
    for name in ("total", "delegated"):
        for kind, base in (("head", crude), ("weighted_head", weighted)):
            known = row[name] is not None and base
            found[f"{name}_per_{kind}"] = round(row[name] / base, 2) if known else None
    return found


def _holders(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> QuerySet:
    """Who answers for these lines, with the names of consortia and local bodies: of the day, or the last before it."""
    asked = held(user, moment).filter(
        pct__code__in={row["pct_code"] for row in rows}, year__in={row["year"] for row in rows}
    )
    begun = Q(effective__startswith__lte=moment.as_of) | Q(effective__startswith__isnull=True)

    def last_name(model: Any, path: str) -> Subquery:
        told = model.objects.visible_to(user).known(moment).filter(begun, **{path: OuterRef("holder")})
        return Subquery(told.order_by("-effective").values("name")[:1])

    return asked.order_by("holder").values(
        "year",
        "line",
        "holder",
        "amount",
        "level",
        pct_code=F("pct__code"),
        name=Coalesce(
            last_name(ConsortiumParticulars, "consortium__ref"),
            last_name(LocalBodyParticulars, "local_body__ref"),
            F("holder"),
        ),
    )


def named(user: Any, moment: Moment, holders: set[str]) -> dict[str, str]:
    """Names of consortia and local bodies by their references: of the day, or the last before it."""
    found: dict[str, str] = {}
    for model, path in ((ConsortiumParticulars, "consortium__ref"), (LocalBodyParticulars, "local_body__ref")):
        if wanted := {ref for ref in holders if ref.startswith("GC") == (model is ConsortiumParticulars)}:
            facts = model.objects.visible_to(user).known(moment).filter(**{f"{path}__in": wanted})
            begun = Q(effective__startswith__lte=moment.as_of) | Q(effective__startswith__isnull=True)
            found |= dict(facts.filter(begun).order_by("effective").values_list(path, "name"))
    return found


def known_year(year: str) -> None:
    """A year that is none is refused, not answered with nothing."""
    from registry.errors import Refused

    try:
        if year != EVERY_YEAR:
            require_year(year)
    except Refused as refused:
        raise ValidationError(refused.message, code="bad_year") from None


class Filters(ReadFilters):
    pct = CodeFilter("pct__code", label="Primary care trust", known=known.PCT)
    sha = CodeFilter("sha_code", label="Strategic health authority", known=known.SHA)
    year = django_filters.CharFilter(
        method="by_year", label="Financial year as 2011/12, or all; that of as_of without it", validators=[known_year]
    )
    line = WordFilter("line", label="Service line, as all or maternity", known=known.LINE)
    holder = CodeFilter(
        method="by_holder", label="Consortium or local body that part is delegated to, as GC0001", known=known.HOLDER
    )
    level = django_filters.ChoiceFilter(method="by_level", choices=Level.choices, label="Level of what is delegated")
    adds_up = django_filters.ChoiceFilter(
        choices=[(word, word.replace("_", " ").capitalize()) for word in ADDS_UP],
        label="Whether the parts make the total",
    )

    def by_year(self, queryset: QuerySet, name: str, year: str) -> QuerySet:
        """`rows` was asked for the year already; a page that asked for all is narrowed here."""
        return queryset if year == EVERY_YEAR else queryset.filter(year=year.strip())

    def by_holder(self, queryset: QuerySet, name: str, holder: str) -> QuerySet:
        return queryset.filter(self._held(holder=holder.strip().upper()))

    def by_level(self, queryset: QuerySet, name: str, level: str) -> QuerySet:
        return queryset.filter(self._held(level=level))

    def _held(self, **what: str) -> Exists:
        mine = {name: OuterRef(name) for name in ("pct", "year", "line")}
        return Exists(held(None, self.moment).filter(**mine, **what))
