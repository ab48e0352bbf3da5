"""What Postgres itself refuses, declared beside the models (django-pgtrigger puts it into the migrations)."""

from __future__ import annotations

import pgtrigger


def append_only(what: str) -> list[pgtrigger.Trigger]:
    """Rows are added, never changed, deleted or truncated."""
    return [refuse("no_update", pgtrigger.Update, f"{what} are never changed"), *no_removal(what)]


def no_removal(what: str) -> list[pgtrigger.Trigger]:
    """Rows are never deleted or truncated."""
    return [
        refuse("no_delete", pgtrigger.Delete, f"{what} are never deleted"),
        refuse("no_truncate", pgtrigger.Truncate, f"{what} are never deleted"),
    ]


def log_stays() -> dict[str, list[pgtrigger.Trigger]]:
    """For `pghistory.track(meta=)`: the case log, whose rows django-pghistory protects, is not truncated either."""
    return {"triggers": [refuse("no_truncate", pgtrigger.Truncate, "a case log is never deleted")]}


def refuse(name: str, operation: pgtrigger.Operation, sentence: str) -> pgtrigger.Trigger:
    """A statement-level refusal, so that it fires even where no row matches."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=operation,
        func=f"RAISE EXCEPTION '{sentence} (%)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';",
    )


IDENTITY_IS_FIXED = """
IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
    RAISE EXCEPTION 'a code or reference is never changed (%)', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


def identity() -> list[pgtrigger.Trigger]:
    """A row of identity: its code never changes and the row is never deleted (domain.md rule 1)."""
    return [
        pgtrigger.Trigger(name="fixed", when=pgtrigger.Before, operation=pgtrigger.Update, func=IDENTITY_IS_FIXED),
        *no_removal("codes and references"),
    ]


FACT_IS_OPENED_BY_ITS_ENTRY = """
IF EXISTS (
    SELECT 1 FROM new_facts f LEFT JOIN registry_entry e ON e.number = f.opened_by_id
    WHERE e.number IS NULL
       OR e.transaction <> pg_current_xact_id()::text::bigint
       OR NOT upper_inf(f.recorded) OR lower(f.recorded) <> e.at
       OR f.closed_by_id IS NOT NULL OR f.closed_position IS NOT NULL
       OR f.opened_position > e.changes
) THEN
    RAISE EXCEPTION 'a fact is opened by the journal entry of its own transaction, at its instant (%)', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NULL;
"""

FACT_IS_CLOSED_ONCE = """
IF NOT upper_inf(OLD.recorded) OR OLD.closed_by_id IS NOT NULL THEN
    RAISE EXCEPTION 'a closed fact is never changed (%)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END IF;
SELECT * INTO entry FROM registry_entry WHERE number = NEW.closed_by_id;
IF entry.number IS NULL OR entry.transaction <> pg_current_xact_id()::text::bigint
   OR NEW.recorded <> tstzrange(lower(OLD.recorded), entry.at)
   OR NEW.closed_position IS NULL OR NEW.closed_position > entry.changes
   OR NEW.opened_by_id = NEW.closed_by_id
   OR (to_jsonb(NEW) - '{recorded,closed_by_id,closed_position}'::text[])
      <> (to_jsonb(OLD) - '{recorded,closed_by_id,closed_position}'::text[]) THEN
    RAISE EXCEPTION 'a fact is never edited: it is closed, once, by a journal entry (%)', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


def fact() -> list[pgtrigger.Trigger]:
    """The two clocks, kept by Postgres: a fact is opened by its entry, closed once by a later one, never edited."""
    return [
        pgtrigger.Trigger(
            name="opened",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_facts"),
            func=FACT_IS_OPENED_BY_ITS_ENTRY,
        ),
        pgtrigger.Trigger(
            name="closed",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            declare=[("entry", "registry_entry%ROWTYPE")],
            func=FACT_IS_CLOSED_ONCE,
        ),
        *no_removal("facts"),
    ]
