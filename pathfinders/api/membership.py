"""Memberships for the systems of leads, practices and programme staff: read with their version, and changed by the
pages' own actions.

`consortia/REF/membership/` is a lead's, `practices/CODE/membership/` a practice manager's, and both programme staff's.
What is read has a version, the newest entry that touched it, as its ETag; a step that writes facts takes it as If-Match
and compares it under the journal's lock, so that nobody changes what they have not seen: 412 where it moved on.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import transaction
from django.http import Http404, HttpResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from consortia.models import Consortium
from consortia.permissions import keeps, manages
from pathfinders.api.membership_bodies import ConsortiumKept, PracticeKept
from pathfinders.api.membership_steps import OF_CONSORTIUM, OF_PRACTICE, Step, may_take
from pathfinders.reads.standing import Target, of_consortium, of_practice, version_of
from practices.models import Practice
from registry import journal
from registry.api import caching, writes
from registry.api.schema import envelope
from registry.api.views import ResourceView
from registry.authorization import Permission, may
from registry.errors import not_allowed, stale
from registry.models import Entry
from registry.moment import Moment
from registry.scopes import Scope


class ConsortiumDone(Serializer):
    entry = serializers.IntegerField(allow_null=True, help_text="The journal's entry, where the step wrote one")
    result = ConsortiumKept()


class PracticeDone(Serializer):
    entry = serializers.IntegerField(allow_null=True, help_text="The journal's entry, where the step wrote one")
    result = PracticeKept()


class Kept(ResourceView):
    """What stands of a membership, for who keeps it."""

    dated = False
    kept: ClassVar[type[Serializer]]

    def described(self) -> Serializer:
        return envelope(self.kept.__name__, self.kept, paged=False, dated=False)

    def answer(self, moment: Moment, form: str) -> HttpResponse:
        target = found(self.request.user, self.kwargs)
        require_reader(self.request.user, target)
        return told(self.request, target)


class ConsortiumMembership(Kept):
    """The members of a consortium, today's and those to come, and what waits for an answer: for its lead and deputies,
    and programme staff. The ETag is what a step takes as If-Match."""

    kept = ConsortiumKept


class PracticeMembership(Kept):
    """Where a practice belongs, on every day: for its manager, and programme staff. The ETag is what a step takes as
    If-Match."""

    kept = PracticeKept


class TakeStep(writes.WriteView):
    """One step on the membership of a consortium or of a practice."""

    step: ClassVar[Step]
    scope = Scope.MEMBERSHIP
    schema = writes.WriteSchema()
    tag: ClassVar[str]
    done: ClassVar[type[Serializer]]

    @property
    def operation(self) -> str:
        return f"{self.tag}_membership_{self.step.name}"

    @property
    def versioned(self) -> bool:
        return self.step.versioned

    @property
    def body(self) -> type[Serializer]:
        return self.step.body

    def answers(self) -> dict[Any, Any]:
        return writes.answered(self.done)

    def act(self, request: Request, **kwargs: Any) -> HttpResponse:
        target, user = found(request.user, kwargs), request.user
        self.step.who(user, target)  # type: ignore[arg-type]  # signed in
        given = writes.understood(self.step.body, request)
        seen = writes.version_of(request) if self.versioned else None
        with transaction.atomic():
            if seen is not None:
                require_seen(target, seen)
            entry = self.step.act(by=user, of=target, **given)
            return told(request, target, entry=entry, done=True)


def require_seen(target: Target, seen: int) -> None:
    """In the open transaction, under the journal's lock from here on: raise Refused (412) unless this is what was
    read."""
    journal.lock()
    now = version_of(target)
    if now != seen:
        raise stale(
            f"This membership has changed since you read it: its version is {now}, not {seen}. Read it again, then say "
            "what to do."
        )


def found(user: Any, kwargs: dict[str, str]) -> Target:
    ref, code = kwargs.get("ref", ""), kwargs.get("code", "")
    target: Target | None = None
    if ref and "\x00" not in ref:
        target = Consortium.objects.visible_to(user).filter(ref=ref.upper()).first()
    if code and "\x00" not in code:
        target = Practice.objects.visible_to(user).filter(code=code.upper()).first()
    if target is None:
        raise Http404(f"“{(ref or code)[:40]}” is not in the register.")
    return target


def require_reader(user: Any, target: Target) -> None:
    """Whoever may take a step on it."""
    own = keeps(user, target) if isinstance(target, Consortium) else manages(user, target)
    if not (own or may(user, Permission.CHANGE_REGISTER)):
        raise not_allowed("This is for who keeps this membership. What is public of it is at /api/v1/memberships/.")


def told(request: Any, target: Target, *, entry: Entry | None = None, done: bool = False) -> HttpResponse:
    """What stands now, its version as the ETag."""
    user = request.user
    standing = of_consortium(user, target) if isinstance(target, Consortium) else of_practice(user, target)
    steps = OF_CONSORTIUM if isinstance(target, Consortium) else OF_PRACTICE
    standing["allowed_actions"] = [step.name for step in steps if may_take(step, user, target)]
    body = ({"entry": entry.number if entry else None} if done else {}) | {"result": standing}
    response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/json")
    response["ETag"] = f'"{standing["version"]}"'
    return caching.dress(response, request, None)  # type: ignore[return-value]


def step_views(steps: tuple[Step, ...], tag: str, done: type[Serializer]) -> list[tuple[str, Any]]:
    """A view of its own for each step, so that the description names its body."""
    return [
        (
            step.name,
            type(
                f"Take_{tag}_{step.name}",
                (TakeStep,),
                {"step": step, "tag": tag, "done": done, "largest": step.largest, "__doc__": f"{step.words}."},
            ).as_view(),  # type: ignore[attr-defined]
        )
        for step in steps
    ]


def consortium_steps() -> list[tuple[str, Any]]:
    return step_views(OF_CONSORTIUM, "consortia", ConsortiumDone)


def practice_steps() -> list[tuple[str, Any]]:
    return step_views(OF_PRACTICE, "practices", PracticeDone)
