"""The design system's markup for any Django form, by Django's own renderer and bound field.

One template (`ui/field.html`) draws every kind of field; what it needs to know is worked out here, once.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

from registry.pages.typed import typed


@dataclass(frozen=True)
class Ui:
    """How one field looks. A form names those that differ: `ui = {"reasons": Ui(size="m", count=4000)}`.

    size    label or legend: "s", "m", "l", or "" for plain
    heading the label is the page's only heading (h1)
    width   characters, of a text input: 2, 3, 4, 5, 10, 20, 30
    prefix  e.g. "£"; suffix e.g. "patients"
    inline  radios side by side
    count   characters allowed, counted down beside the box; the limit itself is the field's `max_length`
    spoken  hide the label from sight (it is still read out), for a search box
    """

    size: str = ""
    heading: bool = False
    width: int = 0
    prefix: str = ""
    suffix: str = ""
    inline: bool = False
    count: int = 0
    spoken: bool = False


PLAIN = Ui()


def kind_of(widget: forms.Widget) -> str:
    """The branch of `ui/field.html` that draws this widget."""
    for cls, kind in _kinds():
        if isinstance(widget, cls):
            return kind
    return "input"


def _kinds() -> tuple[tuple[type[forms.Widget], str], ...]:
    from registry.pages.forms import DateParts

    return (
        (forms.CheckboxSelectMultiple, "checkboxes"),  # a subclass of the next, in Django
        (forms.RadioSelect, "radios"),
        (forms.CheckboxInput, "checkbox"),
        (DateParts, "date"),
        (forms.Select, "select"),
        (forms.Textarea, "textarea"),
        (forms.FileInput, "file"),
        (forms.PasswordInput, "password"),
    )


CLASSES = {
    "input": "nhsuk-input",
    "password": "nhsuk-input nhsuk-password-input__input",
    "textarea": "nhsuk-textarea",
    "select": "nhsuk-select",
    "file": "nhsuk-file-upload__input",
}


#: what a person is asked to do where a required field is empty; its label follows
ASKS = {
    "radios": "Select",
    "checkboxes": "Select",
    "select": "Select",
    "file": "Choose",
    "checkbox": "Tick the box:",
}


class DesignSystemField(BoundField):
    """A bound field that knows its kind, its looks, and where an error link must land."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        # Django makes the bound field before it cleans, so an empty field can name itself in its error.
        if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = f"{ASKS.get(self.kind, 'Enter')} {lower_first(str(self.label))}"

    @cached_property
    def kind(self) -> str:
        return kind_of(self.field.widget)

    @cached_property
    def ui(self) -> Ui:
        return getattr(self.form, "ui", {}).get(self.name, PLAIN)

    @property
    def first_id(self) -> str:
        """The id of the control that an error-summary link focuses."""
        if self.kind == "date":
            return f"{self.auto_id}_{self.bad_part}"
        if self.kind in ("radios", "checkboxes"):
            return f"{self.auto_id}_0"
        return self.field.widget.attrs.get("id") or self.auto_id

    @cached_property
    def bad_part(self) -> int:
        """0 day, 1 month, 2 year: the first part of a date that is wrong."""
        parts = self.bad_parts
        return parts[0] if parts else 0

    @cached_property
    def bad_parts(self) -> list[int]:
        if not self.errors:
            return []
        for error in self.form.errors[self.name].as_data():
            if error.params and "parts" in error.params:
                return list(error.params["parts"])
        return [0, 1, 2]

    @cached_property
    def date_parts(self) -> list[dict[str, Any]]:
        """The three inputs of a date, in order, ready for the template."""
        value = self.value()
        values = value if isinstance(value, list | tuple) else self.field.widget.decompress(value)
        names = (("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4))
        return [
            {
                "id": f"{self.auto_id}_{index}",
                "name": f"{self.html_name}_{key}",
                "label": label,
                "width": width,
                "value": values[index],
                "bad": index in self.bad_parts,
            }
            for index, (key, label, width) in enumerate(names)
        ]

    @cached_property
    def described_by(self) -> str:
        """Ids of hint, error and counter, for a fieldset."""
        ids = [f"{self.auto_id}_helptext"] if self.help_text else []
        if self.errors:
            ids.append(f"{self.auto_id}_error")
        if self.ui.count:
            ids.append(f"{self.auto_id}_count")
        return " ".join(ids)

    @property
    def aria_describedby(self) -> str | None:
        if self.field.widget.attrs.get("aria-describedby"):
            return None
        return self.described_by

    @property
    def options(self) -> list[dict[str, Any]]:
        """Radios or checkboxes: value, label, id, checked, hint (`hints = {field: {value: hint}}` on the form)."""
        hints = getattr(self.form, "hints", {}).get(self.name, {})
        return [
            {
                "id": item.data["attrs"]["id"],
                "value": item.data["value"],
                "label": item.data["label"],
                "checked": item.data["selected"],
                "disabled": item.data["attrs"].get("disabled"),
                "hint": hints.get(item.data["value"], hints.get(str(item.data["value"]), "")),
            }
            for item in self.subwidgets
        ]

    def value(self) -> Any:
        kept = typed.get()
        if kept is not None and not self.form.is_bound:
            value = kept.value(self)
            if value is not None:
                return self.field.prepare_value(value)
        return super().value()

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        # The browser's own bubbles are not read out well and differ by browser: the server answers instead.
        attrs.pop("required", None)
        # A placeholder goes when typing starts and is too pale to read: labels and hints say it instead.
        attrs["placeholder"] = False
        if self.kind in CLASSES:
            attrs["class"] = self._classes(self.field.widget.attrs.get("class", ""))
        if self.kind in ("radios", "checkboxes"):
            attrs.pop("aria-invalid", None)
        if self.ui.count:
            attrs["data-count"] = str(self.ui.count)
        return attrs

    def _classes(self, given: str) -> str:
        base = CLASSES[self.kind]
        parts = [base, f"nhsuk-{self.kind}--error" if self.errors and self.kind != "file" else "", given]
        if self.ui.width:
            parts.append(f"nhsuk-input--width-{self.ui.width}")
        return " ".join(part for part in parts if part)


def lower_first(words: str) -> str:
    """ "Practice codes" inside a sentence: practice codes; "PCT" and "I approve" stay."""
    return words if words[1:2].isupper() or words.startswith("I ") else words[:1].lower() + words[1:]


class DesignSystemRenderer(TemplatesSetting):
    """`FORM_RENDERER`: `{{ form }}` draws summary-less fields, `{{ field }}` one field."""

    form_template_name = "ui/form.html"
    formset_template_name = "ui/formset.html"
    field_template_name = "ui/field.html"
    bound_field_class = DesignSystemField
