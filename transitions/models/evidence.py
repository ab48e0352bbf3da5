from __future__ import annotations

from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When

from registry.files.documents import SOURCES
from registry.models.fact import Fact, Identity, fact_constraints, fact_indexes


class EvidenceKind(models.TextChoices):
    """What kind of source says it, the strongest first."""

    DOCUMENT = "document", "Document of the body itself"
    STATEMENT = "statement", "Said by the body to this register"
    SURVEY = "survey", "Answer to a survey"
    PRESS = "press", "Press report"

    @property
    def rank(self) -> int:
        """1 is the strongest."""
        return list(EvidenceKind).index(self) + 1

    @property
    def voice(self) -> int:
        """1: the body's own word, on paper or to this register; then a survey's, then the press's. The word of a
        stronger voice stands against what a weaker one says later; of one voice the later word overtakes the earlier."""
        return max(self.rank - 1, 1)


def rank_of(path: str) -> Case:
    """The rank of the kind at `path`, for ordering in Postgres."""
    return _by_kind(path, {kind: kind.rank for kind in EvidenceKind})


def voice_of(path: str) -> Case:
    """The voice of the kind at `path`, for ordering in Postgres."""
    return _by_kind(path, {kind: kind.voice for kind in EvidenceKind})


def _by_kind(path: str, numbers: dict[EvidenceKind, int]) -> Case:
    found = [When(**{path: kind.value}, then=Value(number)) for kind, number in numbers.items()]
    return Case(*found, default=Value(len(EvidenceKind) + 1), output_field=IntegerField())


class Evidence(Identity):
    """A source of what the register says of the transition: EV0001."""

    NATURAL = "ref"
    ref = models.CharField(max_length=10, unique=True, db_collation="C")

    class Meta(Identity.Meta):
        verbose_name_plural = "evidence"
        constraints = [models.CheckConstraint(name="evidence_ref_shape", condition=Q(ref__regex=r"^EV\d{4,}$"))]


class EvidenceParticulars(Fact):
    """What a source is. `said_on`: the day on which it said so, where that is known; `words`: how it is dated there
    ("summer 2010"). `effective` begins on that day."""

    NAME = "evidence_particulars"
    KEY = ("evidence",)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="particulars", db_index=False)
    kind = models.CharField(max_length=10, choices=EvidenceKind)
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200, blank=True)
    said_on = models.DateField(null=True)
    words = models.CharField(max_length=100, blank=True)
    url = models.CharField(max_length=500, blank=True)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "evidence",
            kind_known=Q(kind__in=EvidenceKind.values),
            titled=~Q(title=""),
            web=Q(url="") | Q(url__regex=r"^https?://"),
        )
        indexes = fact_indexes("evidence")
        verbose_name_plural = "evidence particulars"


class EvidenceDocument(Fact):
    """A document that the register holds of a source: its bytes lie outside the database and the web root, under the
    SHA-256 of what they are (`registry.files.keeping`). Of every day; withdrawn, it is known no more from then on."""

    NAME = "evidence_document"
    KEY = ("evidence", "sha256")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="documents", db_index=False)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[(key, kind.label) for key, kind in SOURCES.items()])
    size = models.PositiveIntegerField()

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "evidence",
            "sha256",
            hash_shape=Q(sha256__regex=r"^[0-9a-f]{64}$"),
            plain_name=~Q(name__regex=r"[/\\]") & ~Q(name=""),
            kind_known=Q(kind__in=list(SOURCES)),
            not_empty=Q(size__gt=0),
        )
        indexes = [*fact_indexes("evidence", "sha256"), models.Index(fields=["sha256"], name="%(class)s_bytes")]
