from __future__ import annotations

from django.db import models

from registry import clock
from registry.triggers import append_only


class Notice(models.Model):
    """That a regular letter was written: one row a letter, so that two workers, or a run after a crash, write it once.

    `key` names what, to whom and for when: "monday:GC0001:2011-09-05:P-ABCDEFGH".
    """

    key = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        triggers = append_only("notices")
