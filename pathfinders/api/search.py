"""GET /api/v1/search/: bodies of every kind found by words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.serializers import BooleanField, CharField, FloatField, IntegerField, ListField, Serializer

from pathfinders.reads.finding import tidy
from pathfinders.reads.search import KINDS, MOST, search
from registry.api import exports
from registry.api.about import About
from registry.api.questions import bad, one_of, whole_number
from registry.api.schema import Dates
from registry.api.shapes import Shape
from registry.api.views import ResourceView
from registry.moment import Moment

BY_NAME = {kind.resource: kind for kind in KINDS}


class Found(Serializer):
    kind = CharField(help_text="The resource that it is of: practices, parents, consortia or pathfinders")
    key = CharField(help_text="Its code or reference: /api/v1/KIND/KEY/ is its row")
    name = CharField(help_text="On the day; of one that is not there on the day, its last")
    matched = CharField(help_text="The name, code or postcode that the words mean")
    matched_on = CharField(
        help_text="code, name, former_name (any that is not the name above, taken back ones too), postcode, or similar "
        "where no name holds the words"
    )
    score = FloatField(help_text="How like the words: 1 is all of it, 0 nothing")
    in_force = BooleanField(help_text="Whether it is there on the day")
    successors = ListField(child=CharField(), help_text="Those that have followed it, as known at known_at")


class FoundPage(Dates):
    q = CharField(help_text="The words that were searched")
    count = IntegerField(help_text="Hits given")
    next = CharField(allow_null=True, help_text="Always null: the answer is whole")
    previous = CharField(allow_null=True, help_text="Always null")
    results = Found(many=True, help_text="A row for each body found, kind by kind, the best first")


SHAPE = Shape(Found)


class Search(ResourceView):
    """Practices, parent bodies, consortia and pathfinders by a code or its beginning, the words of any name that they
    had or have, a postcode or its beginning; where nothing holds the words, by names much like them. Those that have
    ended are found too. A body is one hit, under what of it matched best."""

    public = True
    formats = exports.forms_of(SHAPE)
    parameters = ("q", "kind", "limit")
    choices = {"kind": list(BY_NAME)}
    words = {
        "q": "What to look for: at least two letters or digits.",
        "kind": "Only this kind; every kind without it.",
        "limit": f"At most so many hits of each kind, 1 to 200; {MOST} without it.",
    }

    def described(self) -> type[Serializer]:
        return FoundPage

    def answer(self, moment: Moment, form: str) -> HttpResponseBase:
        query = self.request.GET
        if "\x00" in query.get("q", ""):
            raise bad("q", "null_characters_not_allowed", "q holds a character that no name has.")
        text = tidy(query.get("q", ""))
        if len(text) < 2:
            raise bad("q", "too_short", "Give q: at least two letters or digits of a name, code or postcode.")
        kinds = [BY_NAME[one_of(query, "kind", BY_NAME, "")]] if query.get("kind") else KINDS
        most = whole_number(query, "limit", MOST, 1, 200)
        found = [asdict(hit) for hit in search(self.request.user, moment, text, kinds=kinds, most=most)]
        if form != "json":
            about = About.asked(self.request.path, self.request.GET, moment, form)
            return exports.file_answer(form, SHAPE, SHAPE.names(), exports.chunks(found), about)
        results = [SHAPE.shape(row, SHAPE.names()) for row in found]
        told: dict[str, Any] = {"q": text, "count": len(results), "next": None, "previous": None, "results": results}
        return self.json(moment.echo() | told)
