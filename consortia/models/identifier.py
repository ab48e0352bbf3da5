from __future__ import annotations

import re
from typing import ClassVar

from django.db import models

from consortia.models.consortium import Consortium
from practices import codes
from practices.models import Scheme, Standing
from practices.models.identifier import identifier_constraints
from registry.models.fact import Fact, fact_indexes


class ConsortiumIdentifier(Fact):
    """A code that others know a consortium by: the NHS code of the clinical commissioning group that it became, of two
    digits and a letter, provisional from May 2012 (domain.md 3.1, 3.3); its ONS code."""

    NAME = "consortium_identifier"
    KEY = ("consortium", "scheme", "value")
    ODS: ClassVar[re.Pattern[str]] = codes.CCG
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=10, choices=Scheme)
    value = models.CharField(max_length=40, db_collation="C")
    standing = models.CharField(max_length=12, choices=Standing)

    class Meta(Fact.Meta):
        constraints = identifier_constraints("consortium", codes.CCG)
        indexes = fact_indexes("consortium", "scheme", "value")
