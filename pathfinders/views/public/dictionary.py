"""The data dictionary as a page and as a file: what each field of each resource means."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import View

from pathfinders.api.dictionary import dictionary
from pathfinders.views.public.base import PublicStatic
from registry.api.dictionary import write_dictionary
from registry.pages import PublicPage
from registry.pages.tables import Column, Table


def breaking(text: str) -> SafeString:
    """Words that a narrow page may break where names of fields and addresses part."""
    return mark_safe(re.sub(r"([_./])(?=\w)", r"\1<wbr>", escape(text)))


def meaning(row: dict[str, Any]) -> SafeString:
    told = [row["meaning"], row["unit"] and f"Counted in {row['unit']}"]
    told.append(row["vocabulary"] and f"One of: {row['vocabulary']}")
    return breaking(". ".join(filter(None, told)))


COLUMNS = (
    Column("field", "Field", show=lambda row: breaking(row["field"])),
    Column(
        "column", "Column of CSV and Excel", show=lambda row: breaking(row["column"]), empty="within the one above"
    ),
    Column("type", "Type", show=lambda row: f"{row['type']} or null" if row["nullable"] else row["type"]),
    Column("meaning", "Meaning", show=meaning),
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
