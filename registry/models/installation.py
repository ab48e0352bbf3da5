from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection, models

from registry.moment import once
from registry.triggers import append_only

_OFFSETS: dict[str, timedelta] = {}
STORY_TODAY = datetime(2011, 9, 1, 8, 0, tzinfo=UTC)  # 9 in the morning in London


class Installation(models.Model):
    """What this database is: one row, written once. The first row makes it a demonstration, or real, for ever.

    A demonstration's today starts at 1 September 2011 and ticks on from when it was built.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    demonstration = models.BooleanField()
    started_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one_row")]
        triggers = append_only("what this register is")

    @classmethod
    def is_demonstration(cls) -> bool:
        row = once("installation", cls.objects.first)
        return row is not None and row.demonstration

    @classmethod
    def offset(cls) -> timedelta:
        """By how much story time is before real time; nought in a real register. A process remembers it of a database
        once the row stands, since that never changes; not within a transaction, which may yet take the row back."""
        register = connection.settings_dict["NAME"]
        if register in _OFFSETS and not connection.in_atomic_block:
            return _OFFSETS[register]
        row = once("installation", cls.objects.first)
        offset = STORY_TODAY - row.started_at if row and row.demonstration else timedelta(0)
        if row and not connection.in_atomic_block:
            _OFFSETS[register] = offset
        return offset

    @classmethod
    def declare(cls, *, demonstration: bool) -> None:
        """Say what this database is; the first word stands (`started_at` is real time)."""
        cls.objects.bulk_create(
            [cls(demonstration=demonstration, started_at=datetime.now(UTC))],  # type: ignore[list-item]
            ignore_conflicts=True,
        )
