"""GET /api/v1/dictionary/: what each field of each resource means, made from what the resources are made of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, get_resolver
from rest_framework.serializers import ListSerializer, Serializer

from pathfinders.api import serializers
from registry.api import exports
from registry.api.about import About
from registry.api.dictionary import Meaning, meanings, of_serializer
from registry.api.questions import one_of
from registry.api.shapes import Shape
from registry.api.views import ListView, ResourceView
from registry.moment import Moment

SHAPE = Shape(serializers.DictionaryField)


class Dictionary(ResourceView):
    """The data dictionary: each field of each resource, with its column in CSV and Excel, type, meaning and unit."""

    public, dated = True, False
    formats = exports.forms_of(SHAPE)
    parameters = ("resource",)
    words = {"resource": "Of this resource alone, as practices or decisions/summary."}

    def described(self) -> type[Serializer]:
        return serializers.DictionaryAnswer

    def answer(self, moment: Moment, form: str) -> HttpResponseBase:
        known = resources()
        asked = one_of(self.request.GET, "resource", ["", *known], "")
        rows = [row for name in ([asked] if asked else known) for row in dictionary()[name]]
        if form == "json":
            results = [row._asdict() for row in rows]
            return self.json({"count": len(rows), "next": None, "previous": None, "results": results})
        about = About.asked(self.request.path, self.request.GET, moment, form, dated=False)
        pages = exports.chunks(row._asdict() for row in rows)
        return exports.file_answer(form, SHAPE, SHAPE.names(), pages, about, dictionary=False)


def resources() -> list[str]:
    """Every resource that is read, by the name in its address, in the addresses' order."""
    return list(dictionary())


@cache
def dictionary() -> dict[str, list[Meaning]]:
    """By resource: its fields; those of a list asked as a history are practices/spells."""
    found = {name: _meanings(name, view) for name, view in _views()}
    spells = {f"{name}/spells": view.spell for name, view in _views() if hasattr(view, "spell")}
    found |= {name: meanings(name, Shape(spell)) for name, spell in spells.items()}
    return dict(sorted(found.items()))


def _views() -> Iterator[tuple[str, Any]]:
    """The resources' views: those that say what they answer, under an address with no place to fill in; and lists that
    one thing has, as practices/history."""
    found = get_resolver("pathfinders.api.urls").url_patterns
    for pattern in found:
        view = getattr(getattr(pattern, "callback", None), "cls", None)
        parts = str(pattern.pattern).strip("/").split("/")
        if not (isinstance(pattern, URLPattern) and parts[0] and hasattr(view, "described")):
            continue
        if not any("<" in part for part in parts) or (parts[-1][0] != "<" and "results" in _answer(view).fields):
            yield "/".join(part for part in parts if "<" not in part), view


def _meanings(name: str, view: Any) -> list[Meaning]:
    if issubclass(view, ListView):
        return meanings(name, Shape(view.serializer))
    answer = _answer(view)
    rows: Any = answer.fields.get("results")
    if isinstance(rows, ListSerializer):
        return meanings(name, Shape(type(rows.child)))  # type: ignore[arg-type]
    return of_serializer(name, answer)


def _answer(view: Any) -> Serializer:
    described = view().described()
    return described() if isinstance(described, type) else described
