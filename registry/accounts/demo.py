"""Signing in by one button, in a demonstration only."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from registry.pages.areas import areas_for

BACKEND = "registry.accounts.backend.WithGrants"
DEMO_DOMAIN = "@demo.invalid"
LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})


def demo_users() -> list[Any]:
    """The people of the demonstration, by address. Their key is the part before the @."""
    people = get_user_model().objects.filter(email__endswith=DEMO_DOMAIN, is_active=True)
    return list(people.order_by("email"))


def buttons(request: HttpRequest) -> list[dict[str, str]]:
    """One button per person: key, name and the roles they hold; none outside a demonstration."""
    if not allowed(request):
        return []
    return [
        {
            "key": user.email.removesuffix(DEMO_DOMAIN),
            "name": user.name or user.email,
            "roles": ", ".join(str(grant) for grant in user.grants_now()),
        }
        for user in demo_users()
    ]


def allowed(request: HttpRequest) -> bool:
    return settings.DEMO and request.META.get("REMOTE_ADDR") in LOOPBACK


@login_not_required
@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    if not allowed(request):
        raise Http404
    key = request.POST.get("user", "")
    user = next((person for person in demo_users() if person.email == key + DEMO_DOMAIN), None)
    if user is None:
        raise Http404("The demonstration has nobody of that name. Go back and use one of its buttons.")
    login(request, user, backend=BACKEND)
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    own = next((area.href for area in areas_for(user)), settings.LOGIN_REDIRECT_URL)
    return HttpResponseRedirect(wanted if safe else own)
