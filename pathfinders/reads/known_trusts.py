"""The trusts that the programme knew, as they were on a day: in life, or closed by it.

A trust that was open on 12 July 2010 or since stands, once it has ended, as closed, with what it last was; unless
another trust followed it, which stands in its place (docs/decisions/a-closed-trust-stays-on-the-board.md).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from pathfinders.reads.joins import final_day, last_told
from pathfinders.reads.succession import both_ways_of_bodies
from practices.models import PCT_KINDS, BodyKind, BodyParticulars, BodySuccession, ParentBody
from registry.models.fact import FactQuerySet
from registry.moment import Moment

PROGRAMME = date(2010, 7, 12)
"""The White Paper: from this day on the programme knew of trusts (domain.md section 2)."""


def known_trusts(user: Any, moment: Moment) -> QuerySet:
    """Trusts in life on the day, and those that closed by it, with their particulars of the day, or the last (`_own`),
    and those of the authority above (`_above`)."""
    trusts = ParentBody.objects.visible_to(user).annotate(
        _own=last_told(_spells(user), "particulars", "body", "pk", moment),
        _above=last_told(
            BodyParticulars.objects.visible_to(user), "_own__above__particulars", "body", "_own__above", moment
        ),
    )
    since = min(PROGRAMME, moment.as_of)
    knew = Q(_own__effective__endswith=None) | Q(_own__effective__endswith__gt=since)
    return trusts.filter(_own__isnull=False).filter(knew).exclude(ended(moment) & Q(Exists(_followers(user, moment))))


def ended(moment: Moment) -> Q:
    """Of a row of `known_trusts`: it is in life on the day no more."""
    return Q(_own__effective__endswith__lte=moment.as_of)


def columns(user: Any, moment: Moment) -> dict[str, Any]:
    """Name and authority, of the day or the last; `closed`, its last day where that has passed; who followed, of
    any day."""
    gone, above = ended(moment), Q(_above__kind=BodyKind.SHA)
    return {
        "name": F("_own__name"),
        "sha_code": Case(When(above, then=F("_own__above__code"))),
        "sha_name": Case(When(above, then=F("_above__name"))),
        "closed": Case(When(gone, then=final_day("_own__effective"))),
        "successors": both_ways_of_bodies(user, moment)["successors"],
    }


def _spells(user: Any) -> FactQuerySet:
    """A body that is a trust no more, but something else, has ended as a trust."""
    return BodyParticulars.objects.visible_to(user).filter(kind__in=PCT_KINDS)


def _followers(user: Any, moment: Moment) -> QuerySet:
    """Another trust in the place of this one by the day: a new code of the same body, or one that it became part of."""
    trusts = _spells(user).known(moment).filter(body=OuterRef("successor"))
    told = BodySuccession.objects.visible_to(user).known(moment).filter(predecessor=OuterRef("pk"))
    begun = Q(effective__startswith__lte=moment.as_of) | Q(effective__startswith=None)
    return told.filter(begun).filter(Exists(trusts))
