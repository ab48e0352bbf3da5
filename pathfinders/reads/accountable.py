"""Who answers for a commissioning budget on a day, whatever was delegated (domain.md rule 18)."""

from __future__ import annotations

from typing import Any

from registry.moment import Moment
from registry.pages.dates import HANDOVER, DateControl


def accountable(moment: Moment) -> dict[str, Any]:
    """`on`, the day; `body`, the kind of body (pct, or ccg from 1 April 2013); `words`, the sentence that pages say."""
    from django.http import QueryDict

    words = DateControl(moment, QueryDict()).accountable
    return {
        "on": moment.as_of.isoformat(),
        "body": "pct" if moment.as_of < HANDOVER else "ccg",
        "words": words,
    }
