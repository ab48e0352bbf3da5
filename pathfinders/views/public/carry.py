"""Carry a series forward: figures of PCTs in, figures of consortia or CCGs out. Nothing of it is kept.

The form writes nothing, so it needs no CSRF token and no cookie; how often one address may send it is limited.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt

from pathfinders import carrying
from pathfinders.carrying import Outcome, Series, carry, read_series, sums, table_of, unknown_words
from pathfinders.forms.carry import CarryForm, initial
from pathfinders.reads.crosswalk import KINDS, Crosswalk, Question, crosswalk, question
from pathfinders.reads.followed import on
from pathfinders.views.public.base import PublicDated
from pathfinders.views.public.crosswalk import NOUNS
from registry.api.throttles import Quota, of_address
from registry.errors import Refused
from registry.files.report import Refusal
from registry.files.spreadsheet import csv_of, read_spreadsheet
from registry.moment import parse_as_of
from registry.pages.forms import add_refusal, long_date
from registry.pages.public import public
from registry.pages.tables import Column, Table, with_query
from registry.pages.views import FormPage

PASTED = "What you pasted"
SHOWN = 50
"""Refused lines that the page names one by one."""


class CarryThrottle(Quota):
    """Series that one address has carried."""

    scope, policy = "anon", "carry"


@method_decorator(public, name="dispatch")  # type: ignore[arg-type]
@method_decorator(csrf_exempt, name="dispatch")
class CarryPage(PublicDated, FormPage):
    template_name = "public/carry.html"
    form_class = CarryForm
    crumbs = (("Crosswalk", "/transitions/crosswalk/"),)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle = CarryThrottle()
        standing = throttle.take(of_address(throttle, request))
        if standing.used > standing.quota:
            raise Refused(
                "too_many", "Too many series came from your network. Wait an hour and try again.", status=429
            )
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET
        source, target = (word if (word := asked.get(name, "")) in KINDS else "" for name in ("source", "target"))
        found = question(self.request.user, self.moment, source, target, parse_as_of(asked.get("from_day", "")))
        return initial(found.source, found.target, found.from_day, self.moment.as_of)

    def form_valid(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        moment = on(self.moment, data["to_day"])
        found = crosswalk(self.request.user, moment, Question(data["source"], data["target"], data["from_day"]))
        name, sent = self._sent(data)
        try:
            series, refused = read_series(name, sent, found)
        except Refused as wrong:
            add_refusal(form, wrong, {"file": "file" if data["file"] else "figures"})
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if refused:
            form.add_error("file" if data["file"] else "figures", _words(refused))
            lines = [str(line) for line in refused[:SHOWN]]
            more = len(refused) - len(lines)
            return self.render_to_response(self.get_context_data(form=form, refused=lines, more=more), status=422)
        rows = carry(found, series, data["weight"])
        if self.request.POST.get("do") == "csv":
            return _file(found, series, rows, data["weight"])
        context = self._answer(found, series, rows, data["weight"])
        again = form.__class__(initial=data | {"figures": _text(name, sent), "file": None})
        return self.render_to_response(self.get_context_data(form=again, **context))

    @staticmethod
    def _sent(data: dict[str, Any]) -> tuple[str, bytes]:
        file = data["file"]
        return (file.name, file.read()) if file else (PASTED, data["figures"].encode())

    def _answer(self, found: Crosswalk, series: Series, rows: list[Outcome], weight: str) -> dict[str, Any]:
        of = found.asked
        one = NOUNS[of.target][0]
        numbers = [
            Column(f"n{n}", name, kind="number", show=lambda row, n=n: _number(row.figures[n]), empty="not known")
            for n, name in enumerate(series.columns)
        ]
        columns = [
            Column("code", one, show=lambda row: f"{row.name} ({row.code})" if row.code else f"No {one}"),
            *numbers,
            Column("unknown", "Figures not known of", show=lambda row: unknown_words(series, row)),
        ]
        empty = sum(figure is None for row in series.figures.values() for figure in row)
        query = with_query(
            QueryDict(),
            source=of.source,
            target=of.target,
            from_day=of.from_day,
            format="csv",
            **found.moment.pinned(),
        )
        return {
            "found": found,
            "weight": weight,
            "table": Table(columns, rows, f"By {one}, on {long_date(found.moment.as_of)}", compact=True),
            "sums": [(name, _number(given), _number(got)) for name, given, got in sums(series, rows)],
            "empty": empty,
            "absent": sorted({*found.sources} - {*filter(None, series.figures)}),
            "places": carrying.PLACES,
            "weights": "/api/v1/crosswalk/" + query,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title="Carry a series forward", **kwargs)


def _words(refused: list[Refusal]) -> str:
    if len(refused) == 1:
        return f"Nothing was carried. {str(refused[0])[0].upper()}{str(refused[0])[1:]}."
    return f"Nothing was carried: {len(refused):,} things are wrong with the figures. Each is named below."


def _number(figure: Decimal | None) -> str | None:
    return None if figure is None else f"{figure:,}"


def _text(name: str, sent: bytes) -> str:
    """What was sent, as it may be sent again from the box."""
    return csv_of(line.cells for line in read_spreadsheet(name, sent).lines).decode("utf-8-sig").replace("\r\n", "\n")


def _file(found: Crosswalk, series: Series, rows: list[Outcome], weight: str) -> HttpResponse:
    response = HttpResponse(csv_of(table_of(found, series, rows)), content_type="text/csv; charset=utf-8")
    of = found.asked
    name = f"{of.source}-to-{of.target}-{found.moment.as_of}-by-{weight}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


__all__ = ["CarryPage"]
