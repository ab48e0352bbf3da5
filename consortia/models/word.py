from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from registry.models import VisibleQuerySet, Word
from registry.models.word import known_in
from registry.triggers import log_stays


class WordKind(models.TextChoices):
    """What a reason is given for."""

    JOIN = "join", "Why a membership began"
    LEAVE = "leave", "Why a membership ended"
    DISPUTE = "dispute", "Why a practice disputes it"
    SETTLE = "settle", "How a dispute was settled"
    LEFT_OUT = "left_out", "Why a practice is in no consortium"


class WordQuerySet(VisibleQuerySet):
    def of(self, kind: str) -> WordQuerySet:
        return self.filter(kinds__contains=[kind])

    def offered(self, kind: str) -> WordQuerySet:
        """What a form offers: reasons that may still be given."""
        return self.of(kind).filter(period__endswith=None)

    def labels(self) -> dict[str, str]:
        """Words by key, ended ones too: what was recorded with a reason keeps its words."""
        return dict(self.values_list("key", "label"))


@pghistory.track(meta=log_stays())
class MembershipWord(Word):
    """A reason of a membership, or of being in none (domain.md section 4). Facts hold its key, which Postgres looks up."""

    key = models.SlugField(max_length=20, unique=True)
    kinds = ArrayField(models.CharField(max_length=10))

    objects = WordQuerySet.as_manager()

    class Meta:
        ordering = ["position", "key"]
        constraints = [
            *Word.Meta.constraints,
            models.CheckConstraint(
                name="membershipword_kinds_known",
                condition=Q(kinds__contained_by=sorted(WordKind.values)) & ~Q(kinds=[]),
            ),
        ]
        triggers = Word.Meta.triggers


def reason_known(kind: str = "") -> pgtrigger.Trigger:
    """On a kind of fact with a `reason`: each is a word of the vocabulary (of the kind, where one is named)."""
    return known_in("consortia_membershipword", "reason", f"'{kind}' = ANY(w.kinds)" if kind else "")
