"""/api/v1/schema/ and /api/v1/docs/: the API described (OpenAPI 3.1), and a page to try it.

The page's script and style are served by ourselves and the settings come as a second script, so that the site's
policy (nothing inline, nothing from elsewhere) holds for it too.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from registry.api.views import PublicRead


class MadeOnce(SchemaGenerator):
    """The description is the same for everybody and as old as the program: a process makes it once, which takes about
    a second, and not for each of those who ask."""

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        if not public:
            return super().get_schema(request, public)
        return _made(settings.ROOT_URLCONF, self.api_version, get_language())


@lru_cache(maxsize=4)
def _made(urlconf: str, version: str | None, language: str | None) -> Any:
    return SchemaGenerator(urlconf=urlconf, api_version=version).get_schema(public=True)


class Schema(PublicRead, SpectacularAPIView):
    public = True
    generator_class = MadeOnce
    renderer_classes = [OpenApiJsonRenderer]

    def get_permissions(self) -> list[Any]:
        return []


class Docs(PublicRead, SpectacularSwaggerSplitView):
    public = True
    url_name = "api-schema"
    template_name = "api/docs.html"

    def get_permissions(self) -> list[Any]:
        return []
