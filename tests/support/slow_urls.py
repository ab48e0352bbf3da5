"""Addresses that are slow, large or broken on purpose, and the product's own."""

from __future__ import annotations

import atexit
import hashlib
import os
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from registry.api.views import ResourceView
from tests.support.slow_site import MB, content


class Slow(ResourceView):
    """A read whose one statement takes long."""

    public, dated = True, False
    formats = ("json", "csv")
    parameters = ("seconds",)

    def answer(self, moment: object, form: str) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(%s)", [float(self.request.GET["seconds"])])
        return self.json({})


@cache
def kept() -> Path:
    with NamedTemporaryFile(delete=False) as made:
        made.write(content(8 * MB))
    atexit.register(os.unlink, made.name)
    return Path(made.name)


def file(request: HttpRequest) -> FileResponse:
    return FileResponse(kept().open("rb"))


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(content(8 * MB))


def stream(request: HttpRequest) -> StreamingHttpResponse:
    whole = content(8 * MB)
    return StreamingHttpResponse(whole[at : at + 50_000] for at in range(0, len(whole), 50_000))


def broken(request: HttpRequest) -> StreamingHttpResponse:
    def pieces() -> Iterator[bytes]:
        yield b"the first half"
        raise RuntimeError("on purpose")

    return StreamingHttpResponse(pieces())


def work(request: HttpRequest) -> HttpResponse:
    time.sleep(0.2)
    return HttpResponse("done\n")


@csrf_exempt
def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(hashlib.sha256(request.read()).hexdigest())


urlpatterns = [path("slow/", Slow.as_view())]
for view in (file, page, stream, broken, work, echo):
    urlpatterns.append(path(f"{view.__name__}/", login_not_required(view)))
urlpatterns.append(path("", include("pathfinders.urls")))
