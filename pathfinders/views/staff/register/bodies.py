"""Where a change of the register begins, and where it ends: what was done."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404
from django.views.generic import TemplateView

from pathfinders.reads import consortia, pathfinders, practices
from pathfinders.views.access import StaffOnly
from pathfinders.views.staff.register.changes import EVERY, REGISTER
from practices.models import BodyParticulars
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
            found=self._all(text) if text else [],
            **kwargs,
        )

    def _all(self, text: str) -> list[dict[str, Any]]:
        return [*(self._found(*kind, text) for kind in KINDS), self._practices(text), self._parents(text)]

    def _parents(self, text: str) -> dict[str, Any]:
        """Trusts and other bodies, each with the page of its codes and dates: of any day, for those that have ended."""
        known = BodyParticulars.objects.visible_to(self.request.user).current()
        known = known.filter(Q(body__code__startswith=text.upper()) | Q(name__icontains=text)).order_by("body__code")
        rows = known.values("body__code", "name").distinct()[: MOST + 1]
        found = [{"code": row["body__code"], "name": row["name"]} for row in rows]
        columns = (
            Column("code", "Code", href="/pcts/{code}/"),
            Column("name", "Name"),
            Column("code", "Codes and dates", href="/staff/register/codes/{code}/", show=lambda row: "Change"),
        )
        table = Table(columns, found[:MOST], "Trusts and other bodies", caption_spoken=True) if found else None
        return {"noun": "Trusts and other bodies", "table": table, "more": len(found) > MOST, "any_day": True}

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
            *([CODES] if path == "consortia" else []),
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


CODES = Column("ref", "Codes", href="/staff/register/codes/{ref}/", show=lambda row: "Codes")
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
