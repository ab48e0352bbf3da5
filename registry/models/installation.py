from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection, models

from registry.moment import once, sees_only_committed
from registry.triggers import append_only

_ROWS: dict[str, Installation] = {}
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
        row = cls._row()
        return row is not None and row.demonstration

    @classmethod
    def offset(cls) -> timedelta:
        """By how much story time is before real time; nought in a real register."""
        row = cls._row()
        return STORY_TODAY - row.started_at if row and row.demonstration else timedelta(0)

    @classmethod
    def _row(cls) -> Installation | None:
        """A process remembers it of a database once it stands, since it never changes; not what a transaction sees that
        may yet take it back."""
        register = connection.settings_dict["NAME"]
        if register in _ROWS:
            return _ROWS[register]
        row = once("installation", cls.objects.first)
        if row and sees_only_committed():
            _ROWS[register] = row
        return row

    @classmethod
    def declare(cls, *, demonstration: bool) -> None:
        """Say what this database is; the first word stands (`started_at` is real time)."""
        _ROWS.pop(connection.settings_dict["NAME"], None)  # another database may have borne the name before
        cls.objects.bulk_create(
            [cls(demonstration=demonstration, started_at=datetime.now(UTC))],  # type: ignore[list-item]
            ignore_conflicts=True,
        )
