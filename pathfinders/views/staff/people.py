"""People and their roles: invite, give, end, erase. For programme administrators."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.views.generic import TemplateView

from pathfinders.forms.people import EndForm, EraseForm, InviteForm, RoleForm
from pathfinders.views.access import StaffOnly
from pathfinders.views.steps import StepPage
from registry import clock
from registry.actions import end_role, erase_person, grant_role, invite_user
from registry.authorization import ROLES, Permission
from registry.filters import CheckedFilters
from registry.models import RoleGrant, User
from registry.models.user import SYSTEM_REF
from registry.pages.tables import Column, ListPage
from registry.timeline import last_day

PEOPLE = ("People", "/staff/users/")
STATES = {"active": ("Active", "green"), "closed": ("Cannot sign in", "grey"), "erased": ("Erased", "grey")}


class Administrator(StaffOnly):
    permission = Permission.MANAGE_USERS


class PeopleFilters(CheckedFilters):
    q = django_filters.CharFilter(label="Name, address or reference", method="search")
    role = django_filters.ChoiceFilter(
        label="Role today", choices=[(key, role.name) for key, role in ROLES.items()], method="by_role"
    )

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        text = value.strip()
        return rows.filter(Q(name__icontains=text) | Q(email__icontains=text) | Q(ref__iexact=text))

    def by_role(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        holding = RoleGrant.objects.filter(role=value, period__contains=clock.today())
        return rows.filter(pk__in=holding.values("user"))


class People(Administrator, ListPage):
    title = "People"
    noun = ("person", "people")
    template_name = "staff/people.html"
    filterset_class = PeopleFilters
    key = "ref"
    default_order = ("name",)
    columns = (
        Column("name", "Name", href="/staff/users/{ref}/", show=lambda person: str(person), sort="name"),
        Column("email", "E-mail address", sort="email"),
        Column("ref", "Reference"),
        Column("held", "Roles today", show=lambda person: roles_of(person), empty="None"),
        Column("state", "State", kind="tag", tags=STATES, show=lambda person: state(person)),
    )

    def get_queryset(self) -> QuerySet[User]:
        today = RoleGrant.objects.filter(period__contains=clock.today()).order_by("pk")
        return accounts().prefetch_related(Prefetch("grants", today, to_attr="held"))


def accounts() -> QuerySet[User]:
    """Everybody but the register itself. Only administrators read this."""
    return User.objects.exclude(ref=SYSTEM_REF)


def _grants() -> Prefetch:
    return Prefetch("grants", RoleGrant.objects.order_by("pk"))


def roles_of(person: Any) -> str:
    """The roles in `held`; the first administrator's too."""
    return ", ".join(["Administrator of this installation"] * person.is_superuser + [str(g) for g in person.held])


def state(person: User) -> str:
    if person.erased_at:
        return "erased"
    return "active" if person.is_active else "closed"


class OnePerson(Administrator):
    """Mixin: `self.person`, named by the address."""

    @cached_property
    def person(self) -> User:
        found = accounts().prefetch_related(_grants()).filter(ref=self.kwargs["ref"]).first()  # type: ignore[attr-defined]
        if found is None:
            raise Http404("There is no person of that reference. People are listed under “People”.")
        return found

    @property
    def href(self) -> str:
        return f"/staff/users/{self.person.ref}/"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [PEOPLE, (str(self.person), self.href)]

    @property
    def back(self) -> tuple[str, str]:
        return ("Cancel", self.href)

    def get_success_url(self) -> str:
        return self.href


class PersonPage(OnePerson, TemplateView):
    template_name = "staff/person.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, today = self.person, clock.today()
        grants = [
            {
                "grant": g,
                "first": g.period.lower,
                "last": last_day(g.period.upper) if g.period.upper else None,
                "open": g.period.upper is None or g.period.upper > today,
            }
            for g in person.grants.all()
            if not g.period.isempty
        ]
        return super().get_context_data(
            title=str(person),
            crumbs=[PEOPLE],
            person=person,
            state_tag=STATES[state(person)],
            grants=grants,
            is_me=person.pk == self.request.user.pk,
            **kwargs,
        )


class Invite(Administrator, StepPage):
    title = "Invite a person"
    button = "Send the invitation"
    form_class = InviteForm
    back = ("Cancel", "/staff/users/")
    crumbs = (PEOPLE,)
    done = "The invitation is on its way"

    def act(self, form: Any) -> None:
        """The account and its first role, both or neither."""
        data, me = form.cleaned_data, self.request.user
        with transaction.atomic():
            self.person = invite_user(by=me, email=data["email"], name=data["name"])  # type: ignore[arg-type]
            if data["role"]:
                grant_role(by=me, user=self.person, role=data["role"], ref=data["ref"])  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return f"/staff/users/{self.person.ref}/"


class GiveRole(OnePerson, StepPage):
    title = "Give a role"
    button = "Give the role"
    form_class = RoleForm
    done = "The role was given"

    def act(self, form: Any) -> None:
        grant_role(by=self.request.user, user=self.person, **form.cleaned_data)  # type: ignore[arg-type]


class EndRole(OnePerson, StepPage):
    title = "End a role"
    template_name = "staff/end_role.html"
    button = "End the role today"
    warning = True
    form_class = EndForm
    done = "The role was ended"

    @cached_property
    def grant(self) -> RoleGrant:
        found = next((g for g in self.person.grants.all() if g.pk == self.kwargs["pk"]), None)
        if found is None:
            raise Http404("This person has no such role.")
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.person, grant=self.grant, **kwargs)

    def act(self, form: Any) -> None:
        end_role(by=self.request.user, grant=self.grant)  # type: ignore[arg-type]


class Erase(OnePerson, StepPage):
    title = "Erase a person’s details"
    template_name = "staff/erase.html"
    button = "Erase the details"
    warning = True
    form_class = EraseForm
    done = "The details were erased"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.person, **kwargs)

    def act(self, form: Any) -> None:
        erase_person(by=self.request.user, user=self.person, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
