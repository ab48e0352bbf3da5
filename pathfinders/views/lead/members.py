"""The list of a consortium's members, for those who keep it, and the same list as a file."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.generic import View

from pathfinders.reads import own_members
from pathfinders.views.lead.kept import OwnConsortium
from pathfinders.views.lead.parts.waiting import AGE, HOW, MEMBER, STATE
from registry.api.delimited import TableWriter
from registry.pages.tables import Column, ListPage, with_query

SINCE = Column("since", "Since", kind="date", sort="since", empty="before all records")
HEADINGS = ("code", "name", "status", "member_from", "days", "proof", "answered_on", "reason", "text", "address_from",
            "address_flag", "asked_on", "reminded_on")  # fmt: skip


class Members(OwnConsortium, ListPage):
    template_name = "lead/members.html"
    noun = ("member", "members")
    key = "code"
    columns = (
        Column("code", "Practice", href=MEMBER.href, sort="code"),
        Column("name", "Name", sort="name"),
        Column("status", "State", kind="tag", tags=STATE.tags, sort="status"),
        SINCE,
        AGE,
        HOW,
    )

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Members of {self.called}"

    def get_queryset(self) -> QuerySet:
        return own_members.rows(self.request.user, self.moment, [self.consortium])

    def get_filterset(self) -> Any:
        data = self.request.GET.copy()
        for name in self.own_parameters:
            data.pop(name, None)
        return own_members.Filters(data, self.get_queryset(), moment=self.moment)

    def order(self, rows: QuerySet) -> QuerySet:
        if self.request.GET.get("ordering", "") in ("since", "-since"):
            since = F("since")
            down = self.request.GET["ordering"].startswith("-")
            return rows.order_by(since.desc(nulls_last=True) if down else since.asc(nulls_first=True), "code")
        return super().order(rows)

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        paginator, page, rows, other = super().paginate_queryset(queryset, page_size)
        page.object_list = own_members.finish(self.request.user, self.moment, list(page.object_list))
        return paginator, page, page.object_list, other

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            crumbs=self.crumbs,
            href=self.href,
            file_href=f"{self.href}members/list.csv{with_query(self.request.GET, page=None)}".rstrip("?"),
            **kwargs,
        )


class MembersFile(Members, View):
    """The list with its filters and order, whole. No cell runs as a formula."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.filterset = self.get_filterset()
        rows = own_members.finish(request.user, self.moment, list(self.get_rows()))
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.consortium.ref}-members.csv"'
        write = TableWriter(response)
        write.writerow(HEADINGS)
        write.writerows(_cells(row) for row in rows)
        return response


def _cells(row: dict[str, Any]) -> list[Any]:
    answer, question = row["answer"], row["question"]
    answered = (
        [answer.answered_on, row["reason_label"] if answer.reason else "", answer.text, answer.origin, answer.flag]
        if answer
        else [""] * 5
    )
    asked = [question.asked_on, question.reminded_on] if question else ["", ""]
    return [row["code"], row["name"], row["status"], row["since"], row["days"], row["proof"], *answered, *asked]
