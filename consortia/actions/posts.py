"""Who leads a consortium and who deputises: a fact of the register and a role, given and ended together.

Facts hold a person's reference, never a name. Access ends with the post, on the same day.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from consortia.models import Consortium, ConsortiumParticulars, Post
from consortia.roles import POSTS, ROLES
from registry import clock, journal, outbox
from registry.actions.people import account_for
from registry.actions.roles import cut
from registry.authorization import Permission, require
from registry.casework import step
from registry.errors import Refused, not_allowed, wrong_state
from registry.journal import Writer
from registry.models import EntryKind, RoleGrant, User
from registry.moment import Moment

WORDS = {"lead": "the lead", "deputy": "a deputy"}
TAKEN_UP = """Dear {name},

You are {post} of {consortium} from {day}, in the place that {by} gave you. You keep the list of its practices:

{url}

If you did not expect this, write to {by} or to the programme."""
LEFT = """Dear {name},

You are no longer {post} of {consortium} from {day}, and cannot open its pages any more. {why}

If you did not expect this, write to the programme."""


def name_deputy(*, by: User, consortium: Consortium, email: str, name: str = "") -> User:
    """The person of this address is a deputy from today: an account is made, and they are invited, where there is none.

    Raises Refused: 403 but for a lead of the consortium; 422 for what is no address; 409 for who keeps it already.
    """
    with _changing(by, consortium, "name_deputy", "A deputy was named.") as entry:
        person = _somebody(email, name)
        if held := _posts_of(person, consortium):
            raise wrong_state(f"{person} is {WORDS[held[0]]} of {consortium.ref} already.")
        _take_up(entry, by, consortium, person, "deputy")
    return person


def end_post(*, by: User, consortium: Consortium, person: User, post: str = "deputy") -> None:
    """The person does not hold the post, nor the role, from today on: ended by a lead, or given up by its holder.

    Raises Refused: 403; 409 where they do not hold it, or are the last lead, who hands over instead.
    """
    if post not in ROLES:
        raise Refused("bad_post", f"There is no post “{post}”; there are {', '.join(ROLES)}.", field="post")
    own = by.pk == person.pk
    with _changing(by, consortium, "end_post", "A post was ended.", only_leads=not own) as entry:
        if post not in _posts_of(person, consortium):
            raise wrong_state(f"{person} is not {WORDS[post]} of {consortium.ref} any more.")
        if post == "lead" and len(_grants(consortium, "lead")) == 1:
            raise wrong_state(
                f"{person} is the last lead of {consortium.ref}. Hand over the lead: then somebody keeps its list."
            )
        _leave(entry, consortium, person, post)
        if not own:
            _tell(person, consortium, "is not your post any more", LEFT, post=post, why=f"{by} ended the post.")


def hand_over(*, by: User, consortium: Consortium, email: str, name: str = "") -> User:
    """The person of this address leads from today in the place of `by`, who keeps no post. Both are told.

    A deputy who takes the lead is no deputy any more. Raises Refused: 403; 422; 409 for who leads already.
    """
    with _changing(by, consortium, "hand_over", "The lead was handed over.") as entry:
        person = _somebody(email, name)
        held = _posts_of(person, consortium)
        if person.pk == by.pk or "lead" in held:
            raise wrong_state(f"{person} leads {consortium.ref} already. Give somebody else’s address.")
        for post in held:
            _leave(entry, consortium, person, post)
        _leave(entry, consortium, by, "lead")
        _take_up(entry, by, consortium, person, "lead")
        _tell(by, consortium, "has another lead", LEFT, post="lead", why=f"You handed it over to {person}.")
    return person


@contextmanager
def _changing(
    by: User, consortium: Consortium, action: str, reason: str, *, only_leads: bool = True
) -> Iterator[Writer]:
    """One transaction of facts and roles; who may is looked at again under the lock."""
    require(by, Permission.NAME_DEPUTY if only_leads else Permission.KEEP_MEMBERSHIP)
    with (
        step(by=by, action=action, consortium=consortium.ref),
        journal.entry(by=by, action=action, kind=EntryKind.EVENT, reason=reason) as entry,
    ):
        if only_leads and "lead" not in _posts_of(by, consortium):
            raise not_allowed(f"Only a lead of {consortium.ref} may do this.")
        yield entry


def _somebody(email: str, name: str) -> User:
    person, _ = account_for(email=email, name=name)
    if not person.is_active:
        raise wrong_state("Nobody can sign in with this address. Give another, or ask a programme administrator.")
    return person


def _grants(consortium: Consortium, post: str) -> list[RoleGrant]:
    """Who holds the post's role today; closed accounts hold none."""
    held = RoleGrant.objects.select_for_update(of=("self",)).filter(
        role=ROLES[post], object_ref=consortium.ref, period__contains=clock.today(), user__is_active=True
    )
    return list(held.order_by("pk"))


def _posts_of(person: User, consortium: Consortium) -> list[str]:
    """The posts that the person holds today, by their roles."""
    return [post for post in ROLES if any(g.user_id == person.pk for g in _grants(consortium, post))]


def _take_up(entry: Writer, by: User, consortium: Consortium, person: User, post: str) -> None:
    today = clock.today()
    RoleGrant.objects.create(
        user=person,
        role=ROLES[post],
        object_kind="consortium",
        object_ref=consortium.ref,
        period=(today, None),
        given_by=by.ref,
    )
    entry.set(Post, (consortium.pk, post, person.ref), today, None, ())
    _tell(person, consortium, f"made you {WORDS[post]}", TAKEN_UP, post=post, by=str(by))


def _leave(entry: Writer, consortium: Consortium, person: User, post: str) -> None:
    today = clock.today()
    for grant in _grants(consortium, post):
        if grant.user_id == person.pk:
            cut(grant, today)
    entry.clear(Post, (consortium.pk, post, person.ref), today, None)


def _tell(person: User, consortium: Consortium, what: str, body: str, *, post: str, **more: str) -> None:
    if not person.email:
        return
    names = ConsortiumParticulars.objects.at(Moment.now()).filter(consortium=consortium).values_list("name", flat=True)
    called = f"{names.first() or consortium.ref} ({consortium.ref})"
    told = body.format(
        name=person.name or person.email,
        post=WORDS[post],
        consortium=called,
        day=f"{clock.today():%-d %B %Y}",
        url=f"{settings.PUBLIC_URL}/lead/consortia/{consortium.ref}/",
        **more,
    )
    outbox.post(to=person, subject=f"{called} {what}"[:200], body=told, about=consortium.ref)


__all__ = ["POSTS", "end_post", "hand_over", "name_deputy"]
