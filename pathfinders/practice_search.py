"""Practices found by words, as the register has them on a day: for a lead who knows a name or a place, not a code."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Replace

from practices.models import GP_PRACTICE, PracticeParticulars

MOST = 20
NEAR = 0.4
"""How like a name must be to be offered for a misspelt one, 0 to 1."""
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?(\d[A-Z]{0,2})?")


class Found(NamedTuple):
    code: str
    name: str
    address: str
    postcode: str


def search_practices(text: str, day: date) -> tuple[list[Found], bool]:
    """Up to MOST GP practices whose code, name, address or postcode holds all these words; whether there are more.

    A misspelt name finds those that are like it.
    """
    text = " ".join(text.replace("\x00", "").split())[:100]
    if not text:
        return [], False
    known = PracticeParticulars.objects.current().filter(effective__contains=day, setting=GP_PRACTICE)
    rows = _told(_by_words(known, text).order_by("name", "practice__code"))
    if not rows and len(text) > 3:
        rows = _told(
            known.annotate(_like=TrigramWordSimilarity(text, "name"))
            .filter(_like__gte=NEAR)
            .order_by("-_like", "practice__code")
        )
    return rows[:MOST], len(rows) > MOST


def _by_words(known: QuerySet, text: str) -> QuerySet:
    bare = text.replace(" ", "").upper()
    if POSTCODE.fullmatch(bare):
        squeezed = Replace(F("postcode"), Value(" "), Value(""), output_field=CharField())
        return known.alias(_bare=squeezed).filter(Q(_bare__startswith=bare) | Q(practice__code__startswith=bare))
    for word in text.split():
        known = known.filter(
            Q(practice__code__startswith=word.upper())
            | Q(name__icontains=word)
            | Q(address__icontains=word)
            | Q(postcode__istartswith=word)
        )
    return known


def _told(rows: QuerySet) -> list[Found]:
    told = rows.values_list("practice__code", "name", "address", "postcode")[: MOST + 1]
    return [Found(code, name, ", ".join(address.split("\n")), postcode) for code, name, address, postcode in told]
