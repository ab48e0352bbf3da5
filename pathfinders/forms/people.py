"""The forms of a programme administrator's page of people."""

from __future__ import annotations

from django import forms

from registry.authorization import ROLES
from registry.pages.forms import DateField, Ui, WrittenField

ROLE_CHOICES = [(key, role.name) for key, role in ROLES.items()]
HELD_FOR = (
    "For a PCT lead, SHA assessor, practice manager or deputy: the code or reference, as 5LE, Q36, G85001 or GC0001. "
    "A consortium lead needs none before the first bid. Leave empty for the others."
)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=[("", "Choose a role"), *ROLE_CHOICES])
    ref = forms.CharField(label="Held for", help_text=HELD_FOR, max_length=20, required=False)
    start = DateField(label="First day", required=False, help_text="Leave empty for today.")

    ui = {"ref": Ui(width=10)}


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail address", help_text="The invitation goes there.", max_length=254)
    name = forms.CharField(label="Name", max_length=200, required=False)
    role = forms.ChoiceField(label="Role", choices=[("", "None yet"), *ROLE_CHOICES], required=False)
    ref = forms.CharField(label="Held for", help_text=HELD_FOR, max_length=20, required=False)

    ui = {"email": Ui(width=30), "name": Ui(width=30), "ref": Ui(width=10)}


class EraseForm(forms.Form):
    reason = WrittenField(
        label="Why",
        help_text="The case log keeps this with your name: do not name the person in it.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1_000,
    )
    sure = forms.BooleanField(label="I understand that this cannot be undone")


class EndForm(forms.Form):
    """Nothing to fill in: the button is the answer."""
