from django.urls import URLPattern, URLResolver, include, path

handler400 = "registry.pages.errors.bad_request"
handler403 = "registry.pages.errors.forbidden"
handler404 = "registry.pages.errors.not_found"
handler500 = "registry.pages.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("registry.accounts.urls")),
]
