"""Which file told of a practice last: an older vintage never supersedes a newer (architecture.md section 6)."""

from __future__ import annotations

from datetime import date

from django.db import connection

from practices.models import SourceVintage

PRACTICES = "ods-practices"
PARENTS = "ods-parents"
MOVES = "ods-parents-amended"
PLACES = "places"
BRANCHES = "branches"
UPSERT = f"""
    INSERT INTO {SourceVintage._meta.db_table} (kind, practice_id, vintage)
    SELECT %s, told.* FROM unnest(%s::bigint[], %s::date[]) AS told
    ON CONFLICT (practice_id, kind) DO UPDATE SET vintage = EXCLUDED.vintage
"""


class Vintages:
    """Per practice, the vintage of the newest file of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.held: dict[int, date] = dict(
            SourceVintage.objects.filter(kind=kind).values_list("practice_id", "vintage")
        )
        self._told: dict[int, date] = {}

    def __contains__(self, practice: int) -> bool:
        return practice in self.held

    def get(self, practice: int) -> date | None:
        return self.held.get(practice)

    def older(self, practice: int, vintage: date) -> bool:
        """Whether a file of this vintage is older than what the register holds."""
        held = self.held.get(practice)
        return held is not None and vintage < held

    def tell(self, practice: int, vintage: date) -> None:
        if self.held.get(practice) != vintage:
            self._told[practice] = self.held[practice] = vintage

    def save(self, *, dry: bool) -> None:
        if dry or not self._told:
            return
        with connection.cursor() as cursor:  # one statement: tens of thousands of rows, of which no model is needed
            cursor.execute(UPSERT, [self.kind, list(self._told), list(self._told.values())])
