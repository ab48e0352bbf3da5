from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q

from registry.triggers import log_stays, no_removal

ENDED_NOT_EDITED = """
IF (NEW.key, NEW.label, NEW.kinds, lower(NEW.period)) IS DISTINCT FROM (OLD.key, OLD.label, OLD.kinds, lower(OLD.period))
    OR upper(OLD.period) IS NOT NULL AND NEW.period <> OLD.period THEN
    RAISE EXCEPTION 'a reason is never reworded: end it and add another' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class WordKind(models.TextChoices):
    """What a reason is given for."""

    JOIN = "join", "Why a membership began"
    LEAVE = "leave", "Why a membership ended"
    DISPUTE = "dispute", "Why a practice disputes it"
    SETTLE = "settle", "How a dispute was settled"
    LEFT_OUT = "left_out", "Why a practice is in no consortium"


class WordQuerySet(models.QuerySet["MembershipWord"]):
    def visible_to(self, user: Any) -> WordQuerySet:
        """The vocabulary is public."""
        return self

    def of(self, kind: str) -> WordQuerySet:
        return self.filter(kinds__contains=[kind])

    def labels(self) -> dict[str, str]:
        """Words by key, ended ones too: what was recorded with a reason keeps its words."""
        return dict(self.values_list("key", "label"))


@pghistory.track(meta=log_stays())
class MembershipWord(models.Model):
    """A reason of a membership, or of being in none (domain.md section 4). `period` (half-open days of the world): the
    days for which it may be given. Facts hold its key, which Postgres looks up."""

    key = models.SlugField(max_length=20, unique=True)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=100)
    kinds = ArrayField(models.CharField(max_length=10))
    period = DateRangeField(default=(None, None))

    objects = WordQuerySet.as_manager()

    class Meta:
        ordering = ["position", "key"]
        constraints = [
            models.CheckConstraint(
                name="membershipword_kinds_known",
                condition=Q(kinds__contained_by=sorted(WordKind.values)) & ~Q(kinds=[]),
            ),
            models.CheckConstraint(name="membershipword_period_is_real", condition=Q(period__isempty=False)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="ended_not_edited", when=pgtrigger.Before, operation=pgtrigger.Update, func=ENDED_NOT_EDITED
            ),
            *no_removal("reasons (end them)"),
        ]

    def __str__(self) -> str:
        return self.label


def reason_known(kind: str = "") -> pgtrigger.Trigger:
    """On a kind of fact with a `reason`: each is a word of the vocabulary (of the kind, where one is named)."""
    of = f" AND '{kind}' = ANY(w.kinds)" if kind else ""
    return pgtrigger.Trigger(
        name="reason_known",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_reasons"),
        func=f"""
IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT reason FROM new_reasons) f
    WHERE NOT EXISTS (SELECT 1 FROM consortia_membershipword w WHERE w.key = f.reason{of})
) THEN
    RAISE EXCEPTION 'a reason is one of the vocabulary (%)', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
""",
    )
