"""The sign-in page: allauth's, with the demonstration's buttons."""

from typing import Any

from allauth.account.views import LoginView

from registry.accounts import demo


class SignIn(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(demo_buttons=demo.buttons(self.request), **kwargs)


login = SignIn.as_view()
