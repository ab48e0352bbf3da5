"""Snapshots as pages and files: what each holds, its bytes, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.html import format_html
from django.utils.http import quote_etag
from django.views.generic import TemplateView, View

from pathfinders.models import PublishedFile, PublishedSnapshot, SnapshotWhy
from pathfinders.reads import snapshots
from pathfinders.snapshots import store, words
from pathfinders.snapshots.difference import GROUPS, counts, difference
from pathfinders.views.public.base import Snapshot
from pathfinders.views.public.history import instant
from registry.api.caching import LICENCE, YEAR
from registry.pages import PublicPage
from registry.pages.tables import Column, Table

SHOWN = 100
RETRY_SECONDS = 60


class SnapshotRef:
    """A snapshot's reference in an address: no other word under /data/ is taken for one."""

    regex = r"\d{4}-\d\d-\d\d\.\d{1,15}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


class LatestFile(PublicPage, View):
    """A file of the newest snapshot, or without a name its page: sent on to the address that never changes."""

    def get(self, request: HttpRequest, file: str = "") -> HttpResponse:
        snapshot = snapshots.newest(request.user)
        if snapshot is None or (file and not snapshot.files.filter(name=file).exists()):
            raise Http404("No snapshot has that file. What there is stands on the page of the data.")
        where = reverse("snapshot_file", args=[snapshot, file]) if file else reverse("snapshot", args=[snapshot])
        response = HttpResponseRedirect(where)
        response["Cache-Control"] = "public, max-age=0, must-revalidate"
        return response


class SnapshotFile(PublicPage, View):
    """One file. Its bytes never change, so a cache keeps them for a year. Sent from the disk: no connection to the
    database is held while a slow client takes them."""

    def get(self, request: HttpRequest, ref: str, file: str) -> HttpResponseBase:
        found = PublishedFile.objects.visible_to(request.user).filter(snapshot=ref, name=file).first()
        if found is None:
            raise Http404(f"There is no file “{file[:60]}” of a snapshot {ref}.")
        tag = quote_etag(found.sha256)
        unchanged = get_conditional_response(request, etag=tag)
        if unchanged is not None:
            return _kept(unchanged, tag)
        try:
            body = store.path_of(found.sha256).open("rb")
        except FileNotFoundError:
            return _lost(found)
        stem, dot, ending = file.partition(".")
        kind = f"{words.media_type(file)}; charset=utf-8"
        return _kept(FileResponse(body, filename=f"{stem}-{ref}{dot}{ending}", content_type=kind), tag)


def _kept(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response["Link"] = f'<{LICENCE}>; rel="license"'
    return response


def _lost(file: PublishedFile) -> HttpResponse:
    """Gone from the disk: what is due makes it again of the facts (`mend_snapshots`)."""
    said = f"{file} is being made again from the journal. Ask again in a minute.\n"
    response = HttpResponse(said, status=503, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


class SnapshotPage(PublicPage, Snapshot, TemplateView):
    template_name = "public/snapshot.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        snapshot = _found(self.request, self.kwargs["ref"])
        files = snapshots.files(self.request.user, snapshot)
        others = [s for s in snapshots.shown(self.request.user) if s.pk != snapshot.pk]
        return super().get_context_data(
            title=f"Snapshot {snapshot.ref}",
            crumbs=[("Data", "/data/")],
            snapshot=snapshot,
            recorded=instant(snapshot.entry.at),
            why=why(snapshot),
            cite=words.cite(snapshot),
            permalink=settings.PUBLIC_URL + reverse("snapshot", args=[snapshot]),
            table=Table(FILES, files, "Files of the snapshot", caption_spoken=True),
            size=sum(file.size for file in files),
            differences=[
                (f"since {other}", _between(other, snapshot)) for other in others if _before(other, snapshot)
            ],
            **kwargs,
        )


class SnapshotDifference(PublicPage, Snapshot, TemplateView):
    template_name = "public/snapshot_diff.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        older, newer = (_found(self.request, self.kwargs[name]) for name in ("older", "newer"))
        snapshots.in_order(older, newer)
        rows = difference(older, newer)
        api = reverse("api-snapshots-diff", args=[older, newer])
        return super().get_context_data(**kwargs) | {
            "title": "What differs between two snapshots",
            "crumbs": [("Data", "/data/")],
            "older": older,
            "newer": newer,
            "api": api,
            "total": len(rows),
            "groups": [_group(group, n, rows, api) for group, n in counts(rows).items()],
            "permalink": settings.PUBLIC_URL + self.request.path,
        }


class ChooseDifference(PublicPage, View):
    """The form that names two: sent on to their difference, the older first whichever way they were named."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not {"older", "newer"} & request.GET.keys():  # typed without either: to where the form is
            return HttpResponseRedirect(f"{reverse('data')}#snapshots")
        two = [_found(request, request.GET.get(name, "").strip()) for name in ("older", "newer")]
        two.sort(key=lambda s: (s.entry_id, s.as_of))
        return HttpResponseRedirect(reverse("snapshot_difference", args=two))


def _found(request: HttpRequest, ref: str) -> PublishedSnapshot:
    snapshot = snapshots.one(request.user, ref)
    if snapshot is None:
        raise Http404(f"There is no snapshot “{ref[:40]}”. What there is stands on the page of the data.")
    return snapshot


def _before(one: PublishedSnapshot, other: PublishedSnapshot) -> bool:
    return (one.entry_id, one.as_of) < (other.entry_id, other.as_of)


def _between(older: PublishedSnapshot, newer: PublishedSnapshot) -> str:
    return reverse("snapshot_difference", args=[older, newer])


def why(snapshot: PublishedSnapshot) -> str:
    if snapshot.why == SnapshotWhy.RELEASE:
        return f"At the release of wave {snapshot.wave}"
    return str(SnapshotWhy(snapshot.why).label)


def listed(found: Sequence[PublishedSnapshot]) -> Table:
    """Snapshots, for the page of the data."""
    return Table(LISTED, found, "Snapshots", caption_spoken=True)


def _group(group: str, count: int, rows: list[dict[str, Any]], api: str) -> dict[str, Any]:
    of_it = [row for row in rows if row["group"] == group][:SHOWN]
    table = Table(CHANGED, of_it, group.capitalize(), caption_spoken=True) if of_it else None
    return {
        "name": group,
        "title": group.capitalize(),
        "says": SAYS[group],
        "count": count,
        "more": count > SHOWN,
        "shown": SHOWN,
        "table": table,
        "csv": f"{api}?group={group}&format=csv",
    }


SAYS = dict(
    zip(
        GROUPS,
        (
            "What was not open in the first snapshot and is in the second.",
            "What was open in the first snapshot and is not in the second.",
            "What belongs elsewhere than in the first snapshot, or has another address.",
            "What bears another name.",
            "What is told otherwise because the register said that it had been wrong.",
        ),
        strict=True,
    )
)
PAGES = {
    "practice": "practices",
    "parent": "",
    "consortium": "consortia",
    "pathfinder": "pathfinders",
    "wave": "waves",
    "local body": "transitions/local-bodies",
    "cluster": "",
}


def _page(row: dict[str, Any]) -> str | None:
    return f"/{PAGES[row['kind']]}/{row['key']}/" if PAGES[row["kind"]] else None


def _file_name(file: PublishedFile) -> Any:
    where = reverse("snapshot_file", args=[file.snapshot_id, file.name])
    return format_html('<a class="nhsuk-link" href="{}">{}</a>', where, file.name)


FILES = (
    Column("name", "File", show=_file_name),
    Column("rows", "Rows", kind="number"),
    Column("size", "Size", show=lambda file: filesizeformat(file.size)),
    Column("sha256", "SHA-256", show=lambda file: format_html('<code class="site-hash">{}</code>', file.sha256)),
)
LISTED = (
    Column("ref", "Snapshot", href="/data/{ref}/"),
    Column("as_of", "Of", kind="date"),
    Column("entry.at", "As known", show=lambda s: instant(s.entry.at)),
    Column("why", "Made", show=why),
)
CHANGED = (
    Column("key", "Code", href=_page),
    Column("name", "Name"),
    Column("what", "What", show=lambda row: f"{row['kind']}: {row['what']}"),
    Column("before", "First snapshot", empty="nothing"),
    Column("after", "Second snapshot", empty="nothing"),
    Column("since", "Since", kind="date", empty="not known"),
    Column("entry", "Entry", href="/changes/{entry}/"),
)
