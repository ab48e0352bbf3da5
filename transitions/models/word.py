from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from registry.models import VisibleQuerySet, Word
from registry.models.word import known_in
from registry.triggers import log_stays


class TransitionWordKind(models.TextChoices):
    """What a word says."""

    STAGE = "stage", "Stage of a trust’s hand-over"
    ARRANGEMENT = "arrangement", "Kind of local body or arrangement"
    LINE = "line", "Service line of a budget"


class TransitionWordQuerySet(VisibleQuerySet):
    def of(self, kind: str) -> TransitionWordQuerySet:
        return self.filter(kind=kind)

    def offered(self, kind: str) -> TransitionWordQuerySet:
        """What a form offers: words that may still be given."""
        return self.of(kind).filter(period__endswith=None)

    def labels(self, kind: str) -> dict[str, str]:
        """Labels by key, in order, ended ones too: what was recorded with a word keeps it."""
        return dict(self.of(kind).values_list("key", "label"))


@pghistory.track(meta=log_stays())
class TransitionWord(Word):
    """A word of the transition (domain.md section 4). Facts hold its key, which Postgres looks up.

    `begun`: a stage in which a trust has begun to hand over power. `eligible`: a line that counts in the eligible
    budget, of which a share is delegated (rule 19).
    """

    kind = models.CharField(max_length=12, choices=TransitionWordKind)
    key = models.SlugField(max_length=30)
    meaning = models.CharField(max_length=300, blank=True)
    begun = models.BooleanField(default=False)
    eligible = models.BooleanField(default=True)

    objects = TransitionWordQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "position", "key"]
        constraints = [
            *Word.Meta.constraints,
            models.UniqueConstraint("kind", "key", name="transitionword_one_a_key"),
            models.CheckConstraint(name="transitionword_kind", condition=Q(kind__in=TransitionWordKind.values)),
        ]
        triggers = Word.Meta.triggers


def word_known(column: str, kind: TransitionWordKind) -> pgtrigger.Trigger:
    """On a kind of fact: each of its `column` is a word of the vocabulary."""
    return known_in("transitions_transitionword", column, f"w.kind = '{kind.value}'")
