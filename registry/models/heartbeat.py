from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """When a process that does work by itself was last seen at it, by the real clock."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
