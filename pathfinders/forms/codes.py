"""The forms of codes and of the days on which a body operated. Rules are the actions'."""

from __future__ import annotations

from typing import Any

from django import forms

from pathfinders.forms.change import ANY_DAY, why
from practices.models import Scheme, Standing
from registry.pages.forms import DateField, Ui


class GiveCodeForm(forms.Form):
    scheme = forms.ChoiceField(label="Whose code is it?", choices=Scheme.choices, widget=forms.RadioSelect)
    value = forms.CharField(label="Code", max_length=40)
    standing = forms.ChoiceField(label="How sure is it?", choices=Standing.choices, widget=forms.RadioSelect)
    on = DateField(label="From which day", help_text=ANY_DAY)
    why = why()
    ui = {"scheme": Ui(size="s"), "value": Ui(width=10), "standing": Ui(size="s"), "on": Ui(size="s")}

    def told(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class OneCodeForm(forms.Form):
    """Mixin: one of the codes that there are, `scheme:value`."""

    def __init__(self, *args: Any, codes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = codes  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        scheme, _, value = data.pop("code").partition(":")
        return {"scheme": scheme, "value": value, **data}


class ConfirmCodeForm(OneCodeForm):
    code = forms.ChoiceField(label="Which code?", widget=forms.RadioSelect)
    on = DateField(label="Confirmed from which day", help_text=ANY_DAY)
    why = why()
    ui = {"code": Ui(size="s"), "on": Ui(size="s")}


class EndCodeForm(OneCodeForm):
    code = forms.ChoiceField(label="Which code?", widget=forms.RadioSelect)
    last_day = DateField(
        label="Its last day",
        help_text="Leave empty where it never was its code: the register is then corrected.",
        required=False,
    )
    why = why()
    ui = {"code": Ui(size="s"), "last_day": Ui(size="s")}


class OperationForm(forms.Form):
    start = DateField(
        label="First day on which it operated",
        help_text="Leave both empty to take back what is recorded.",
        required=False,
    )
    last_day = DateField(
        label="Last day on which it operated",
        help_text="It may come after its legal end. Leave empty where none is known.",
        required=False,
    )
    why = why()
    ui = {"start": Ui(size="s"), "last_day": Ui(size="s")}

    def told(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
