"""A wave as released, to take away: its manifest as it was hashed, and the same list as CSV and JSON."""

from __future__ import annotations

import io
import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.generic import View

from pathfinders.models import WaveRelease
from pathfinders.reads.as_released import HEADER, as_json, as_table, content_of, kept_manifest, release_of
from pathfinders.reads.manifest import sha256_of
from pathfinders.views.public.base import Snapshot
from registry.api.caching import YEAR
from registry.api.delimited import TableWriter
from registry.pages import PublicPage


class AsReleased(PublicPage, Snapshot, View):
    """One file of a released wave. It never changes, so a cache keeps it for a year."""

    ending = ""
    kind = ""

    def get(self, request: HttpRequest, number: int) -> HttpResponseBase:
        release = release_of(request.user, number)
        if release is None:
            raise Http404(f"No wave {number} has been released. The waves released so far are listed under Waves.")
        content = content_of(request.user, release)
        response = HttpResponse(self.body(release, content), content_type=f"{self.kind}; charset=utf-8")
        response["Content-Disposition"] = f'inline; filename="wave-{number}-{self.ending}"'
        response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        tag = quote_etag(f"{sha256_of(content)[:32]}-{self.ending}")
        response["ETag"] = tag
        return get_conditional_response(request, etag=tag, response=response) or response

    def body(self, release: WaveRelease, content: str) -> str:
        raise NotImplementedError


class ManifestFile(AsReleased):
    ending, kind = "manifest.txt", "text/plain"

    def body(self, release: WaveRelease, content: str) -> str:
        if kept_manifest(self.request.user, release.wave) is None:
            raise Http404(
                f"Wave {release.wave} was released before manifests were made. Its list, made of the facts as known at "
                "its release, is released.csv and released.json."
            )
        return content


class ReleasedCsv(AsReleased):
    ending, kind = "released.csv", "text/csv"

    def body(self, release: WaveRelease, content: str) -> str:
        out = io.StringIO()
        writer = TableWriter(out)
        writer.writerow(HEADER)
        writer.writerows(as_table(content))
        return out.getvalue()


class ReleasedJson(AsReleased):
    ending, kind = "released.json", "application/json"

    def body(self, release: WaveRelease, content: str) -> str:
        kept: Any = kept_manifest(self.request.user, release.wave)
        told = as_json(content) | {"manifest_sha256": kept.sha256 if kept else None}
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
