"""Where a change of the register begins, and where it ends: what was done."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from pathfinders.reads import consortia, pathfinders, practices
from pathfinders.views.access import StaffOnly
from pathfinders.views.staff.register.changes import EVERY, REGISTER
from registry.authorization import Permission
from registry.models import Entry
from registry.moment import Moment
from registry.pages.tables import Column, Table

MOST = 20
"""So many found are shown; a longer list asks for more letters."""
DONE = tuple(view.do.__name__ for view in EVERY)


class Choose(StaffOnly, TemplateView):
    """What can be done; and a consortium or pathfinder found by name or reference, with what can be done to it."""

    permission = Permission.CHANGE_REGISTER
    template_name = "staff/register/choose.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "").strip()[:100]
        return super().get_context_data(
            title="Register: mergers, splits, names, going live",
            changes=EVERY,
            q=text,
            found=[*(self._found(*kind, text) for kind in KINDS), self._practices(text)] if text else [],
            **kwargs,
        )

    def _practices(self, text: str) -> dict[str, Any]:
        """Practices, each with the page of its membership and parent."""
        moment = Moment.now()
        rows = practices.Filters({"q": text}, practices.rows(self.request.user, moment), moment=moment).qs
        found = list(rows.order_by("code")[: MOST + 1])
        columns = (
            Column("code", "Code", href="/practices/{code}/"),
            Column("name", "Name"),
            Column(
                "code", "Membership and parent", href="/staff/practices/{code}/membership/", show=lambda row: "Change"
            ),
            Column(
                "code", "Merge practices", href="/staff/register/merge-practices/?ref={code}", show=lambda row: "Merge"
            ),
        )
        return {
            "noun": "Practices",
            "table": Table(columns, found[:MOST], "Practices", caption_spoken=True) if found else None,
            "more": len(found) > MOST,
        }

    def _found(self, read: Any, noun: str, path: str, text: str) -> dict[str, Any]:
        moment = Moment.now()
        rows = read.Filters({"q": text}, read.rows(self.request.user, moment), moment=moment).qs.order_by("ref")
        found = list(rows[: MOST + 1])
        columns = (
            Column("ref", "Reference", href=f"/{path}/{{ref}}/"),
            Column("name", "Name"),
            *(
                Column("ref", view.what, href=f"/staff/register/{view.path}/?ref={{ref}}", show=_word(view))
                for view in EVERY
                if view.takes in ("consortia", "consortium")
                and path == "consortia"
                or view.takes == "pathfinder"
                and path == "pathfinders"
            ),
        )
        return {
            "noun": noun,
            "table": Table(columns, found[:MOST], noun, caption_spoken=True) if found else None,
            "more": len(found) > MOST,
        }


KINDS = ((consortia, "Consortia", "consortia"), (pathfinders, "Pathfinders", "pathfinders"))


def _word(view: Any) -> Any:
    verb = view.path.partition("-")[0].capitalize()
    return lambda row: "Going live" if verb == "Going" else verb


class Done(StaffOnly, TemplateView):
    permission = Permission.CHANGE_REGISTER
    template_name = "staff/register/done.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        number = self.kwargs["number"]
        entries = Entry.objects.visible_to(self.request.user).filter(action__in=DONE)
        entry = entries.filter(number=number).first() if number < 2**31 else None
        if entry is None:
            raise Http404("There is no such change. All changes are listed under “Changes”.")
        return super().get_context_data(title="Recorded", crumbs=[REGISTER], entry=entry, **kwargs)
