from __future__ import annotations

import re
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from practices import codes
from practices.models.parent_body import ParentBody
from registry.models.fact import Fact, fact_constraints, fact_indexes


class Scheme(models.TextChoices):
    """Who gives a code."""

    ODS = "ods", "NHS code"
    GSS = "gss", "ONS code"
    OTHER = "other", "Other code"


class Standing(models.TextChoices):
    """A code is said provisionally first: those of the CCGs were, in May 2012 (domain.md 3.1)."""

    PROVISIONAL = "provisional", "Provisional"
    CONFIRMED = "confirmed", "Confirmed"


def identifier_constraints(of: str, ods: re.Pattern[str]) -> list[models.BaseConstraint]:
    """Those of a fact with the key (`of`, scheme, value): codes have their scheme's shape, and no two bodies of a kind
    bear one code of a scheme on one day."""
    return [
        *fact_constraints(
            of,
            "scheme",
            "value",
            shape=Q(scheme=Scheme.ODS, value__regex=ods.pattern)
            | Q(scheme=Scheme.GSS, value__regex=codes.GSS.pattern)
            | Q(scheme=Scheme.OTHER, value__regex=codes.OTHER.pattern),
            standing_known=Q(standing__in=Standing.values),
        ),
        ExclusionConstraint(
            name="%(class)s_one_bearer",
            expressions=[
                (of, RangeOperators.NOT_EQUAL),
                ("scheme", RangeOperators.EQUAL),
                ("value", RangeOperators.EQUAL),
                ("effective", RangeOperators.OVERLAPS),
                ("recorded", RangeOperators.OVERLAPS),
            ],
        ),
    ]


class BodyIdentifier(Fact):
    """A further code of a parent body, beside the code by which the register knows it and its ONS code of the day."""

    NAME = "body_identifier"
    KEY = ("body", "scheme", "value")
    ODS: ClassVar[re.Pattern[str]] = codes.BODY
    body = models.ForeignKey(ParentBody, models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=10, choices=Scheme)
    value = models.CharField(max_length=40, db_collation="C")
    standing = models.CharField(max_length=12, choices=Standing)

    class Meta(Fact.Meta):
        constraints = identifier_constraints("body", codes.BODY)
        indexes = fact_indexes("body", "scheme", "value")
