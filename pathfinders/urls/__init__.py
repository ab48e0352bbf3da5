from django.urls import URLPattern, URLResolver, include, path

from pathfinders.urls import errors
from registry.views import health, metrics

handler400 = "registry.pages.errors.bad_request"
handler403 = "registry.pages.errors.forbidden"
handler404 = "registry.pages.errors.not_found"
handler500 = "registry.pages.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.figures, name="metrics"),
    path("accounts/", include("registry.accounts.urls")),
    path("api/v1/", include("pathfinders.api.urls")),
    path("lead/", include(errors.lead)),
    path("staff/", include(errors.staff)),
    path("lead/", include("pathfinders.urls.lead")),
    path("lead/consortia/", include("pathfinders.urls.lead_lists")),  # before members/CODE/: "add" is no code
    path("lead/consortia/", include("pathfinders.urls.lead_changes")),
    path("staff/memberships/", include("pathfinders.urls.staff_lists")),
    path("lead/consortia/", include("pathfinders.urls.lead_consortium")),
    path("staff/", include("pathfinders.urls.staff")),
    path("lead/consortia/", include("pathfinders.urls.lead_asking")),
    path("", include("pathfinders.urls.answers")),
    path("staff/", include("pathfinders.urls.staff_changes")),
    path("", include("pathfinders.urls.area")),
    path("", include("pathfinders.urls.public")),
]
