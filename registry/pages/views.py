"""A page with a form that calls an action."""

from typing import Any

from django.http import HttpResponse
from django.views.generic import FormView

from registry.errors import Refused
from registry.pages.forms import add_refusal


class FormPage(FormView):
    """A form page whose refusals come back on the form with all that was typed.

        class DecidePage(FormPage):
            form_class = DecisionForm
            template_name = "staff/decide.html"
            refusal_fields = {"reason": "reasons"}      # action's field -> form's field, where they differ

            def act(self, form):                        # calls the action; may raise Refused
                decide_bid(bid=self.bid, by=self.request.user, **form.cleaned_data)

            def get_success_url(self): ...

    The answer to a refused form carries the refusal's status (409, 412, 403, 422), to a wrong one 422, so
    that a script sees what a person reads.
    """

    refusal_fields: dict[str, str] = {}

    def act(self, form: Any) -> None:
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.act(form)
        except Refused as refused:
            add_refusal(form, refused, self.refusal_fields)
            return self.render_to_response(self.get_context_data(form=form), status=refused.status)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
