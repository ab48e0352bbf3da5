"""What practices and consortia are called on a day, for letters and for pages about a few of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from consortia.models import Consortium, ConsortiumParticulars
from practices.models import Practice, PracticeParticulars
from registry.models.fact import Lower


class Place(NamedTuple):
    """A practice as a letter is addressed to it."""

    name: str
    address: str
    postcode: str

    @property
    def lines(self) -> list[str]:
        return [line for line in (self.name, *self.address.splitlines(), self.postcode) if line.strip()]


def places(practices: Iterable[int], on: date) -> dict[int, Place]:
    """Name and ODS address of practices, by key: as on the day, else as they were told nearest to it. One query."""
    known = PracticeParticulars.objects.current().filter(practice__in=list(practices))
    return {key: Place(*values) for key, values in _nearest(known, "practice", ("name", "address", "postcode"), on)}


def place_of(practice: Practice, on: date) -> Place:
    return places([practice.pk], on).get(practice.pk, Place(practice.code, "", ""))


def names(consortia: Iterable[int], on: date) -> dict[int, str]:
    """Names of consortia, by key."""
    known = ConsortiumParticulars.objects.current().filter(consortium__in=list(consortia))
    return {key: name for key, (name,) in _nearest(known, "consortium", ("name",), on)}


def name_of(consortium: Consortium, on: date) -> str:
    return names([consortium.pk], on).get(consortium.pk, consortium.ref)


def _nearest(known: Any, key: str, fields: tuple[str, ...], on: date) -> list[tuple[int, tuple[str, ...]]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = known.annotate(_from=Lower("effective")).order_by(key, "_from").values_list(key, "_from", *fields)
    for pk, start, *values in rows:
        if pk not in found or start is None or start <= on:
            found[pk] = tuple(values)
    return list(found.items())
