from django.urls import URLPattern, URLResolver, include, path

from pathfinders import error_urls
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
    path("lead/", include(error_urls.lead)),
    path("staff/", include(error_urls.staff)),
    path("lead/", include("pathfinders.lead_urls")),
    path("lead/consortia/", include("pathfinders.list_lead_urls")),  # before members/CODE/: "add" is no code
    path("lead/consortia/", include("pathfinders.change_lead_urls")),
    path("staff/memberships/", include("pathfinders.list_staff_urls")),
    path("lead/consortia/", include("pathfinders.lead_home_urls")),
    path("staff/", include("pathfinders.staff_urls")),
    path("lead/consortia/", include("pathfinders.asking_urls")),
    path("", include("pathfinders.answer_urls")),
    path("staff/", include("pathfinders.change_staff_urls")),
    path("", include("pathfinders.area_urls")),
    path("", include("pathfinders.public_urls")),
]
