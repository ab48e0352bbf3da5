"""Under /accounts/: allauth's pages, less those that would change who a person is."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path

from registry.accounts.demo import demo_login
from registry.accounts.login import login
from registry.accounts.tokens import RevokeToken, Tokens


@login_not_required
def closed(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """A person's address is changed by an administrator, as an action."""
    raise Http404("Addresses are changed by a programme administrator. Ask one.")


urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", login, name="account_login"),
    path("demo-login/", demo_login, name="demo_login"),
    path("tokens/", Tokens.as_view(), name="account_tokens"),
    path("tokens/<int:pk>/revoke/", RevokeToken.as_view(), name="account_revoke_token"),
    path("email/", closed),
    re_path(r"^confirm-email/", closed),
    path("", include("allauth.urls")),
]

if settings.OIDC_ISSUER:
    from allauth.socialaccount.views import login_error

    # Whose foreign sign-in failed is signed out: allauth's own URL would send them to sign in.
    urlpatterns.insert(0, path("3rdparty/login/error/", login_not_required(login_error)))
