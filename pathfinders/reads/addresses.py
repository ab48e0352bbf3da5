"""Which practices have, or once had, their address in a place: a postcode's district, or a town (K4).

Approximate by its nature: a district lies in several trusts' areas, and towns are words of addresses.
"""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q, QuerySet

from pathfinders.reads.finding import tidy
from practices.models import PCT_KINDS, BodyParticulars, PracticeParent, PracticeParticulars, bare_postcode
from registry.moment import Moment

WHOLE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\d[A-Z]{2}")
DISTRICT = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?")
BEGUN = re.compile(r"\d[A-Z]{0,2}")
"""Of a postcode's second half."""
FEWEST_LETTERS = 3
"""Of a town: fewer begin a word of every other address."""
MOST_PRACTICES = 400
"""A place of more is no place: a county, or a word that many addresses hold."""


def district_of(text: str) -> str:
    """OX4 of "OX4 1XX", "ox41xx", "OX4 1" or "OX4"; empty where it is no postcode."""
    parts = tidy(text).upper().split(" ")
    if len(parts) == 2 and DISTRICT.fullmatch(parts[0]) and BEGUN.fullmatch(parts[1]):
        return parts[0]
    bare = "".join(parts)
    if found := WHOLE.fullmatch(bare):
        return found[1]
    return bare if DISTRICT.fullmatch(bare) else ""


def too_short(text: str) -> bool:
    """Whether this is neither a postcode nor enough of a town's name to look for."""
    return not district_of(text) and sum(letter.isalpha() for letter in text) < FEWEST_LETTERS


def addressed(user: Any, moment: Moment, text: str) -> QuerySet:
    """Primary keys of the practices that on any day, as known at the moment, had their address in the district, else
    in the town, or were under a trust of that name. One subquery; none for what is too short."""
    return _versions(user, moment, text).order_by().values_list("practice", flat=True).distinct()


def _versions(user: Any, moment: Moment, text: str) -> QuerySet:
    own = PracticeParticulars.objects.visible_to(user).known(moment)
    if district := district_of(text):
        # The index finds what begins so; the blank after the district is what parts SE1 from SE11.
        near = own.alias(_bare=bare_postcode()).filter(_bare__startswith=district)
        return near.filter(postcode__istartswith=f"{district} ")
    if too_short(text):
        return own.none()
    begins = r"\m" + re.escape(tidy(text))
    bodies = BodyParticulars.objects.visible_to(user).known(moment)
    trusts = bodies.filter(kind__in=PCT_KINDS, name__iregex=begins).values("body")
    under = PracticeParent.objects.visible_to(user).known(moment).filter(parent__in=trusts).values("practice")
    return own.filter(Q(address__iregex=begins) | Q(practice__in=under))
