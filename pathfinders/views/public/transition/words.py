"""Evidence and plans in words, for every page that shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from registry.pages.forms import long_date
from transitions.models import EvidenceKind

NOT_KNOWN = "Not known"
BEHIND_TAGS = {True: ("Behind its plan", "orange"), False: ("Not behind", "green"), None: (NOT_KNOWN, "grey")}


def evidence_link(told: Mapping[str, Any], dates: str = "", prefix: str = "evidence_") -> SafeString:
    """The evidence as a link, with what kind it is and when it said so."""
    ref, title = told[f"{prefix}ref"], told[f"{prefix}title"]
    return format_html(
        '<a class="nhsuk-link" href="/transitions/evidence/{}/{}">{}</a> ({})',
        ref,
        dates,
        title or ref,
        evidence_words(told, prefix),
    )


def evidence_words(told: Mapping[str, Any], prefix: str = "evidence_") -> str:
    """Press report, 3 August 2010; or as it is dated itself."""
    kind = told[f"{prefix}kind"]
    words = [EvidenceKind(kind).label if kind else "kind not known"]
    return ", ".join([*words, when_words(told[f"{prefix}said_on"], told[f"{prefix}words"])])


def when_words(day: Any, words: str | None) -> str:
    if isinstance(day, str):
        day = date.fromisoformat(day)
    if day:
        return long_date(day)
    return f"“{words}”" if words else "date not known"


def slip_words(slipped: int | None, first_day: date | None) -> str:
    """How a plan has moved; empty where it has not."""
    if not slipped or first_day is None:
        return ""
    return f"moved later {'once' if slipped == 1 else f'{slipped} times'}; first planned for {long_date(first_day)}"
