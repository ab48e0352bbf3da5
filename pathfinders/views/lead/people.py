"""Who leads a consortium and who deputises: named, ended and handed over by its lead."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404

from consortia.actions.posts import end_post, hand_over, name_deputy
from consortia.permissions import holders
from consortia.roles import ROLES
from pathfinders.forms.people import EndForm
from pathfinders.forms.posts import DeputyForm, SuccessorForm
from pathfinders.views.lead.kept import OwnConsortium
from pathfinders.views.steps import StepPage
from registry.authorization import Permission, objects_of
from registry.models import User

POST_WORDS = {"lead": "Lead", "deputy": "Deputy"}


class PostsPage(OwnConsortium, StepPage):
    @property
    def people_href(self) -> str:
        return f"{self.href}people/"

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Cancel", self.people_href)

    @property
    def crumbs(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [*super().crumbs, ("People", self.people_href)]

    def get_success_url(self) -> str:
        return self.people_href

    @cached_property
    def leads(self) -> bool:
        return self.consortium.ref in objects_of(self.request.user, "consortium_lead")  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            consortium=self.consortium, called=self.called, href=self.href, leads=self.leads, **kwargs
        )


class People(PostsPage):
    """Who they are, for each other; the lead names a deputy here."""

    title = "Lead and deputies"
    template_name = "lead/people.html"
    form_class = DeputyForm
    button = "Name as deputy"
    done = "The deputy was named, and told by mail"

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("", "")

    @property
    def crumbs(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return OwnConsortium.crumbs.fget(self)  # type: ignore[attr-defined]

    def act(self, form: Any) -> None:
        name_deputy(by=self.request.user, consortium=self.consortium, **form.cleaned_data)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = [
            {"person": person, "post": post, "word": POST_WORDS[post], "own": person.pk == self.request.user.pk}
            for post, role in sorted(ROLES.items(), reverse=True)
            for person in holders(role, self.consortium.ref)
        ]
        return super().get_context_data(people=people, **kwargs)


class HandOver(PostsPage):
    permission = Permission.NAME_DEPUTY
    title = "Hand over the lead"
    template_name = "lead/hand_over.html"
    form_class = SuccessorForm
    button = "Hand over the lead today"
    warning = True
    done = "The lead was handed over. Both of you were told by mail"

    def act(self, form: Any) -> None:
        told = {name: form.cleaned_data[name] for name in ("email", "name")}
        hand_over(by=self.request.user, consortium=self.consortium, **told)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return "/lead/"


class EndPost(PostsPage):
    title = "End a post"
    template_name = "lead/end_post.html"
    form_class = EndForm
    button = "End the post today"
    warning = True
    done = "The post was ended"

    @cached_property
    def held(self) -> User:
        post = self.kwargs["post"]
        found = holders(ROLES[post], self.consortium.ref) if post in ROLES else []
        person = next((p for p in found if p.ref == self.kwargs["person"]), None)
        if person is None or not (self.leads or person.pk == self.request.user.pk):
            raise Http404("Nobody of that reference holds this post today, or it is not yours to end.")
        return person

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = self.held.pk == self.request.user.pk
        return super().get_context_data(
            person=self.held, word=POST_WORDS[self.kwargs["post"]].lower(), own=own, **kwargs
        )

    def act(self, form: Any) -> None:
        end_post(by=self.request.user, consortium=self.consortium, person=self.held, post=self.kwargs["post"])  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return "/lead/" if self.held.pk == self.request.user.pk else self.people_href
