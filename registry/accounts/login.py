"""The sign-in page: allauth's, with the demonstration's buttons and word of a kept form."""

from typing import Any

from allauth.account.views import LoginView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator

from registry.accounts import demo, restore


class SignIn(LoginView):
    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """In a demonstration its buttons are there for the signed-in too, to be somebody else by one press."""
        if request.method == "GET" and request.user.is_authenticated and demo.allowed(request):
            return self.render_to_response(self.get_context_data())
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            demo_buttons=demo.buttons(self.request), form_is_kept=restore.KEY in self.request.session, **kwargs
        )


login = SignIn.as_view()
