"""Whose form it is: a signed field beside the CSRF token of every form shown to a signed-in person.

A form that comes in after its session ended is given back to that person only (`registry.accounts.restore`).
"""

from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import QueryDict
from django.template import Context, Library
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

FIELD = "typed_by_secret"  # named so that it is never shown or kept (`registry.pages.resend`)
_signer = Signer(salt="registry.pages.typed_by")
register = Library()


def signed(ref: str) -> str:
    return _signer.sign(ref)


def read(data: QueryDict) -> str:
    """The ref of the person to whom the form was shown; "" where it does not say, or says it falsely."""
    try:
        return _signer.unsign(data.get(FIELD, ""))
    except BadSignature:
        return ""


class TokenAndPerson(CsrfTokenNode):
    def render(self, context: Context) -> str:
        token = super().render(context)
        user: Any = getattr(getattr(context, "request", None), "user", None)
        if not token or user is None or not user.is_authenticated:
            return token
        return token + format_html('<input type="hidden" name="{}" value="{}">', FIELD, signed(user.ref))


@register.tag
def csrf_token(parser: Any, token: Any) -> TokenAndPerson:
    """Django's own, and the person."""
    return TokenAndPerson()
