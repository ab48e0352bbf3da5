from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace

from practices.models.parent_body import ParentBody
from registry.models.fact import Fact, Identity, fact_constraints, fact_indexes
from registry.models.naming import name_index


class Status(models.TextChoices):
    """ODS status letters."""

    ACTIVE = "A", "Active"
    CLOSED = "C", "Closed"
    DORMANT = "D", "Dormant"
    PROPOSED = "P", "Proposed"


GP_PRACTICE = 4
"""The prescribing setting of a GP practice, the only one that counts in coverage (domain.md rule 5)."""
LIVING = (Status.ACTIVE, Status.DORMANT)
"""A dormant practice may be a member of a consortium; a proposed one is not there yet, a closed one no more."""


class Practice(Identity):
    """A GP practice or other prescribing unit, known by its ODS code."""

    ROLE_OBJECTS = ("practice",)
    code = models.CharField(max_length=10, unique=True, db_collation="C")

    class Meta(Identity.Meta):
        constraints = [
            models.CheckConstraint(name="practice_code_shape", condition=Q(code__regex=r"^[A-Z0-9]{3,10}$"))
        ]


def bare_postcode() -> Replace:
    """A postcode without its space, as its index has it: what is typed of one begins it."""
    return Replace(F("postcode"), Value(" "), Value(""), output_field=models.TextField())


class PracticeParticulars(Fact):
    """A practice's name, address, postcode and prescribing setting."""

    NAME = "practice_particulars"
    KEY = ("practice",)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="particulars", db_index=False)
    name = models.CharField(max_length=200)
    address = models.TextField(blank=True)  # lines parted by newlines, without the postcode
    postcode = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    setting = models.PositiveSmallIntegerField()

    class Meta(Fact.Meta):
        constraints = fact_constraints("practice")
        indexes = [
            *fact_indexes("practice"),
            name_index("practiceparticulars_name"),
            models.Index(OpClass(bare_postcode(), name="text_pattern_ops"), name="practiceparticulars_postcode"),
        ]


class PracticeStatus(Fact):
    """A practice's ODS status. No fact on a day: it did not exist, or is known only by reference."""

    NAME = "practice_status"
    KEY = ("practice",)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="statuses", db_index=False)
    status = models.CharField(max_length=1, choices=Status)

    class Meta(Fact.Meta):
        constraints = fact_constraints("practice", known=Q(status__in=Status.values))
        indexes = fact_indexes("practice")


class PracticeParent(Fact):
    """The body that a practice belonged to: primary care group, PCT, care trust, CCG (ODS epcmem)."""

    NAME = "practice_parent"
    KEY = ("practice",)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="parents", db_index=False)
    parent = models.ForeignKey(ParentBody, models.PROTECT, related_name="practices")

    class Meta(Fact.Meta):
        constraints = fact_constraints("practice")
        indexes = fact_indexes("practice")


class PracticePlace(Fact):
    """Where a practice is: WGS 84 degrees."""

    NAME = "practice_place"
    KEY = ("practice",)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="places", db_index=False)
    longitude = models.DecimalField(max_digits=9, decimal_places=6)
    latitude = models.DecimalField(max_digits=9, decimal_places=6)

    class Meta(Fact.Meta):
        constraints = fact_constraints("practice", on_earth=Q(longitude__range=(-180, 180), latitude__range=(-90, 90)))
        indexes = fact_indexes("practice")


class ListSize(Fact):
    """Patients registered with a practice, a measurement of one quarter; `effective` is that quarter."""

    NAME = "list_size"
    KEY = ("practice",)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="list_sizes", db_index=False)
    quarter = models.CharField(max_length=6)
    patients = models.PositiveIntegerField()

    class Meta(Fact.Meta):
        constraints = fact_constraints("practice", quarter=Q(quarter__regex=r"^\d{4}Q[1-4]$"))
        indexes = fact_indexes("practice")


class SourceVintage(models.Model):
    """How new the newest file is that told about a practice, per kind of file: bookkeeping of imports, by which an
    older vintage never supersedes a newer."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    vintage = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(F("practice"), F("kind"), name="one_vintage_a_kind")]
