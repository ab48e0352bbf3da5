from __future__ import annotations

from django.db import models

from practices.models.parent_body import ParentBody
from registry.models.fact import Fact, fact_constraints, fact_indexes


class OperationalLife(Fact):
    """The days on which a body operated, where they are known apart from its legal life (the spells of its
    particulars): it may begin later, and end later, as trusts did after 31 March 2013 (domain.md rule 17)."""

    NAME = "operational_life"
    KEY = ("body",)
    body = models.ForeignKey(ParentBody, models.PROTECT, related_name="operations", db_index=False)

    class Meta(Fact.Meta):
        constraints = fact_constraints("body")
        indexes = fact_indexes("body")
        verbose_name_plural = "operational lives"
