from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Max, Q
from django.db.models.fields.related import ForeignKey

from registry.canonical import plain
from registry.triggers import fact, identity

if TYPE_CHECKING:
    from registry.moment import Moment


@DateRangeField.register_lookup
@DateTimeRangeField.register_lookup
class Holds(models.Lookup):
    """`contains`, of a day that is each row's own. Postgres guesses that one period of a thousand contains a day that it
    does not know, and would look for all that do; of a function it guesses one in three, and goes by the key."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, of_lhs = self.process_lhs(compiler, connection)
        rhs, of_rhs = self.process_rhs(compiler, connection)
        return f"range_contains_elem({lhs}, {rhs})", [*of_lhs, *of_rhs]


class VisibleQuerySet(models.QuerySet):
    """A queryset of public rows. Every read starts from `visible_to`, public ones too, so that none forgets."""

    def visible_to(self, user: object) -> Self:
        return self


class Identity(models.Model):
    """A body that the register knows: a code or reference that never changes, is never reused, never deleted.

    `NATURAL` names that field; everything else about the body is a dated fact (domain.md rule 1).
    """

    NATURAL: ClassVar[str] = "code"
    ROLE_OBJECTS: ClassVar[
        tuple[str, ...]
    ] = ()  # the kinds of object that roles are held for (registry.authorization)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers = identity()

    def __str__(self) -> str:
        return getattr(self, self.NATURAL)


class FactQuerySet(VisibleQuerySet):
    def at(self, moment: Moment) -> Self:
        """Facts true on `moment.as_of`, as recorded at `moment.known_at`."""
        return self.filter(moment.q())

    def known(self, moment: Moment) -> Self:
        """Facts of any day, as recorded at `moment.known_at`."""
        return self.filter(moment.recorded_q())

    def current(self) -> Self:
        """Facts of any day as the register says now."""
        return self.filter(recorded__upper_inf=True)

    def newest_entry(self) -> int:
        """The newest entry that opened or closed one of these facts; 0 where none did. A form carries it as `seen`."""
        told = self.aggregate(opened=Max("opened_by"), closed=Max("closed_by"))
        return max(told["opened"] or 0, told["closed"] or 0)


class Fact(models.Model):
    """Something true for a while: `effective`, the days in the world; `recorded`, when the register said so.

    Both are half-open. A fact is opened by one journal entry and closed by at most one later; nothing else of it ever
    changes (`registry.triggers`). Only `registry.journal` writes facts. `ADDED` names fields that joined the kind after
    registers held it: where one has its default, feed and hash leave it out, as they did before. `KEY` names the fields of which one value
    holds a day; `opened_by.opened_position` ("12.345") is the fact's public identity in the change feed.
    """

    KEY: ClassVar[tuple[str, ...]] = ()
    ADDED: ClassVar[tuple[str, ...]] = ()
    NAME: ClassVar[str] = ""

    id = models.BigAutoField(primary_key=True)
    effective = DateRangeField()
    recorded = DateTimeRangeField()
    opened_by = models.ForeignKey("registry.Entry", models.PROTECT, related_name="+", db_index=False)
    opened_position = models.PositiveIntegerField()
    closed_by = models.ForeignKey("registry.Entry", models.PROTECT, related_name="+", null=True, db_index=False)
    closed_position = models.PositiveIntegerField(null=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers = fact()

    @classmethod
    def own_fields(cls) -> list[models.Field[Any, Any]]:
        """Key and value fields in declared order, without those of the two clocks."""
        base = {f.name for f in Fact._meta.local_fields}
        return [f for f in cls._meta.concrete_fields if f.name not in base]

    @classmethod
    def key_fields(cls) -> list[models.Field[Any, Any]]:
        return [f for f in cls.own_fields() if f.name in cls.KEY]

    @classmethod
    def value_fields(cls) -> list[models.Field[Any, Any]]:
        return [f for f in cls.own_fields() if f.name not in cls.KEY]

    @classmethod
    def told(cls, own: dict[str, Any]) -> dict[str, Any]:
        """A fact's own fields as feed and hash tell them: without those of `ADDED` that have their default."""
        if not cls.ADDED:
            return own
        quiet = {f.name: plain(f.get_default()) for f in cls.own_fields() if f.name in cls.ADDED}
        return {name: value for name, value in own.items() if name not in quiet or value != quiet[name]}

    @classmethod
    def public_path(cls, field: models.Field[Any, Any]) -> str:
        """The lookup that gives a field's public value: a reference by its code, anything else as it is."""
        if isinstance(field, ForeignKey):
            return f"{field.name}__{field.related_model.NATURAL}"  # type: ignore[attr-defined]
        return field.name


def fact_kinds() -> dict[str, type[Fact]]:
    """Every kind of fact that is installed, by its name in the change feed, sorted by name."""
    from django.apps import apps

    kinds = {m.NAME: m for m in apps.get_models() if issubclass(m, Fact)}
    return dict(sorted(kinds.items()))


def fact_constraints(*key: str, **checks: Q) -> list[models.BaseConstraint]:
    """One value a day for one key within one version; no empty, reversed or nowhere period; whole closures."""
    return [
        ExclusionConstraint(
            name="%(class)s_one_a_day",
            expressions=[
                *[(k, RangeOperators.EQUAL) for k in key],
                ("effective", RangeOperators.OVERLAPS),
                ("recorded", RangeOperators.OVERLAPS),
            ],
        ),
        models.CheckConstraint(
            name="%(class)s_periods",
            condition=Q(effective__isempty=False) & Q(recorded__isempty=False) & Q(recorded__lower_inf=False),
        ),
        models.CheckConstraint(
            name="%(class)s_closure",
            condition=Q(closed_by=None, closed_position=None, recorded__upper_inf=True)
            | Q(closed_by__isnull=False, closed_position__isnull=False, recorded__upper_inf=False),
        ),
        models.UniqueConstraint("opened_by", "opened_position", name="%(class)s_opened"),
        models.UniqueConstraint(
            "closed_by",
            "closed_position",
            name="%(class)s_closed",
            condition=Q(closed_by__isnull=False),
        ),
        *[models.CheckConstraint(name=f"%(class)s_{name}", condition=q) for name, q in checks.items()],
    ]


def fact_indexes(*key: str) -> list[models.Index]:
    """The partial index that answers "as we know it now" for one key."""
    return [models.Index(fields=[*key], name="%(class)s_now", condition=Q(recorded__upper_inf=True))]


class Lower(Func):
    """The first day or instant of a range (NULL where unbounded)."""

    function = "lower"


class Upper(Func):
    """The end of a range, half-open (NULL where unbounded)."""

    function = "upper"
