"""POST /api/v1/crosswalk/carry/: a series of figures in, the same by another kind of body out. Nothing is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.serializers import CharField, DateField, DictField, FloatField, IntegerField, ListField, Serializer

from pathfinders.api.crosswalk import CrosswalkEnd
from pathfinders.api.membership_lists import CSV, XLSX, CsvFile, XlsxFile
from pathfinders.carrying import carry, read_series, table_of
from pathfinders.reads import crosswalk_rows
from pathfinders.reads.crosswalk import KINDS, crosswalk, question
from pathfinders.reads.pairs import WEIGHTS
from registry.api import limits, questions, writes
from registry.api.dictionary import told
from registry.api.negotiation import chosen
from registry.api.schema import Dates, Problem, ResourceSchema
from registry.api.views import ResourceView, require_valid
from registry.errors import Refused
from registry.files.spreadsheet import csv_of
from registry.moment import read_snapshot


class CarriedRow(Serializer):
    target = CrosswalkEnd(allow_null=True, help_text="Whose the figures are; null: of practices without a target")
    figures = DictField(
        child=FloatField(allow_null=True), help_text="By column of the file: the sum of the parts; null: not known"
    )
    unknown = DictField(
        child=ListField(child=CharField()),
        help_text="By column: the sources with practices here of which the file has no figure",
    )


class Carried(Dates):
    source = CharField(  # type: ignore[assignment]  # the stubs take it for Field.source
        help_text="The kind of body of the file", style=told(words=KINDS)
    )
    target = CharField(help_text="The kind of body of the answer", style=told(words=KINDS))
    from_day = DateField(help_text="The day of the file’s codes")
    lists_on = DateField(help_text="The day of the list sizes: the later of from_day and as_of")
    weight = CharField(help_text="What each figure was parted by", style=told(words=WEIGHTS))
    count = IntegerField(help_text="Rows of the answer")
    results = CarriedRow(many=True, help_text="A row for each target, and one for what has none")


class CarrySchema(ResourceSchema):
    """A file as the body."""

    def get_operation_id(self) -> str:
        return "crosswalk_carry"

    def get_request_serializer(self) -> Any:
        return {CSV: str, XLSX: bytes}

    def get_response_serializers(self) -> Any:
        refusal = OpenApiResponse(Problem, description="Refused, saying what is wrong, line by line.")
        more = {(code, "application/problem+json"): refusal for code in (413, 415, 422)}
        return super().get_response_serializers() | more


class Carry(ResourceView):
    """A CSV or XLSX file of figures by PCT, consortium, CCG or SHA (a header row; the code in the first column), carried
    to another kind of body by the crosswalk: each figure is parted by people or practices, and each column keeps its
    sum. What has no target is a row of its own. Counts can be carried so, rates cannot. Nothing is written."""

    public = True
    formats = ("json", "csv")
    parameters = ("source", "target", "from_day", "weight")
    choices = {"source": list(KINDS), "target": list(KINDS), "weight": list(WEIGHTS)}
    words = {
        "source": "The kind of body that the file is by; pct without it.",
        "target": "The kind to carry to; ccg without it, or consortium where there are no CCGs on the day.",
        "from_day": "The day of the file’s codes, YYYY-MM-DD; without it as for crosswalk/.",
        "weight": "What a figure is parted by: people (the default) or practices.",
    }
    parser_classes = [CsvFile, XlsxFile]
    http_method_names = ["post", "options"]
    schema = CarrySchema()

    def get_permissions(self) -> list[BasePermission]:
        """None: it works out an answer and writes nothing."""
        return []

    def described(self) -> type[Serializer]:
        return Carried

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        questions.refuse_unknown(request.GET, self.allowed_parameters())
        form = chosen(request, self.formats)
        writes.body_of(request)
        data: Any = request.data or b""
        with read_snapshot(limits.seconds(form)), limits.room():
            return self.carried(data, form)

    def carried(self, data: bytes, form: str) -> HttpResponse:
        moment, query = self.moment(), self.request.GET
        weight = questions.one_of(query, "weight", tuple(WEIGHTS), "people")
        asked = {name: query[name] for name in ("source", "target", "from_day") if query.get(name)}
        filters = crosswalk_rows.Filters(asked, moment=moment)
        require_valid(filters)
        of = {name: filters.form.cleaned_data[name] for name in ("source", "target", "from_day")}
        found = crosswalk(self.request.user, moment, question(self.request.user, moment, **of))
        series, refused = read_series("The body", data, found)
        if refused:
            lines = [{"line": one.line, "column": one.column, "message": str(one)} for one in refused]
            said = (
                f"{len(refused):,} things are wrong with the figures, and none was carried. The first: {refused[0]}."
            )
            raise Refused("rows_refused", said, detail=lines)
        rows = carry(found, series, weight)
        if form == "csv":
            return HttpResponse(csv_of(table_of(found, series, rows)), content_type="text/csv; charset=utf-8")
        results = [
            {
                "target": {"code": row.code, "name": row.name} if row.code else None,
                "figures": {
                    n: None if f is None else float(f) for n, f in zip(series.columns, row.figures, strict=True)
                },
                "unknown": {n: codes for n, codes in zip(series.columns, row.unknown, strict=True) if codes},
            }
            for row in rows
        ]
        days = {"from_day": found.asked.from_day.isoformat(), "lists_on": found.lists_on.isoformat()}
        kinds = {"source": found.asked.source, "target": found.asked.target}
        return self.json({**moment.echo(), **kinds, **days, "weight": weight, "count": len(rows), "results": results})
