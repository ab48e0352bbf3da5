"""The practices of a draft: find or paste them, or send a file; see every row's verdict, add those ready; take some out."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views import View

from pathfinders.actions import check_practices, set_practices
from pathfinders.bid_members import Named, named_in
from pathfinders.claims_review import shown
from pathfinders.forms.lead import MOST_TEXT, PasteForm
from pathfinders.models import BidConsortium
from pathfinders.practice_files import TEMPLATE, codes_in
from pathfinders.practice_search import search_practices
from pathfinders.views.access import LeadOnly
from pathfinders.views.lead.home import DraftPage
from registry.errors import Refused
from registry.pages.tables import Column, Table

VERDICTS = {
    "ok": ("Ready", "green"),
    "dormant": ("Ready: dormant", "yellow"),
    "claimed_elsewhere": ("Ready: belongs elsewhere", "yellow"),
    "duplicate": ("Listed twice", "grey"),
    "already": ("In this bid already", "grey"),
    "closed": ("Closed", "red"),
    "not_open": ("Not open yet", "red"),
    "setting": ("Not a GP practice", "red"),
    "wales": ("Welsh", "red"),
    "channel_islands": ("Channel Islands", "red"),
    "unknown": ("Unknown", "red"),
    "not_a_code": ("Not a code", "red"),
}
LEFT = "codes_left_over"
QUIET = ("duplicate", "already")
"""Rows that are not added, but of which nothing needs to be done."""
ROWS = (
    Column("line", "Line", kind="number"),
    Column("code", "Code"),
    Column("name", "Practice"),
    Column("verdict", "Verdict", kind="tag", tags=VERDICTS),
    Column("message", "Why", empty="Open on the bid’s date"),
)


class Practices(DraftPage):
    """What can be sent: `check` and `upload` (dry runs of the box and of a file), `add` (codes that a dry run or a search
    found ready), `remove` (ticked codes).

    The box comes back with what was typed, or what the file held; after adding, with the codes that were not ready.
    """

    title = "Practices"
    template_name = "lead/practices.html"
    form_class = PasteForm

    @cached_property
    def consortia(self) -> list[BidConsortium]:
        return list(self.bid.consortia.visible_to(self.request.user).order_by("position"))

    @cached_property
    def named(self) -> list[Named]:
        return named_in(self.bid, self.request.user)

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("consortium", "")
        return super().get_initial() | {"practices": self._left(), "consortium": asked}

    def _left(self) -> str:
        """The codes that the last adding to this bid left over."""
        kept: dict[str, str] = self.request.session.get(LEFT, {})
        return kept["codes"] if kept.get("bid") == self.bid.ref else ""

    def _leave(self, codes: list[str]) -> None:
        """In the session, not in the address: a server reads no address of 700 codes."""
        self.request.session.pop(LEFT, None)
        if codes:
            self.request.session[LEFT] = {"bid": self.bid.ref, "codes": "\n".join(codes)[:MOST_TEXT]}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if len(self.consortia) > 1:
            form.fields["consortium"].choices = [(c.position, c.name) for c in self.consortia]
        else:
            del form.fields["consortium"]
        if self.sent != "check":
            form.fields["practices"].required = False
        return form

    @property
    def sent(self) -> str:
        """What was asked for. A file without any code in the box is meant to be checked, whichever button it was."""
        asked = self.request.POST.get("do", "check")
        typed = self.request.POST.get("practices", "").strip()
        return "upload" if asked == "check" and self.request.FILES.get("file") and not typed else asked

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.consortia:
            messages.info(self.request, "Name the consortia first: each practice is put into one of them.")
            return HttpResponseRedirect(f"{self.href}consortia/")
        return super().get(*args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        steps = {"add": self.add, "remove": self.remove, "upload": self.upload}
        try:
            return steps.get(self.sent, self.check)(form)
        except Refused as refused:
            return self.refused(form, refused)

    def chosen(self, form: Any) -> BidConsortium:
        position = form.cleaned_data.get("consortium")
        found = [c for c in self.consortia if position in (None, c.position)]
        if not found:
            raise Refused("no_consortium", "Name a consortium first: practices are put into one.", status=409)
        return found[0]

    def check(self, form: Any) -> HttpResponse:
        """The dry run: nothing is written."""
        return self._checked(form, form.cleaned_data["practices"])

    def upload(self, form: Any) -> HttpResponse:
        """The dry run of a file; the box then holds its codes, to be put right there."""
        file = form.cleaned_data["file"]
        if file is None:
            raise Refused("no_file", "Choose a CSV file first.", field="file")
        codes = codes_in(file.name, file)
        form.data = form.data.copy()
        form.data["practices"] = "\n".join(code for _, code in codes if code)[:MOST_TEXT]
        return self._checked(form, codes)

    def _checked(self, form: Any, text: Any) -> HttpResponse:
        self._leave([])
        rows = check_practices(
            by=self.request.user,  # type: ignore[arg-type]
            bid=self.bid,
            text=text,
            consortium=self.chosen(form),
        )
        return self.render_to_response(self.get_context_data(form=form, **verdict(rows, self._in(form))))

    def _in(self, form: Any) -> set[str]:
        """Codes that the chosen consortium holds already."""
        return {n.code for n in self.named if n.consortium == self.chosen(form).pk}

    def add(self, form: Any) -> HttpResponse:
        ready, left = self.request.POST.getlist("ready"), self.request.POST.getlist("left")
        before = self._in(form)
        self._write(form, sorted(before | set(ready)))
        added = len(set(ready) - before)
        kept = f"; {len(left)} could not be, and {'is' if len(left) == 1 else 'are'} still in the box" if left else ""
        messages.success(self.request, f"{added} {'practice was' if added == 1 else 'practices were'} added{kept}")
        self._leave(left)
        position = form.cleaned_data.get("consortium")
        asked = {"consortium": position, "find": self.request.POST.get("find", "")}
        query = urlencode({key: value for key, value in asked.items() if value})
        return HttpResponseRedirect(self.request.path + (f"?{query}" if query else ""))

    def remove(self, form: Any) -> HttpResponse:
        ticked = set(self.request.POST.getlist("code"))
        if not ticked:
            raise Refused("none_ticked", "Tick the practices to take out of the bid.", status=422)
        here = self._in(form)
        self._write(form, sorted(here - ticked))
        count = len(here & ticked)
        messages.success(self.request, f"{count} {'practice was' if count == 1 else 'practices were'} taken out")
        return HttpResponseRedirect(self.request.path)

    def _write(self, form: Any, codes: list[str]) -> None:
        set_practices(
            by=self.request.user,  # type: ignore[arg-type]
            bid=self.bid,
            version=form.cleaned_data["version"],
            consortium=self.chosen(form),
            codes=codes,
        )

    def saved_now(self, form: forms.Form) -> list[tuple[str, Any]]:
        super().saved_now(form)
        self.__dict__.pop("consortia", None)
        self.__dict__.pop("named", None)
        return [("Practices in the bid", f"{len(self.named)}")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs |= self.found()
        groups = [{"row": c, "practices": [n for n in self.named if n.consortium == c.pk]} for c in self.consortia]
        return super().get_context_data(groups=groups, bid=self.bid, total=len(self.named), **kwargs)

    def found(self) -> dict[str, Any]:
        """What was looked for by words, each practice with a button, or the sentence that says why it has none."""
        find = (self.request.GET.get("find") or self.request.POST.get("find") or "").strip()[:100]
        asked = self.request.GET.get("consortium") or self.request.POST.get("consortium") or ""
        into = next(
            (c for c in self.consortia if str(c.position) == asked), self.consortia[0] if self.consortia else None
        )
        if not find or into is None:
            return {"find": "", "into": into}
        told, more = search_practices(find, self.bid.as_at)
        user: Any = self.request.user
        rows = check_practices(
            by=user, bid=self.bid, text=[(n, p.code) for n, p in enumerate(told, 1)], consortium=into
        )
        there = {n.code: n.group for n in self.named}
        hits = [{"practice": p, "row": row, "inside": there.get(p.code)} for p, row in zip(told, rows, strict=True)]
        return {"find": find, "into": into, "hits": hits, "more_hits": more}


class Template(LeadOnly, View):
    """An empty CSV file with the columns that are read."""

    def get(self, request: HttpRequest) -> HttpResponse:
        headers = {"Content-Disposition": 'attachment; filename="practices.csv"'}
        return HttpResponse(TEMPLATE, content_type="text/csv; charset=utf-8", headers=headers)


def verdict(rows: list[Any], there: set[str]) -> dict[str, Any]:
    """The dry run for the page: rows that need somebody first, then the ready, then those already dealt with."""
    for row in rows:
        if row["accepted"] and row["code"] in there:
            row |= {"verdict": "already", "message": f"{row['code']} is in this consortium already."}
    ready = [r for r in rows if r["accepted"] and r["verdict"] != "already"]
    quiet = [r for r in rows if r["verdict"] in QUIET]
    wrong = [r for r in rows if r not in ready and r not in quiet]
    told = [row | {"code": shown(row["code"])} for row in (*wrong, *ready, *quiet)]
    return {
        "checked": True,
        "ready": ready,
        "wrong": wrong,
        "quiet": quiet,
        "verdicts": Table(ROWS, told, "What was found, row by row", caption_size="s"),
    }
