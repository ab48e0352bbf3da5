"""Vocabularies: words that are added and ended, never reworded, for facts hold their keys (domain.md section 4)."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from registry.triggers import no_removal

ENDED_NOT_EDITED = """
IF (to_jsonb(NEW) - '{position,period}'::text[]) <> (to_jsonb(OLD) - '{position,period}'::text[])
    OR lower(NEW.period) IS DISTINCT FROM lower(OLD.period)
    OR upper(OLD.period) IS NOT NULL AND NEW.period <> OLD.period THEN
    RAISE EXCEPTION 'a word is never reworded: end it and add another' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class Word(models.Model):
    """A word that people may give. `period` (half-open days of the world): the days for which it may be given.

    A vocabulary adds its `key` (lengths and kinds differ) and declares `word_constraints` and `Word.Meta.triggers`.
    """

    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=100)
    period = DateRangeField(default=(None, None))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_period_is_real", condition=Q(period__isempty=False)),
            models.CheckConstraint(name="%(class)s_said", condition=~Q(label="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="ended_not_edited", when=pgtrigger.Before, operation=pgtrigger.Update, func=ENDED_NOT_EDITED
            ),
            *no_removal("words (end them)"),
        ]

    def __str__(self) -> str:
        return self.label


def known_in(table: str, column: str, is_one: str = "") -> pgtrigger.Trigger:
    """On a kind of fact: each of its `column` is the key of a word `w` of the vocabulary in `table` for which the SQL
    `is_one` holds."""
    conditions = " AND ".join([*filter(None, [is_one]), "w.key = f.key"])
    return pgtrigger.Trigger(
        name=f"{column}_known",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_words"),
        func=f"""
IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT {column} AS key FROM new_words) f
    WHERE NOT EXISTS (SELECT 1 FROM {table} w WHERE {conditions})
) THEN
    RAISE EXCEPTION 'a {column} is one of the vocabulary (%)', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
""",
    )
