"""/api/v1/schema/ and /api/v1/docs/: the API described (OpenAPI 3.1), and a page to try it.

The page's script and style are served by ourselves and the settings come as a second script, so that the site's
policy (nothing inline, nothing from elsewhere) holds for it too.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from registry.api.views import PublicRead


class Schema(PublicRead, SpectacularAPIView):
    public = True
    renderer_classes = [OpenApiJsonRenderer]

    def get_permissions(self) -> list[Any]:
        return []


class Docs(PublicRead, SpectacularSwaggerSplitView):
    public = True
    url_name = "api-schema"
    template_name = "api/docs.html"

    def get_permissions(self) -> list[Any]:
        return []
