"""The secret links of letters to practices: signed, never stored.

A question's link is the same however often it is mailed, since it signs the request's key and nonce and no time; its
life ends with the request's state, not with the signature. A key that was replaced still opens the links that it
signed as long as it stands in SECRET_KEY_FALLBACKS.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer

from consortia.models import ConfirmationRequest, MembershipAnswer
from registry.errors import Refused

LONGEST = 300
"""Characters of a token; a longer one is nothing of ours and is not looked at."""
NO_SUCH_LINK = (
    "This link is not one that the register made. It may have lost a part on its way: copy the whole of it from the "
    "letter into the address line, or write the code of a printed letter into the page for it."
)


def _question() -> Signer:
    return Signer(salt="consortia.links.question", sep=".")


def _answer() -> Signer:
    return Signer(salt="consortia.links.answer", sep=".")


def token_of(request: ConfirmationRequest) -> str:
    """What opens the page on which the question is answered."""
    return _question().sign_object([request.pk, request.nonce])


def back_token_of(answer: MembershipAnswer) -> str:
    """What opens the page on which an answer is taken back; only its receipt has it."""
    return _answer().sign_object([answer.pk])


def request_of(token: str) -> ConfirmationRequest:
    """The question that a link is to, in whatever state. Raises Refused (404) for what the register did not sign."""
    told = _read(_question(), token)
    if isinstance(told, list) and len(told) == 2:
        found = ConfirmationRequest.objects.select_related("practice", "consortium", "transfer").filter(
            pk=told[0], nonce=told[1]
        )
        if request := found.first():
            return request
    raise no_such_link()


def answer_of(token: str) -> MembershipAnswer:
    """The answer that a receipt's link is to. Raises Refused (404) for what the register did not sign."""
    told = _read(_answer(), token)
    if isinstance(told, list) and len(told) == 1:
        rows = MembershipAnswer.objects.select_related("practice", "consortium", "request", "entry")
        if answer := rows.filter(pk=told[0]).first():
            return answer
    raise no_such_link()


def no_such_link() -> Refused:
    return Refused("no_such_link", NO_SUCH_LINK, status=404)


def question_path(request: ConfirmationRequest) -> str:
    return f"/answer/{token_of(request)}/"


def back_path(answer: MembershipAnswer) -> str:
    return f"/answer/{back_token_of(answer)}/back/"


def about_question(request: ConfirmationRequest) -> str:
    """What a letter with a question's link is about, in the outbox."""
    return f"question:{request.pk}"


def about_answer(answer: MembershipAnswer) -> str:
    """What a receipt with the way back is about, in the outbox."""
    return f"answer:{answer.pk}"


def link_of(about: str) -> str | None:
    """The secret link of a letter, filled in as it is sent or shown to its reader (registry.outbox)."""
    kind, _, key = about.partition(":")
    if not (key.isascii() and key.isdigit()):
        return None
    if kind == "question":
        request = ConfirmationRequest.objects.filter(pk=key).first()
        return settings.PUBLIC_URL + question_path(request) if request else None
    if kind == "answer":
        answer = MembershipAnswer.objects.filter(pk=key).first()
        return settings.PUBLIC_URL + back_path(answer) if answer else None
    return None


def _read(signer: Signer, token: str) -> Any:
    if len(token) > LONGEST:
        return None
    try:
        return signer.unsign_object(token)
    except BadSignature:
        return None
