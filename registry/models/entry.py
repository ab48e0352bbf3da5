from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from registry.triggers import append_only

GENESIS = "0" * 64


class EntryKind(models.TextChoices):
    EVENT = "event", "Event"
    CORRECTION = "correction", "Correction"
    LATE = "late", "Late notification"
    RESTATEMENT = "restatement", "Restatement"
    VOID = "void", "Void"
    IMPORT = "import", "Import"
    RELEASE = "release", "Release"


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: object) -> EntryQuerySet:
        """All of the journal is public: embargoed matters are not in it."""
        return self


CHAIN = """
    SELECT number, at, hash INTO last_number, last_at, last_hash
        FROM registry_entry ORDER BY number DESC LIMIT 1;
    IF NEW.number <> COALESCE(last_number, 0) + 1 THEN
        RAISE EXCEPTION 'journal entries are numbered without a gap: % after %', NEW.number, last_number;
    END IF;
    IF NEW.at <= last_at THEN
        RAISE EXCEPTION 'journal entry % is not later than the one before it', NEW.number;
    END IF;
    IF NEW.previous_hash <> COALESCE(last_hash, repeat('0', 64)) THEN
        RAISE EXCEPTION 'journal entry % does not chain to the one before it', NEW.number;
    END IF;
    IF NEW.written_at NOT BETWEEN clock_timestamp() - interval '60 seconds'
                              AND clock_timestamp() + interval '1 second' THEN
        RAISE EXCEPTION 'journal entry %: written_at is the real time of writing', NEW.number;
    END IF;
    NEW.transaction = pg_current_xact_id()::text::bigint;
    SELECT demonstration INTO demo FROM registry_installation;
    IF demo IS NULL THEN
        RAISE EXCEPTION 'the register has not been said to be real or a demonstration';
    END IF;
    IF NOT demo AND NEW.at NOT BETWEEN clock_timestamp() - interval '60 seconds'
                               AND GREATEST(clock_timestamp(), last_at) + interval '60 seconds' THEN
        RAISE EXCEPTION 'journal entry % is not of this moment', NEW.number;
    END IF;
    RETURN NEW;
"""


class Entry(models.Model):
    """One entry of the journal: who wrote which facts, when, of what kind and why.

    Numbered without a gap, each later than the one before, each holding the SHA-256 of its own contents and of the
    hash before it (`registry.journal`). `at` is both bounds of `recorded` of its facts; `actor` is a person's
    reference, never a name, so that erasing a person leaves the journal whole.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(unique=True)
    written_at = models.DateTimeField()
    transaction = models.BigIntegerField(db_default=0)
    actor = models.CharField(max_length=40)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, choices=EntryKind)
    action = models.CharField(max_length=60)
    reason = models.TextField()
    source = models.JSONField(default=dict, blank=True)
    request = models.CharField(max_length=64, blank=True)
    changes = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "entries"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_is_known"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(actor=""), name="entry_says_who_and_why"),
            models.CheckConstraint(condition=~Q(hash=F("previous_hash")), name="entry_hash_moves_on"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="chain",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[
                    ("last_number", "bigint"),
                    ("last_at", "timestamptz"),
                    ("last_hash", "text"),
                    ("demo", "boolean"),
                ],
                func=CHAIN,
            ),
            *append_only("journal entries"),
        ]
