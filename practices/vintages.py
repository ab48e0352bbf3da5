"""Which file told of a practice last: an older vintage never supersedes a newer (architecture.md section 6)."""

from __future__ import annotations

from datetime import date

from practices.models import SourceVintage

PRACTICES = "ods-practices"
PARENTS = "ods-parents"
MOVES = "ods-parents-amended"
PLACES = "places"


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
        SourceVintage.objects.bulk_create(
            [SourceVintage(practice_id=pk, kind=self.kind, vintage=v) for pk, v in self._told.items()],
            update_conflicts=True,
            update_fields=["vintage"],
            unique_fields=["practice", "kind"],
            batch_size=5_000,
        )
