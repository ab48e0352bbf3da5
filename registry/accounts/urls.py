"""Under /accounts/: allauth's pages, less those that would change who a person is."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path

from registry.accounts.demo import demo_login
from registry.accounts.login import login


@login_not_required
def closed(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """A person's address is changed by an administrator, as an action."""
    raise Http404("Addresses are changed by a programme administrator. Ask one.")


urlpatterns = [
    path("login/", login, name="account_login"),
    path("demo-login/", demo_login, name="demo_login"),
    path("email/", closed),
    re_path(r"^confirm-email/", closed),
    path("", include("allauth.urls")),
]
