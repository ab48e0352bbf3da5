"""Tours of the demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import TemplateView

from pathfinders.demonstration.tours import tours
from pathfinders.views.public.base import Snapshot
from registry.pages import PublicPage


class TryPage(PublicPage, Snapshot, TemplateView):
    template_name = "public/try.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404("The tours are of the demonstration, which ./run demo starts; this is a real register.")
        return super().get(request, *args, title="Try it", tours=tours(), **kwargs)
