"""Names that are searched: by any part of them, and by what is much like them."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import F
from django.db.models.functions import Upper


def name_index(name: str) -> GinIndex:
    """Answers `name__icontains` and `Upper("name")` `%>` words (pg_trgm) over the names of all versions, those taken
    back too."""
    return GinIndex(OpClass(Upper(F("name")), name="gin_trgm_ops"), name=name)
