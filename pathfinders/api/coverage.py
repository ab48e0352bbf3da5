"""GET /api/v1/coverage/."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework.serializers import Serializer

from pathfinders import reference
from pathfinders.api import serializers
from pathfinders.reads.coverage import KEYS, SCOPES, Question, coverage
from pathfinders.reads.explain import links, rule
from pathfinders.reads.programme import BASES
from registry.api import exports
from registry.api.about import About
from registry.api.questions import one_of
from registry.api.shapes import Shape
from registry.api.views import ResourceView
from registry.moment import Moment

SHAPE = Shape(serializers.Coverage)


class Coverage(ResourceView):
    """How many practices and people are in pathfinders, or in any consortium, and of how many. Each percentage names
    its denominator; `explain=1` says the rule and links to the rows behind each figure."""

    public = True
    formats = exports.forms_of(SHAPE)
    parameters = ("by", "denominator", "basis", "scope", "explain")
    choices = {"by": list(KEYS), "basis": list(BASES), "scope": list(SCOPES), "explain": ["0", "1"]}
    words = {
        "by": "What a row is of; national without it.",
        "denominator": f"registered (the default), registered-2011Q1 or another quarter, or: {', '.join(reference.ENGLAND)}.",
        "basis": "Pathfinders announced by the day (the default), or gone live by it.",
        "scope": "Members of pathfinders (the default), or of any consortium.",
        "explain": "1: the rule, and links to the rows behind each figure.",
    }

    def described(self) -> type[Serializer]:
        return serializers.CoverageAnswer

    def answer(self, moment: Moment, form: str) -> HttpResponseBase:
        asked = {n: self.request.GET[n] for n in ("by", "denominator", "basis", "scope") if self.request.GET.get(n)}
        question = Question(**asked)
        found = [_flat(row) for row in coverage(self.request.user, moment, **asked)]
        if form != "json":
            pages = exports.chunks(found)
            about = About.asked(self.request.path, self.request.GET, moment, form)
            return exports.file_answer(form, SHAPE, SHAPE.names(), pages, about)
        results = [SHAPE.shape(row, SHAPE.names()) for row in found]
        body: dict[str, Any] = {
            **moment.echo(),
            "by": question.by,
            "basis": question.basis,
            "scope": question.scope,
            "count": len(results),
            "next": None,
            "previous": None,
            "results": results,
        }
        if one_of(self.request.GET, "explain", ("0", "1"), "0") == "1":
            body["explanation"] = rule(question, moment)
            base = self.request.build_absolute_uri(reverse("api-index"))
            for row in results:
                row["links"] = links(question, moment, row["key"], base)
        return self.json(body)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    return row | {f"denominator_{k}": v for k, v in row["denominator"].items()}
