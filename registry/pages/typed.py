"""What a person had typed before being signed out, on its way back into the form.

The middleware in `registry.accounts.restore` puts the kept fields here for one request; every unbound form
that our renderer draws reads them, so that no form view needs code for it.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

BOXES = (forms.CheckboxInput, forms.CheckboxSelectMultiple)


@dataclass
class Typed:
    """The kept fields of one form, and the names that a form on the page has taken."""

    data: QueryDict
    used: set[str] = field(default_factory=set)

    def value(self, bound: BoundField) -> object | None:
        """What was typed for this field, as a bound form would read it; None where it was not in the kept form."""
        widget, name = bound.field.widget, bound.html_name
        if isinstance(widget, forms.FileInput | forms.PasswordInput):
            return None
        if name not in self._names(bound.form):
            return None
        self.used.add(name)
        return widget.value_from_datadict(self.data, MultiValueDict(), name)

    def _names(self, form: forms.BaseForm) -> set[str]:
        """The fields of the form that were typed. An unticked box sends nothing: it counts once another field does."""
        widgets = {form.add_prefix(name): item.widget for name, item in form.fields.items()}
        boxes = {name for name, widget in widgets.items() if isinstance(widget, BOXES)}
        found = {
            name for name, widget in widgets.items() if name not in boxes and not _omitted(widget, self.data, name)
        } | {name for name in boxes if name in self.data}
        return found | boxes if found else set()


def _omitted(widget: forms.Widget, data: QueryDict, name: str) -> bool:
    return widget.value_omitted_from_data(data, MultiValueDict(), name)


typed: ContextVar[Typed | None] = ContextVar("typed", default=None)
