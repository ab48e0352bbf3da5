"""What a person had typed before being signed out, on its way back into the form.

The middleware in `registry.accounts.restore` puts the kept fields here for one request; every unbound form
that our renderer draws reads them, so that no form view needs code for it.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict


@dataclass
class Typed:
    data: QueryDict
    used: set[str] = field(default_factory=set)

    def value(self, widget: forms.Widget, name: str) -> object | None:
        """What was typed for this widget, as a bound form would read it; None where it was not on the page."""
        if isinstance(widget, forms.FileInput | forms.PasswordInput):
            return None
        if widget.value_omitted_from_data(self.data, MultiValueDict(), name) and not self._unticked(widget):
            return None
        self.used.add(name)
        return widget.value_from_datadict(self.data, MultiValueDict(), name)

    def _unticked(self, widget: forms.Widget) -> bool:
        """An unticked box sends nothing: it counts as typed once another field of the form was found."""
        boxes = (forms.CheckboxInput, forms.CheckboxSelectMultiple)
        return isinstance(widget, boxes) and bool(self.used)


typed: ContextVar[Typed | None] = ContextVar("typed", default=None)
