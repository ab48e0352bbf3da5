"""Which bodies are meant by words: a code or its beginning, parts of a name, a postcode or its beginning.

Names and postcodes of any day find their body, former ones and those that the register has taken back too. A list
whose rows end with a body's life also gives those that followed one that is found. Where no name holds the words,
names much like them are taken (pg_trgm). Each question is an index's: of the names, the codes, or the postcodes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, F, Func, Model, Q, QuerySet
from django.db.models.functions import Upper

from consortia.models import Consortium, ConsortiumIdentifier, ConsortiumParticulars, ConsortiumSuccession
from pathfinders.models import Pathfinder, PathfinderParticulars, PathfinderSuccession
from practices.models import (
    BodyIdentifier,
    BodyParticulars,
    BodySuccession,
    ParentBody,
    Practice,
    PracticeParticulars,
    PracticeSuccession,
    bare_postcode,
)
from registry.models.fact import Fact
from registry.moment import Moment

LONGEST = 100
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?(\d[A-Z]{0,2})?")
CODE = re.compile(r"[A-Z0-9]{2,10}", re.ASCII)
FEWEST_FOR_LIKENESS = 4
"""Letters: of fewer, everything is like something."""


@dataclass(frozen=True)
class Findable:
    """A kind of body that is found by words. `own`: the path from a fact of `names` to its body."""

    resource: str
    bodies: type[Model]
    names: type[Fact]
    own: str
    code: str
    successions: type[Fact]
    identifiers: type[Fact] | None = None
    outlives: bool = field(default=False)
    """Whether a body that has ended still has its row in the lists, so that no successor stands in for it."""


PRACTICES = Findable("practices", Practice, PracticeParticulars, "practice", "code", PracticeSuccession, outlives=True)
PARENTS = Findable("parents", ParentBody, BodyParticulars, "body", "code", BodySuccession, BodyIdentifier)
CONSORTIA = Findable(
    "consortia", Consortium, ConsortiumParticulars, "consortium", "ref", ConsortiumSuccession, ConsortiumIdentifier
)
PATHFINDERS = Findable("pathfinders", Pathfinder, PathfinderParticulars, "pathfinder", "ref", PathfinderSuccession)


def tidy(text: str) -> str:
    """What was typed, as it is searched."""
    return " ".join(text.replace("\x00", "").split())[:LONGEST]


def narrowed(rows: QuerySet, kind: Findable, user: Any, moment: Moment, text: str) -> QuerySet:
    """Rows of a list whose primary keys are `kind`'s: those that the words mean."""
    text = tidy(text)
    if not text:
        return rows
    exact = _bodies(kind, user, moment, text)
    if not kind.outlives:
        followed = kind.successions._default_manager.visible_to(user).known(moment)  # type: ignore[attr-defined]
        exact = [*exact, *[followed.filter(predecessor__in=part).values("successor") for part in exact]]
    parts = list(exact)
    like = each_alike(kind, user, moment, text)
    if like is not None:
        for part in exact:
            like = like.filter(~Exists(part))
        parts.append(like.values(kind.own))
    return rows.filter(Among.of(*parts))


class Among(Func):
    """A condition: the primary key is one of the keys of these querysets, which are found first and once.

    As an array, not with IN: Postgres joins the dozen tables of a row before it looks at a subquery, all England's.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    @classmethod
    def of(cls, *parts: QuerySet) -> Among:
        return cls(F("pk"), ArraySubquery(parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]))


def said(kind: Findable, user: Any, moment: Moment) -> QuerySet:
    """Every version of every name that the register had said by the moment."""
    facts = kind.names._default_manager.visible_to(user).order_by()  # type: ignore[attr-defined]
    return facts if moment.latest else facts.filter(recorded__startswith__lte=moment.known_at)


def holding(kind: Findable, user: Any, moment: Moment, text: str) -> QuerySet:
    """Versions whose name holds each of the words."""
    words = (Q(name__icontains=word) for word in text.split())
    return said(kind, user, moment).filter(reduce(Q.__and__, words))


def at_postcode(kind: Findable, user: Any, moment: Moment, text: str) -> QuerySet | None:
    """Versions whose postcode begins so, where that may be one."""
    bare = text.upper().replace(" ", "")
    if kind is not PRACTICES or not POSTCODE.fullmatch(bare):
        return None
    return said(kind, user, moment).alias(_bare=bare_postcode()).filter(_bare__startswith=bare)


def coded(kind: Findable, user: Any, moment: Moment, text: str) -> list[QuerySet]:
    """Bodies whose code begins so, or that bear or ever bore just this further code."""
    bodies = kind.bodies._default_manager.visible_to(user).order_by()  # type: ignore[attr-defined]
    found = []
    if CODE.fullmatch(text.upper()):
        found.append(bodies.filter(**{f"{kind.code}__startswith": text.upper()}))
    if kind.identifiers is not None:
        borne = kind.identifiers._default_manager.visible_to(user).known(moment)  # type: ignore[attr-defined]
        found.append(bodies.filter(pk__in=borne.filter(value__iexact=text).values(kind.own)))
    return found


def alike(kind: Findable, user: Any, moment: Moment, text: str) -> QuerySet | None:
    """Versions whose name is much like the words together (`pg_trgm.word_similarity_threshold`), to be put in order;
    None for words too short to be like anything."""
    if len(text) < FEWEST_FOR_LIKENESS:
        return None
    return said(kind, user, moment).alias(_name=Upper(F("name"))).filter(_name__trigram_word_similar=text.upper())


def each_alike(kind: Findable, user: Any, moment: Moment, text: str) -> QuerySet | None:
    """As `alike`, but like each word that is long enough: a list has no order of likeness, and of “Wallworth surgery”
    it shall not give every surgery."""
    words = [word for word in text.upper().split() if len(word) >= FEWEST_FOR_LIKENESS]
    facts = said(kind, user, moment).alias(_name=Upper(F("name")))
    for word in words:
        facts = facts.filter(_name__trigram_word_similar=word)
    return facts if words else None


def _bodies(kind: Findable, user: Any, moment: Moment, text: str) -> list[QuerySet]:
    versions = [holding(kind, user, moment, text), at_postcode(kind, user, moment, text)]
    bodies = [part.values("pk") for part in coded(kind, user, moment, text)]
    return [*[facts.values(kind.own) for facts in versions if facts is not None], *bodies]
