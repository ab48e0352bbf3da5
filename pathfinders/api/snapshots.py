"""GET /api/v1/snapshots/, snapshots/REF/ and snapshots/REF/diff/REF/."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework.serializers import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DictField,
    IntegerField,
    Serializer,
    URLField,
)

from pathfinders.models import PublishedSnapshot
from pathfinders.reads import snapshots
from pathfinders.snapshots import words
from pathfinders.snapshots.difference import GROUPS, counts, difference
from registry.api import exports
from registry.api.negotiation import FORMATS
from registry.api.questions import one_of
from registry.api.schema import envelope
from registry.api.shapes import Shape
from registry.api.views import ListView, ResourceView
from registry.moment import Moment


class SnapshotRow(Serializer):
    ref = CharField(help_text="The snapshot's reference: its day, and the number of the newest entry it knows")
    as_of = DateField(help_text="The day of the world that it is of")
    known_at = DateTimeField(help_text="The instant of the newest entry that it knows")
    entry = IntegerField(source="number", help_text="The number of that entry: the changes after it are not in it")
    entry_hash = CharField(help_text="The hash of that entry, which seals all before it")
    why = CharField(help_text="night (at the end of a day), release (of a wave) or asked")
    wave = IntegerField(allow_null=True, help_text="The wave of whose release it is")
    bytes = IntegerField(help_text="The size of all of its files together")


class SnapshotFileRow(Serializer):
    name = CharField(help_text="The file's name")
    url = URLField(help_text="Its address, which never changes and always gives the same bytes")
    media_type = CharField(help_text="Its media type")
    bytes = IntegerField(help_text="Its size")
    rows = IntegerField(allow_null=True, help_text="Rows, where it has any; a heading is none")
    sha256 = CharField(help_text="The SHA-256 of its bytes")


class OneSnapshot(SnapshotRow):
    page = URLField(help_text="The snapshot's page")
    cite = CharField(help_text="How to name it where it is used")
    files = SnapshotFileRow(many=True, help_text="Its files, in the order of its manifest")


class SnapshotResult(Serializer):
    result = OneSnapshot(help_text="The snapshot")


class DifferenceRow(Serializer):
    group = CharField(help_text="opened, closed, moved, renamed or corrected")
    kind = CharField(help_text="practice, parent, consortium, pathfinder, wave, local body or cluster")
    key = CharField(help_text="Its code, reference or number")
    name = CharField(allow_blank=True, help_text="Its name in the second snapshot; else in the first")
    what = CharField(help_text="What of it changed: life, name, address, parent, above, consortium or pathfinder")
    before = CharField(allow_null=True, help_text="What the first snapshot says; null: nothing")
    after = CharField(allow_null=True, help_text="What the second snapshot says; null: nothing")
    since = DateField(allow_null=True, help_text="The day from which it is so; null where that is not known")
    late = BooleanField(help_text="Whether that day is not after the first snapshot's, which did not know of it yet")
    entry = IntegerField(help_text="The entry of the journal that says so")
    entry_kind = CharField(help_text="The kind of that entry")


class DifferencePage(Serializer):
    older = CharField(help_text="The first snapshot")
    newer = CharField(help_text="The second snapshot")
    counts = DictField(child=IntegerField(), help_text="Rows in each group, whatever `group` asks for")
    count = IntegerField(help_text="Rows in this answer: all of them, for it has no pages")
    next = URLField(allow_null=True, help_text="Always null")
    previous = URLField(allow_null=True, help_text="Always null")
    results = DifferenceRow(many=True, help_text="One row a change")


SHAPE = Shape(DifferenceRow)


class OfSnapshots(ResourceView):
    """Snapshots come without an entry of the journal: how many there are is part of what an answer is of."""

    public, dated = True, False

    def tag(self, moment: Moment) -> str:
        tag = super().tag(moment)
        return f'"{PublishedSnapshot.objects.count()}-{tag[1:]}' if tag else ""

    def found(self, ref: str) -> PublishedSnapshot:
        snapshot = snapshots.one(self.request.user, ref)
        if snapshot is None:
            raise Http404(f"There is no snapshot “{ref[:40]}”. /api/v1/snapshots/ lists those that there are.")
        return snapshot


class Snapshots(OfSnapshots, ListView):
    """Published snapshots: sets of files of the register at a moment, which never change. One is made of each day
    when it has ended, and one of each release."""

    read, serializer = snapshots, SnapshotRow

    def described(self) -> Serializer:
        return envelope("Snapshot", SnapshotRow, paged=True, dated=False)


class Snapshot(OfSnapshots):
    """One snapshot with its files. `latest` is the newest."""

    def described(self) -> type[Serializer]:
        return SnapshotResult

    def answer(self, moment: Moment, form: str) -> HttpResponse:
        snapshot = self.found(self.kwargs["ref"])
        row = snapshots.rows(self.request.user, moment).get(ref=snapshot.ref)
        told = Snapshots().shape.shape(row, Snapshots().shape.names())
        told["page"] = self.request.build_absolute_uri(reverse("snapshot", args=[snapshot.ref]))
        told["cite"] = words.cite(snapshot)
        told["files"] = [
            {
                "name": file.name,
                "url": self.request.build_absolute_uri(reverse("snapshot_file", args=[snapshot.ref, file.name])),
                "media_type": words.media_type(file.name),
                "bytes": file.size,
                "rows": file.rows,
                "sha256": file.sha256,
            }
            for file in snapshots.files(self.request.user, snapshot)
        ]
        return self.json({"result": told})


class SnapshotDifference(OfSnapshots):
    """What differs between two snapshots, the older first: opened, closed, moved, renamed, corrected. List sizes,
    telephone numbers, settings and proofs of membership are not told here."""

    formats = ("json", "csv", "ndjson")
    parameters = ("group",)
    choices = {"group": list(GROUPS)}
    words = {"group": "Only the rows of this group."}

    def described(self) -> type[Serializer]:
        return DifferencePage

    def answer(self, moment: Moment, form: str) -> HttpResponseBase:
        older, newer = self.found(self.kwargs["ref"]), self.found(self.kwargs["newer"])
        snapshots.in_order(older, newer)
        rows = difference(older, newer)
        group = one_of(self.request.GET, "group", ("", *GROUPS), "")
        wanted = [row for row in rows if not group or row["group"] == group]
        if form != "json":
            return _file(wanted, f"diff-{older}-{newer}", form)
        body: dict[str, Any] = {"older": older.ref, "newer": newer.ref, "counts": counts(rows), "count": len(wanted)}
        body |= {"next": None, "previous": None}
        return self.json(body | {"results": [SHAPE.shape(row, SHAPE.names()) for row in wanted]})


def _file(rows: list[dict[str, Any]], name: str, form: str) -> FileResponse:
    spool = exports.spool()
    exports.WRITERS[form](spool, SHAPE, SHAPE.names(), exports.chunks(rows))
    spool.seek(0)
    kind = f"{FORMATS[form]}; charset=utf-8"
    return FileResponse(spool, as_attachment=True, filename=f"{name}.{form}", content_type=kind)
