"""Who opened pages that tell of outcomes before their release: the list, and the same rows as a file."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone

from pathfinders.models import EmbargoView, Wave
from pathfinders.views.staff.people import Administrator
from pathfinders.views.staff.queue import unbroken
from pathfinders.views.staff.records import moment
from registry.api.delimited import TableWriter
from registry.errors import Refused
from registry.filters import CheckedFilters
from registry.pages.tables import Column, ListPage, with_query


class EmbargoFilters(CheckedFilters):
    wave = django_filters.ChoiceFilter(label="Wave", choices=[])
    person = django_filters.CharFilter(label="Person: name, address or reference", method="by_person")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waves = Wave.objects.visible_to(self.request.user)
        self.filters["wave"].extra["choices"] = [(str(wave.number), str(wave)) for wave in waves]

    def by_person(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        text = value.strip()
        return rows.filter(Q(who__name__icontains=text) | Q(who__email__icontains=text) | Q(who__ref__iexact=text))


class EmbargoViews(Administrator, ListPage):
    """Newest first. One row stands for all that a person saw of a page on a day."""

    title = "Who has opened embargoed pages"
    noun = ("page opened", "pages opened")
    template_name = "staff/embargo.html"
    filterset_class = EmbargoFilters
    default_order = ("-pk",)
    crumbs = (("Waves", "/staff/waves/"),)
    columns = (
        Column("who", "Who", show=lambda view: view.who, href=lambda view: f"/staff/users/{view.who.ref}/"),
        Column("path", "Opened", href=lambda view: view.path),
        Column(
            "wave",
            "Wave",
            show=lambda view: view.wave and f"Wave {view.wave}",
            href=lambda view: view.wave and f"/staff/waves/{view.wave}/",
        ),
        Column("bid", "Bid", show=lambda view: unbroken(view.bid) if view.bid else ""),
        Column("at", "First time that day", show=lambda view: moment(view.at)),
    )

    def get_queryset(self) -> QuerySet[EmbargoView]:
        return EmbargoView.objects.visible_to(self.request.user).select_related("who")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = with_query(self.request.GET, page=None)
        return super().get_context_data(
            crumbs=self.crumbs, list_csv=f"/staff/embargo/list.csv{query if query != '?' else ''}", **kwargs
        )


class EmbargoFile(EmbargoViews):
    """The same rows, with the real time of each too."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.filterset = self.get_filterset()
        if not self.filterset.is_valid():
            name, said = next(iter(self.filterset.form.errors.items()))
            raise Refused("bad_filter", f"{name}: {said[0]}", field=name, status=400)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="embargo-views.csv"'
        write = TableWriter(response).writerow
        write(["who_ref", "who", "path", "wave", "bid", "at", "recorded_at"])
        for view in self.get_rows().iterator():
            times = [timezone.localtime(at).isoformat(timespec="seconds") for at in (view.at, view.real_at)]
            write([view.who.ref, str(view.who), view.path, view.wave, view.bid, *times])
        return response
