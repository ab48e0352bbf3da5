"""GET /api/v1/practices/CODE/history/."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from rest_framework.serializers import CharField, DateField, DateTimeField, IntegerField, JSONField, Serializer

from pathfinders.reads.record_history import history
from practices.models import Practice
from registry.api import exports
from registry.api.about import About
from registry.api.schema import Dates
from registry.api.shapes import Shape
from registry.api.views import ResourceView
from registry.moment import Moment


class Change(Serializer):
    entry = IntegerField(help_text="Of the journal: /api/v1/changes/ tells it whole")
    recorded = DateTimeField(help_text="When the register said so")
    kind = CharField(help_text="Of the entry, as event or correction")
    reason = CharField(help_text="Why, as the entry says")
    fact = CharField(help_text="The kind of fact, as in the change feed")
    of = CharField(
        allow_blank=True, help_text="Which one where a practice has several: a branch, a bid, the other practice"
    )
    field = CharField(help_text="What of the fact changed, as name or postcode")
    before = JSONField(help_text="What the register said of these days until then; null: nothing")
    after = JSONField(help_text="What it said of them from then on; null: nothing")
    effective_from = DateField(allow_null=True, help_text="The first of the days; null: from before all records")
    effective_to = DateField(allow_null=True, help_text="The last of the days, inclusive; null: no end")


class PracticeHistory(Dates):
    code = CharField(help_text="The practice's NHS code, as text")
    count = IntegerField(help_text="Rows of the answer")
    next = CharField(allow_null=True, help_text="Always null: the answer is whole")
    previous = CharField(allow_null=True, help_text="Always null")
    results = Change(many=True, help_text="A row for each field that an entry changed, in the journal's order")


SHAPE = Shape(Change)


class History(ResourceView):
    """What changed of one practice, field by field, in the order of the journal: what the register said before each
    entry and from it on, of which days, with the entry's kind and reason. As known at `known_at`; of all days."""

    public = True
    formats = exports.forms_of(SHAPE)

    def described(self) -> type[Serializer]:
        return PracticeHistory

    def answer(self, moment: Moment, form: str) -> HttpResponseBase:
        code = str(self.kwargs["code"]).upper()
        practices = Practice.objects.visible_to(self.request.user)
        found = practices.filter(code=code).first() if "\x00" not in code else None
        rows = history(self.request.user, moment, found) if found else []
        if found is None or not rows:
            raise Http404(f"The register knew no practice “{code[:40]}” at that time.")
        if form != "json":
            asked = About.asked(self.request.path, self.request.GET, moment, form)
            about = replace(asked, resource="practices/history", called=f"{code}-history")
            return exports.file_answer(form, SHAPE, SHAPE.names(), exports.chunks(rows), about)
        results = [SHAPE.shape(row, SHAPE.names()) for row in rows]
        told: dict[str, Any] = {"code": code, "count": len(results), "next": None, "previous": None}
        return self.json(moment.echo() | told | {"results": results})
