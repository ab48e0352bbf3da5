"""The sign-in page: allauth's, with the demonstration's buttons and word of a kept form."""

from typing import Any

from allauth.account.views import LoginView

from registry.accounts import demo, restore


class SignIn(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            demo_buttons=demo.buttons(self.request), form_is_kept=restore.KEY in self.request.session, **kwargs
        )


login = SignIn.as_view()
