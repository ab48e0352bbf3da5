"""People are invited, and their details erased; what they did stays (architecture.md section 2)."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from knox.models import AuthToken

from registry import clock, journal, outbox
from registry.actions.checks import require_reason
from registry.actions.roles import end_all_roles
from registry.authorization import Permission
from registry.casework import step
from registry.collected import collected
from registry.errors import Refused, wrong_state
from registry.models import KeptAnswer, Mail, MailState, User

INVITATION = """Hello{name},

You have been given an account at {service}: {url}

To sign in, open {code_page} and give this address, {email}. You will be sent a code. Once signed in
you can set a password at {password_page}.

If you did not expect this, do nothing: without the code nobody can sign in.
"""


def invite_user(*, by: User, email: str, name: str = "") -> User:
    """An account for an address, and a letter that says how to sign in (with a mailed code: no secret is sent).

    Raises Refused: 403; 422 for what is not an address; 409 where somebody has it.
    """
    with step(by=by, action="invite_user", permission=Permission.MANAGE_USERS):
        user, made = account_for(email=email, name=name)
        if not made:
            raise Refused("known_email", f"{user.email} has an account already.", field="email", status=409)
    return user


def account_for(*, email: str, name: str = "") -> tuple[User, bool]:
    """Within another step: the account of an address, and whether it was made for it, and its holder invited.

    Whether the person acting may do so is that step's business. Raises Refused (422) for what is not an address.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("bad_email", f"“{email[:80]}” is not an e-mail address.", field="email") from None
    # The lock makes two inviters of one address wait for each other; the loser finds the account.
    User.objects.select_for_update().get(pk=User.objects.system().pk)
    known = User.objects.filter(email=email).first()
    if known is not None:
        return known, False
    user = User.objects.create_user(email, name=name.strip()[:200])
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    told = INVITATION.format(
        name=f" {user.name}" if user.name else "",
        service=settings.SERVICE_NAME,
        url=settings.PUBLIC_URL,
        code_page=settings.PUBLIC_URL + reverse("account_request_login_code"),
        password_page=settings.PUBLIC_URL + reverse("account_set_password"),
        email=email,
    )
    outbox.post(to=user, subject=f"Your account at {settings.SERVICE_NAME}", body=told, about="invitation")
    return user, True


def erase_person(*, by: User, user: User, reason: str) -> None:
    """Blank a person's details and end all by which they could come in; journal, facts and case log keep the
    reference, and the case log keeps who erased and why. Raises Refused.
    """
    reason = require_reason(reason, "reason")
    with step(by=by, action="erase_person", permission=Permission.MANAGE_USERS, reason=reason, person=user.ref):
        journal.lock()  # before any row: posts may end with the roles, and whoever writes facts takes it first
        held = User.objects.select_for_update().get(pk=user.pk)
        if held.is_system:
            raise wrong_state("The register itself is not a person; its account stays.")
        if held.pk == by.pk:
            raise wrong_state("You cannot erase yourself: ask another programme administrator.")
        if held.erased_at is not None:
            raise wrong_state(f"The details of {held.ref} have been erased already.")
        end_all_roles(held, by=by)
        _close_doors(held)
        _blank_letters(held)
        for _, erase in collected("erasing", "erase"):
            erase(held)
        held.email, held.name = None, ""
        held.is_active = held.is_staff = held.is_superuser = False
        held.erased_at = clock.real_now()
        held.set_unusable_password()
        held.save()


def _close_doors(user: User) -> None:
    """Addresses, tokens, kept answers, authenticators, foreign sign-ins and sessions go."""
    for model in (EmailAddress, AuthToken, KeptAnswer, Authenticator):
        model.objects.filter(user=user).delete()
    if apps.is_installed("allauth.socialaccount"):
        apps.get_model("socialaccount", "SocialAccount").objects.filter(user=user).delete()
    for session in Session.objects.all().iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def _blank_letters(user: User) -> None:
    letters = Mail.objects.select_for_update().filter(recipient=user.ref)
    letters.filter(state__in=(MailState.QUEUED, MailState.HELD)).update(
        state=MailState.FAILED, last_error="The person's details were erased."
    )
    letters.update(to="", subject="(erased)", body="")
