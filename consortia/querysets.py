"""Reads of consortia's facts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import connection

from registry.models.fact import FactQuerySet

BEFORE = """
    WITH RECURSIVE earlier (id) AS (
        SELECT f.predecessor_id FROM consortia_consortiumsuccession f
        JOIN consortia_consortium c ON c.id = f.successor_id
        WHERE c.ref = ANY(%(refs)s) AND upper_inf(f.recorded) AND f.effective @> %(day)s::date
        UNION
        SELECT f.predecessor_id FROM earlier
        JOIN consortia_consortiumsuccession f ON f.successor_id = earlier.id
        WHERE upper_inf(f.recorded) AND f.effective @> %(day)s::date
    )
    SELECT c.ref FROM earlier JOIN consortia_consortium c USING (id)
"""


class SuccessionQuerySet(FactQuerySet):
    def before(self, refs: Collection[str], day: date) -> set[str]:
        """The references of the consortia that these have come from by the day, however long the chain. One query, or
        none where no reference is a consortium's."""
        groups = [ref for ref in refs if ref.startswith("GC")]
        if not groups:
            return set()
        with connection.cursor() as cursor:
            cursor.execute(BEFORE, {"refs": groups, "day": day})
            return {ref for (ref,) in cursor.fetchall()}
