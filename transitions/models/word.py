from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from registry.triggers import log_stays, no_removal

ENDED_NOT_EDITED = """
IF (to_jsonb(NEW) - '{position,period}'::text[]) <> (to_jsonb(OLD) - '{position,period}'::text[])
    OR lower(NEW.period) IS DISTINCT FROM lower(OLD.period)
    OR upper(OLD.period) IS NOT NULL AND NEW.period <> OLD.period THEN
    RAISE EXCEPTION 'a word is never reworded: end it and add another' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class TransitionWordKind(models.TextChoices):
    """What a word says."""

    STAGE = "stage", "Stage of a trust’s hand-over"
    ARRANGEMENT = "arrangement", "Kind of local body or arrangement"
    LINE = "line", "Service line of a budget"


class TransitionWordQuerySet(models.QuerySet["TransitionWord"]):
    def visible_to(self, user: Any) -> TransitionWordQuerySet:
        """The vocabulary is public."""
        return self

    def of(self, kind: str) -> TransitionWordQuerySet:
        return self.filter(kind=kind)

    def offered(self, kind: str) -> TransitionWordQuerySet:
        """What a form offers: words that may still be given."""
        return self.of(kind).filter(period__endswith=None)

    def labels(self, kind: str) -> dict[str, str]:
        """Labels by key, in order, ended ones too: what was recorded with a word keeps it."""
        return dict(self.of(kind).values_list("key", "label"))


@pghistory.track(meta=log_stays())
class TransitionWord(models.Model):
    """A word of the transition (domain.md section 4). `period` (half-open days): the days for which it may be given.

    `begun`: a stage in which a trust has begun to hand over power. `eligible`: a line that counts in the eligible
    budget, of which a share is delegated (rule 19). Facts hold its key, which Postgres looks up.
    """

    kind = models.CharField(max_length=12, choices=TransitionWordKind)
    key = models.SlugField(max_length=30)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=100)
    meaning = models.CharField(max_length=300, blank=True)
    begun = models.BooleanField(default=False)
    eligible = models.BooleanField(default=True)
    period = DateRangeField(default=(None, None))

    objects = TransitionWordQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "position", "key"]
        constraints = [
            models.UniqueConstraint("kind", "key", name="transitionword_one_a_key"),
            models.CheckConstraint(name="transitionword_kind", condition=Q(kind__in=TransitionWordKind.values)),
            models.CheckConstraint(name="transitionword_period_is_real", condition=Q(period__isempty=False)),
            models.CheckConstraint(name="transitionword_said", condition=~Q(label="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="ended_not_edited", when=pgtrigger.Before, operation=pgtrigger.Update, func=ENDED_NOT_EDITED
            ),
            *no_removal("words (end them)"),
        ]

    def __str__(self) -> str:
        return self.label


def word_known(column: str, kind: TransitionWordKind) -> pgtrigger.Trigger:
    """On a kind of fact: each of its `column` is a word of the vocabulary."""
    return pgtrigger.Trigger(
        name=f"{column}_known",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_words"),
        func=f"""
IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT {column} AS key FROM new_words) f
    WHERE NOT EXISTS (SELECT 1 FROM transitions_transitionword w WHERE w.kind = '{kind.value}' AND w.key = f.key)
) THEN
    RAISE EXCEPTION 'a {column} is one of the vocabulary (%)', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
""",
    )
