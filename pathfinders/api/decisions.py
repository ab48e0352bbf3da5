"""GET /api/v1/decisions/summary/."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework.serializers import Serializer

from pathfinders.api import serializers
from pathfinders.reads.register import AMONG, KEYS, links, rule, summary
from registry.api import exports
from registry.api.about import About
from registry.api.questions import one_of
from registry.api.shapes import Shape
from registry.api.views import ResourceView
from registry.moment import Moment

SHAPE = Shape(serializers.DecisionFigures)


class DecisionSummary(ResourceView):
    """How many bids were decided and how: approved, deferred, declined, approved in a hundred, and the median of days
    from submission to decision. Counts are public always, also of bids that are not named. `explain=1` says the rule
    and links to the decisions behind each figure."""

    public = True
    formats = exports.forms_of(SHAPE)
    parameters = ("by", *AMONG, "explain")
    choices = {"by": list(KEYS), "explain": ["0", "1"]}
    words = {
        "by": "What a row is of; national without it.",
        "wave": "Among the decisions of this wave.",
        "sha": "Among the bids of this SHA; none: those of which no SHA is known.",
        "criteria": "Among the bids that answered this set, as national-1.",
        "reason": "Among the decisions that give this reason.",
        "outcome": "Among the decisions of this outcome.",
        "explain": "1: the rule, and links to the rows behind each figure.",
    }

    def described(self) -> type[Serializer]:
        return serializers.DecisionSummary

    def answer(self, moment: Moment, form: str) -> HttpResponseBase:
        by = self.request.GET.get("by") or "national"
        among = {name: self.request.GET[name] for name in AMONG if self.request.GET.get(name)}
        found = summary(self.request.user, moment, by, **among)
        if form != "json":
            pages = exports.chunks(found)
            about = About.asked(self.request.path, self.request.GET, moment, form)
            return exports.file_answer(form, SHAPE, SHAPE.names(), pages, about)
        results = [SHAPE.shape(row, SHAPE.names()) for row in found]
        body: dict[str, Any] = {**moment.echo(), "by": by, "count": len(results), "next": None, "previous": None}
        body["results"] = results
        if one_of(self.request.GET, "explain", ("0", "1"), "0") == "1":
            body["explanation"] = rule(moment)
            listed = self.request.build_absolute_uri(reverse("api-decisions"))
            for row in results:
                told = links(by, row["key"], among | moment.pinned())
                row["links"] = {name: f"{listed}?{query}" for name, query in told.items()}
        return self.json(body)
