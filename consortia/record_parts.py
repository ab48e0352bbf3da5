"""The parts of a practice's record that an error may be in, and so whose it is to look at."""

from __future__ import annotations

from django.db import models


class RecordPart(models.TextChoices):
    """What a report is about. `MEMBERSHIP` is its consortium's to answer; all else is programme staff's, who pass it on
    to the owner of the data in the NHS."""

    NAME = "name", "Its name"
    ADDRESS = "address", "Its address or postcode"
    STATUS = "status", "Whether it is open, or the day on which it opened or closed"
    SETTING = "setting", "What kind of practice it is (prescribing setting)"
    PCT = "pct", "Its PCT"
    BRANCHES = "branches", "Its branch surgeries"
    LIST_SIZE = "list_size", "A list size"
    PLACE = "place", "Its place on the map"
    MEMBERSHIP = "membership", "The consortium that it belongs to, or since when"
    OTHER = "other", "Something else"


STAFF = "staff"
"""The owner of a report that is with programme staff; any other is the reference of a consortium."""
