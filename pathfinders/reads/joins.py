"""Joins to the facts of one moment."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat
from django.db.models.lookups import Exact, Lookup

from practices.models import GP_PRACTICE, PCT_KINDS, BodyKind, ListSize, Status
from registry.models.fact import Lower, Upper
from registry.moment import Moment


def on_day(relation: str, moment: Moment) -> FilteredRelation:
    """The one fact of a relation that is true at the moment: `annotate(_p=on_day("particulars", moment))`.

    At most one row joins, because no key holds two values on a day, so a list stays a list.
    """
    return FilteredRelation(relation, condition=moment.q(f"{relation}__"))


def last_told(facts: QuerySet, relation: str, key: str, path: str, moment: Moment) -> FilteredRelation:
    """Of `facts`, the one of the day, or the last before it: what has ended keeps what it last was. `key`: the field of
    the fact that names whose it is; `path`: the outer query's path to that."""
    begun = Q(effective__startswith__lte=moment.as_of) | Q(effective__startswith__isnull=True)
    chosen = facts.filter(moment.recorded_q(), begun, **{key: OuterRef(path)}).order_by("-effective")
    return FilteredRelation(relation, condition=Q(**{f"{relation}__pk": Subquery(chosen.values("pk")[:1])}))


def together(*parts: QuerySet) -> list[list[tuple[Any, ...]]]:
    """The rows of each of these, in one statement: all tuples (`values_list`) of the same kinds of columns."""
    told: list[list[tuple[Any, ...]]] = [[] for _ in parts]
    tagged = [part.annotate(_part=Value(n, IntegerField())) for n, part in enumerate(parts)]
    if tagged:
        for *row, n in tagged[0].union(*tagged[1:], all=True):
            told[n].append(tuple(row))
    return told


def list_size(moment: Moment, *, prefix: str = "", practice: str = "pk") -> FilteredRelation:
    """The list size that counts at the moment: the latest quarter begun by that day, else the earliest later one
    (domain.md rule 6). `practice` is the outer query's path to the practice's key.

    The condition picks one row by its primary key, so Postgres looks up one list size a practice and no more.
    """
    begun = Q(effective__startswith__lte=moment.as_of)
    chosen = (
        ListSize.objects.filter(moment.recorded_q(), practice=OuterRef(practice))
        .annotate(_from=Lower("effective", output_field=DateField()))
        .order_by(
            Case(When(begun, then=Value(0)), default=Value(1)),
            Case(When(begun, then=_day(moment) - F("_from"))),
            "_from",
        )
        .values("pk")[:1]
    )
    return FilteredRelation(f"{prefix}list_sizes", condition=Q(**{f"{prefix}list_sizes__pk": Subquery(chosen)}))


def _day(moment: Moment) -> Any:
    """The day as an expression, where it is not one already (`Moment.each`)."""
    return Value(moment.as_of, DateField()) if isinstance(moment.as_of, date) else moment.as_of


def list_basis(moment: Moment, joined: str = "_list") -> Case:
    """`latest` for a quarter begun by the day, `later` for one after it, null where there is no list size."""
    return Case(
        When(**{f"{joined}__effective__startswith__lte": moment.as_of, "then": Value("latest")}),
        When(**{f"{joined}__pk__isnull": False, "then": Value("later")}),
    )


def with_parent(queryset: QuerySet, moment: Moment, *, prefix: str = "") -> QuerySet:
    """Join a practice's parent (`_parent`), the parent's particulars (`_body`) and those of the SHA above it
    (`_sha`) on the day."""
    return queryset.annotate(
        _parent=on_day(f"{prefix}parents", moment),
        _body=on_day("_parent__parent__particulars", moment),
        _sha=on_day("_body__above__particulars", moment),
    )


def area() -> dict[str, Any]:
    """Columns of the PCT and the SHA of a practice joined by `with_parent`. After the PCTs' last day there is none."""
    is_pct = Q(_body__kind__in=PCT_KINDS)
    is_sha = Q(_sha__kind=BodyKind.SHA)
    return {
        "pct_code": Case(When(is_pct, then=F("_parent__parent__code"))),
        "pct_name": Case(When(is_pct, then=F("_body__name"))),
        "sha_code": Case(When(is_sha, then=F("_body__above__code"))),
        "sha_name": Case(When(is_sha, then=F("_sha__name"))),
    }


def eligible_q(prefix: str = "") -> Q:
    """What counts in coverage, asked of rows with `_status` and `_own` joined: GP practices, active that day, of
    England (domain.md rule 5)."""
    return Q(_status__status=Status.ACTIVE, _own__setting=GP_PRACTICE) & english_code(prefix)


def english_code(prefix: str = "") -> Q:
    """A practice of England by its code: W is Wales; three letters and three digits are the Channel Islands (domain.md
    section 3.3)."""
    return Q(**{f"{prefix}code__regex": r"^[A-Z]\d{5}$"}) & ~Q(**{f"{prefix}code__startswith": "W"})


def nothing_at(path: str) -> Lookup:
    """Whether a join found no row, by the key at its path. Not asked as IS NULL: Postgres judges by the table that it is
    never null, expects one row, and reads small tables through for each of thousands."""
    return Exact(Coalesce(path, Value(0)), Value(0))


def first_day(path: str = "effective") -> Any:
    """The first day of a period (null: from before all records)."""
    return Lower(path, output_field=DateField())


def final_day(path: str = "effective") -> Any:
    """The inclusive last day of a period (null: still so)."""
    return day_before(Upper(path, output_field=DateField()))


def day_before(day: Any) -> ExpressionWrapper:
    return ExpressionWrapper(day - Value(1), DateField())


def both_clocks(moment: Moment) -> dict[str, Any]:
    """Columns of a fact: its first and inclusive last day, when the register said it and, by the moment, took it back,
    and where in the change feed ("entry.position") it did either."""
    closed = Q(closed_by__isnull=False)
    if not moment.latest:  # what was closed later was not known to be closed then
        closed &= Q(recorded__endswith__lte=moment.known_at)
    return {
        "effective_from": first_day(),
        "effective_to": final_day(),
        "recorded_from": Lower("recorded", output_field=DateTimeField()),
        "recorded_to": Case(When(closed, then=Upper("recorded", output_field=DateTimeField()))),
        "opened": _position("opened"),
        "closed": Case(When(closed, then=_position("closed"))),
    }


def _position(end: str) -> Concat:
    entry, position = (Cast(f, CharField()) for f in (f"{end}_by_id", f"{end}_position"))
    return Concat(entry, Value("."), position, output_field=CharField())
