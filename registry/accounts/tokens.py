"""/accounts/tokens/: one's own API tokens, made for a part of what one may do, shown once, revoked."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator

from registry import clock
from registry.actions import make_token, revoke_token
from registry.actions.tokens import MOST_DAYS
from registry.errors import Refused
from registry.models import ApiToken
from registry.pages.forms import Ui, add_refusal, long_date
from registry.pages.tables import Column, Table
from registry.pages.views import FormPage
from registry.scopes import SENTENCES, Scope

DAYS = 90
CHOICES = [(scope.value, f"{scope.value.capitalize()}: {SENTENCES[scope]}") for scope in Scope]


class TokenForm(forms.Form):
    name = forms.CharField(label="Name", help_text="Which system uses it, as “Our practice system”.", max_length=80)
    scopes = forms.MultipleChoiceField(
        label="What it is for",
        help_text="It never does more than you may yourself at the time. Most systems that write need Read too.",
        choices=CHOICES,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ.value],
    )
    days = forms.IntegerField(
        label="Days until it expires",
        help_text=f"1 to {MOST_DAYS}.",
        min_value=1,
        max_value=MOST_DAYS,
        initial=DAYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    ui = {"name": Ui(width=30), "days": Ui(width=4)}


class RevokeForm(forms.Form):
    """Nothing to fill in: the button is the answer."""


COLUMNS = (
    Column("name", "Name"),
    Column("scopes", "For"),
    Column("made", "Made"),
    Column("used", "Last used", empty="Never"),
    Column("expires", "Expires"),
    Column("revoke", "Revoke", href="{pk}/revoke/", show=lambda row: f"Revoke {row['name']}"),
)


@method_decorator(reauthentication_required(allow_get=True), name="dispatch")
class Tokens(FormPage):
    """One's tokens, and the form that makes another: whoever has not just signed in proves first who they are, as for
    the second step."""

    template_name = "account/tokens.html"
    form_class = TokenForm
    http_method_names = ["get", "head", "post", "options"]

    def form_valid(self, form: Any) -> HttpResponse:
        user: Any = self.request.user
        told = form.cleaned_data
        try:
            token = make_token(by=user, **told)
        except Refused as refused:
            add_refusal(form, refused)
            return self.render_to_response(self.get_context_data(form=form), status=refused.status)
        last = long_date(clock.london_date(clock.real_now() + timedelta(days=told["days"])))
        context = {"title": "Your token", "token": token, "name": told["name"], "last": last, "crumbs": CRUMBS}
        return render(self.request, "account/token_made.html", context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [_row(token) for token in ApiToken.objects.visible_to(self.request.user).select_related("token")]
        table = Table(COLUMNS, rows, "Your tokens", caption_spoken=True) if rows else None
        return super().get_context_data(title="API tokens", table=table, button="Make the token", **kwargs)


def _row(token: ApiToken) -> dict[str, Any]:
    expiry = token.token.expiry
    return {
        "pk": token.pk,
        "name": str(token),
        "scopes": ", ".join(token.scopes),
        "made": long_date(clock.london_date(token.made_at)),
        "used": long_date(clock.london_date(token.used_at)) if token.used_at else None,
        "expires": ("Has expired" if expiry < clock.real_now() else long_date(clock.london_date(expiry)))
        if expiry
        else None,
    }


CRUMBS = [("API tokens", "/accounts/tokens/")]


class RevokeToken(FormPage):
    template_name = "account/revoke_token.html"
    form_class = RevokeForm

    @cached_property
    def token(self) -> ApiToken:
        found = ApiToken.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404("There is no such token of yours (any more).")
        return found

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        revoke_token(by=user, token=self.token)
        messages.success(self.request, "The token was revoked")

    def get_success_url(self) -> str:
        return reverse("account_tokens")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title="Revoke a token",
            token=self.token,
            button="Revoke the token",
            warning=True,
            back=("Keep it", reverse("account_tokens")),
            crumbs=CRUMBS,
            **kwargs,
        )
