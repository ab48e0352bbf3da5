"""A list of memberships that somebody sent: its dry run, what can be done with it, its progress, its answer as CSV."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from importlib.util import find_spec
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views import View

from consortia.actions.asking import ask_practices
from consortia.actions.lists import PASTED
from consortia.actions.uploading import check_list, commit_list, discard_list, undo_list
from consortia.models import MembershipUpload
from consortia.practice_review import shown
from consortia.states import UploadState
from pathfinders.forms.lists import ListForm
from pathfinders.views.steps import StepPage
from practices.models import Practice
from registry.errors import Refused
from registry.files.spreadsheet import csv_of, xlsx_of
from registry.pages.tables import Column, Table

VERDICTS = {
    "ok": ("Ready", "green"),
    "dormant": ("Ready: dormant", "yellow"),
    "new": ("Ready", "green"),
    "changed": ("Ready: a change", "yellow"),
    "unchanged": ("Known already", "grey"),
    "duplicate": ("Listed twice", "grey"),
    "already": ("A member already", "grey"),
    "claimed_elsewhere": ("Belongs elsewhere", "red"),
    "disputed": ("Disputed", "red"),
    "closed": ("Closed", "red"),
    "not_open": ("Not open yet", "red"),
    "outside_life": ("Outside its life", "red"),
    "setting": ("Not a GP practice", "red"),
    "wales": ("Welsh", "red"),
    "channel_islands": ("Channel Islands", "red"),
    "unknown": ("Unknown", "red"),
    "not_a_code": ("Not a code", "red"),
    "bad_date": ("Not a date", "red"),
    "bad_reason": ("Not a reason", "red"),
    "refused": ("Cannot be written", "red"),
}
STATE_TAGS = {
    UploadState.WAITING: ("Waiting", "grey"),
    UploadState.CHECKING: ("Being checked", "blue"),
    UploadState.CHECKED: ("Checked", "yellow"),
    UploadState.COMMITTING: ("Being written", "blue"),
    UploadState.COMMITTED: ("Written", "green"),
    UploadState.UNDONE: ("Undone", "grey"),
    UploadState.DISCARDED: ("Discarded", "grey"),
    UploadState.FAILED: ("Could not be read", "red"),
}
READY = ("ok", "dormant", "new", "changed")
QUIET = ("duplicate", "already", "unchanged")
MOST_SHOWN = 1_000
"""Rows on the page; a longer list is told whole by its file."""
AT_WORK = (UploadState.WAITING, UploadState.CHECKING, UploadState.COMMITTING)
REFRESH = "5"
"""Seconds after which a page of work in the background asks again, without a script."""
HEADINGS = ("line", "practice_code", "name", "verdict", "column", "value", "what_to_do", "suggestion")


def text(key: str) -> Any:
    return lambda row: shown(str(row.get(key) or ""))


COLUMNS = (
    Column("line", "Line", kind="number"),
    Column("code", "Code", show=text("code")),
    Column("name", "Practice"),
    Column("verdict", "Verdict", kind="tag", tags=VERDICTS),
    Column("message", "What to know or do", empty="Nothing"),
)
MANY_COLUMNS = (
    Column("line", "Line", kind="number"),
    Column("code", "Code", show=text("code")),
    Column("verdict", "Verdict", kind="tag", tags=VERDICTS),
    Column("column", "Column"),
    Column("value", "It says", show=text("value")),
    Column("message", "What to know or do", empty="Nothing"),
)


class ListPage(StepPage):
    """One list. POSTs: `commit` (with `ready`, as the page showed), `commit_rest`, `check`, `discard`, `undo`, `ask`."""

    template_name = "lead/list.html"
    form_class = ListForm
    columns: tuple[Column, ...] = COLUMNS

    @cached_property
    def upload(self) -> MembershipUpload:
        raise NotImplementedError

    def dispatch(self, *args: Any, **kwargs: Any) -> Any:
        response = super().dispatch(*args, **kwargs)
        if self.request.method == "GET" and self.upload.state in AT_WORK:
            response["Refresh"] = REFRESH
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        steps = {"check": self.check, "discard": self.discard, "undo": self.undo, "ask": self.ask}
        try:
            said = steps.get(form.cleaned_data["do"], self.commit)(form)
        except Refused as refused:
            self.__dict__.pop("upload", None)
            return self.refused(form, refused)
        messages.success(self.request, said)
        return HttpResponseRedirect(self.request.path)

    def commit(self, form: Any) -> str:
        told = commit_list(
            by=self.request.user,  # type: ignore[arg-type]
            upload=self.upload,
            ready=form.cleaned_data["ready"] or 0,
            skip_refused=form.cleaned_data["do"] == "commit_rest",
        )
        if told.state == UploadState.COMMITTING:
            return "The list is being written; this page says when it is done"
        ready = told.answer["counts"]["ready"]
        return f"{ready:,} {'membership was' if ready == 1 else 'memberships were'} written as entry {told.entry_id}"

    def check(self, form: Any) -> str:
        check_list(by=self.request.user, upload=self.upload)  # type: ignore[arg-type]
        return "The list was checked again"

    def discard(self, form: Any) -> str:
        discard_list(by=self.request.user, upload=self.upload)  # type: ignore[arg-type]
        return "The list was discarded; nothing was written"

    def undo(self, form: Any) -> str:
        entry = undo_list(by=self.request.user, upload=self.upload, why=form.cleaned_data["why"])  # type: ignore[arg-type]
        return f"The list was undone by entry {entry.number}"

    def ask(self, form: Any) -> str:
        assert self.upload.consortium is not None
        codes = [row["code"] for row in self.ready]
        practices = list(Practice.objects.filter(code__in=codes))
        asked = ask_practices(
            by=self.request.user,  # type: ignore[arg-type]
            consortium=self.upload.consortium,
            practices=practices,
        )
        return f"{len(asked)} {'practice was' if len(asked) == 1 else 'practices were'} asked"

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.upload.answer.get("rows", [])

    @property
    def ready(self) -> list[dict[str, Any]]:
        return [r for r in self.rows if r["verdict"] in READY]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        upload = self.upload
        wrong = [r for r in self.rows if r["verdict"] not in (*READY, *QUIET)]
        quiet = [r for r in self.rows if r["verdict"] in QUIET]
        ordered = [*wrong, *self.ready, *quiet]
        context = {
            "title": f"{called(upload)}: {upload.get_state_display().lower()}",
            "upload": upload,
            "answer": upload.answer,
            "day": date.fromisoformat(upload.answer["day"]) if upload.answer.get("day") else None,
            "at_work": upload.state in AT_WORK,
            "table": Table(self.columns, ordered[:MOST_SHOWN], "What was found, row by row", caption_size="s"),
            "shown": min(len(ordered), MOST_SHOWN),
            "rows": len(ordered),
            "wrong": wrong,
            "may_ask": upload.consortium_id is not None and find_spec("consortia.actions.asking") is not None,
        }
        return super().get_context_data(**{**context, **kwargs})


class AnswerFile:
    """Mixin: the whole answer as a CSV file."""

    upload: MembershipUpload

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = [
            (r["line"], r["code"], r.get("name", ""), r["verdict"], *told(r), r["message"], r.get("suggestion", ""))
            for r in self.upload.answer.get("rows", [])
        ]
        headers = {"Content-Disposition": f'attachment; filename="list-{self.upload.pk}-answer.csv"'}
        return HttpResponse(csv_of([HEADINGS, *rows]), content_type="text/csv; charset=utf-8", headers=headers)


def told(row: dict[str, Any]) -> tuple[str, str]:
    """Column and value, of the rows that need somebody."""
    return ("", "") if row["verdict"] in (*READY, *QUIET) else (row["column"], row["value"])


class Template(View):
    """An empty file with the columns that are read: `ending` csv or xlsx."""

    headings: tuple[str, ...] = ()
    file_name = ""

    def get(self, request: HttpRequest, ending: str) -> HttpResponse:
        write, kind = WRITERS[ending]
        headers = {"Content-Disposition": f'attachment; filename="{self.file_name}.{ending}"'}
        return HttpResponse(write([self.headings]), content_type=kind, headers=headers)


WRITERS = {
    "csv": (csv_of, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_of, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def called(upload: MembershipUpload) -> str:
    return "Pasted codes" if upload.name == PASTED else upload.name


def found(rows: Any, pk: int) -> MembershipUpload:
    upload = rows.select_related("consortium", "sent_by").filter(pk=pk).first() if pk < 2**31 else None
    if upload is None:
        raise Http404("There is no such list.")
    return upload
