"""The data dictionary as a page and as a file: what each field of each resource means."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.generic import View

from pathfinders.api.dictionary import dictionary
from pathfinders.views.public.base import PublicStatic
from registry.api.dictionary import write_dictionary
from registry.pages import PublicPage
from registry.pages.tables import Column, Table

COLUMNS = (
    Column("field", "Field"),
    Column("column", "Column of CSV and Excel", empty="within the one above"),
    Column("type", "Type", show=lambda row: f"{row['type']} or null" if row["nullable"] else row["type"]),
    Column("meaning", "Meaning"),
    Column("unit", "Counted in", empty=""),
    Column("vocabulary", "One of", empty=""),
)


class DictionaryPage(PublicStatic):
    template_name = "public/dictionary.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tables = [
            (name, name.replace("/", "-"), Table(COLUMNS, [row._asdict() for row in rows], name, caption_spoken=True))
            for name, rows in dictionary().items()
        ]
        return super().get_context_data(
            title="Data dictionary", crumbs=[("Get the data", "/data/")], resources=tables, **kwargs
        )


class DictionaryFile(PublicPage, View):
    """All of it as CSV."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="dictionary.csv"'
        write_dictionary(response, (row for rows in dictionary().values() for row in rows))  # type: ignore[arg-type]
        return response
