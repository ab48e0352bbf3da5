"""Consortia that a practice might go to, and its wish to go to one."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.generic import TemplateView

from consortia.models import Consortium
from pathfinders.forms.practice import TransferForm
from pathfinders.reads import consortia as read
from pathfinders.reads import nearby
from pathfinders.views.practice_base import HOME, OwnPractice
from pathfinders.views.steps import StepPage
from registry.errors import Refused
from registry.pages.tables import Column, Table

MOST = 25
MOST_SERVICES = 3


class Nearby(OwnPractice, TemplateView):
    template_name = "area/consortia.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now = self.request.user, self.now
        found = nearby.nearby(user, now, self.row) if self.row else []
        rows = found if "all" in self.request.GET else found[:MOST]
        posts = nearby.posts(user, now, {r["ref"] for r in rows})
        services = nearby.services(user, now, {ref for r in rows for ref in r["pathfinders"]})
        for row in rows:
            row["posts"] = posts.get(row["ref"], [])
            row["services"] = [s for ref in row["pathfinders"] for s in services.get(ref, [])]
        return super().get_context_data(
            title=f"Consortia near {self.name}",
            crumbs=self.crumbs,
            total=len(found),
            shown=len(rows),
            placed=bool(self.row and self.row["latitude"] is not None),
            pct=self.row and self.row["pct_code"],
            pct_name=self.row and self.row["pct_name"],
            table=Table(self._columns(), rows, "Consortia, the nearest first", caption_spoken=True) if rows else None,
            **kwargs,
        )

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("name", "Consortium", href="/consortia/{ref}/", show=lambda row: f"{row['name']} ({row['ref']})"),
            Column("near", "Your PCT", show=lambda row: "Yes" if row["near"] else "No"),
            Column("km", "Nearest member", show=km_words, empty="Not known"),
            Column("practices", "Practices", kind="number"),
            Column("people", "People", kind="number"),
            Column("form", "Form", empty="Not said"),
            Column("pathfinders", "Pathfinders", show=_pathfinders, empty="None"),
            Column("posts", "Posts", show=_posts, empty="Not known"),
            Column("services", "Services claimed", show=_services, empty="None"),
            Column("ask", "Transfer", show=self._ask),
        )

    def _ask(self, row: dict[str, Any]) -> SafeString:
        words = '<a class="nhsuk-link" href="/practice/{}/transfer/?to={}">Ask<span class="nhsuk-u-visually-hidden"> to transfer to {}</span></a>'
        return format_html(words, self.practice.code, row["ref"], row["name"])


def km_words(row: dict[str, Any]) -> str:
    if row["km"] is None:
        return ""
    return "under 1 km" if row["km"] < 1 else f"{row['km']:,.0f} km"


def _lines(parts: list[Any]) -> SafeString | str:
    """In one element: a cell is a row of boxes on a narrow screen."""
    return (
        format_html("<div>{}</div>", format_html_join(SafeString("<br>"), "{}", ((p,) for p in parts)))
        if parts
        else ""
    )


def _pathfinders(row: dict[str, Any]) -> SafeString | str:
    return _lines(
        [format_html('<a class="nhsuk-link" href="/pathfinders/{}/">{}</a>', r, r) for r in row["pathfinders"]]
    )


def _posts(row: dict[str, Any]) -> SafeString | str:
    told = [f"{post[:1].upper()}{post[1:]}" + (f": {name}" if name else "") for post, name in row["posts"]]
    return _lines(told)


def _services(row: dict[str, Any]) -> SafeString | str:
    found = row["services"]
    told = [f"{s['specialty']}: {s['words']} ({s['status']})" for s in found[:MOST_SERVICES]]
    return _lines([*told, f"and {len(found) - MOST_SERVICES} more"] if len(found) > MOST_SERVICES else told)


class AskTransfer(OwnPractice, StepPage):
    template_name = "area/transfer.html"
    form_class = TransferForm
    title = "Ask to transfer to another consortium"
    button = "Ask"
    done = "The consortium was asked. You will be told what it answers"
    back = ("Cancel", HOME[1])

    def get_initial(self) -> dict[str, Any]:
        return {"to": self.request.GET.get("to", "")[:10]}

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = read.living(self.request.user, self.now).order_by("_own__name", "ref").values_list("ref", "_own__name")
        own = (self.row or {}).get("consortium_ref")
        offered = [(ref, f"{name} ({ref})") for ref, name in rows if ref != own]
        return super().get_form_kwargs() | {"consortia": offered}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def act(self, form: Any) -> None:
        from consortia.actions.transferring import ask_transfer

        asked = form.cleaned_data
        to = Consortium.objects.visible_to(self.request.user).filter(ref=asked["to"]).first()
        if to is None:
            raise Refused("unknown", f"There is no consortium {asked['to']}.", field="to")
        ask_transfer(
            by=self.request.user, practice=self.practice, to=to, on=asked["on"], text=asked["text"], side="practice"
        )
