"""Who was asked, who answered what and by what way; the buttons that ask and remind; where a practice is written to."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import TemplateView

from consortia.actions.asking import ask_elsewhere, ask_practices, remind, to_remind
from consortia.actions.contacts import name_contact
from consortia.models import MembershipWord, Origin, PracticeContact
from consortia.naming import place_of
from consortia.questions import Verdict
from pathfinders.forms.answering import ContactForm
from pathfinders.reads import asking as read
from pathfinders.views.lead.kept import KeeperOnly
from pathfinders.views.lead.parts.waiting import STATE_TAGS
from pathfinders.views.steps import StepPage
from registry import clock
from registry.actions.checks import said
from registry.authorization import Permission, may
from registry.pages.tables import Column, Table


class Asking(KeeperOnly, TemplateView):
    """Members by code, with what was asked and answered. A POST asks (`do=ask`) or reminds (`do=remind`)."""

    template_name = "lead/asking.html"

    @cached_property
    def members(self) -> list[read.Member]:
        return read.members(self.request.user, self.consortium)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.members
        self.reasons = MembershipWord.objects.labels()
        return super().get_context_data(
            title="Ask practices",
            crumbs=self.crumbs,
            consortium=self.consortium,
            group=self.group,
            tally=read.tally(found),
            to_ask=len(read.to_ask(found)),
            to_remind=to_remind(self.consortium).count(),
            without=len(read.without_address(found)),
            table=Table(self.columns(), found, "Members, and what they answered", caption_spoken=True),
            **kwargs,
        )

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("code", "Code", href="/practices/{code}/"),
            Column("place.name", "Practice"),
            Column("status", "Membership", kind="tag", tags=STATE_TAGS),
            Column("answer", "Answer", show=self.answer, empty="None"),
            Column("question", "Asked", show=self.asked),
            Column("address_words", "Address from", empty="No address"),
        )

    def answer(self, member: read.Member) -> SafeString | str:
        """Its day, its way, the reason and the words of the practice; a scan to read."""
        told = member.answer
        if told is None:
            return ""
        words = f"{told.get_answer_display()}, {said(told.answered_on)} ({told.get_how_display().lower()})"
        more = [self.reasons.get(told.reason, ""), f"“{told.text}”" if told.text else "", told.who]
        lines = format_html_join(mark_safe("<br>"), "{}", ((m,) for m in (words, *more) if m))
        if not told.document:
            return format_html("<div>{}</div>", lines)
        return format_html(
            '<div>{}<br><a class="nhsuk-link" href="/lead/consortia/{}/members/{}/paper/{}/">Scan'
            '<span class="nhsuk-u-visually-hidden"> of the paper of {}</span></a></div>',
            lines,
            self.consortium.ref,
            member.code,
            told.pk,
            member.code,
        )

    def asked(self, member: read.Member) -> SafeString | str:
        there = member.question.open
        base = f"/lead/consortia/{self.consortium.ref}/members/{member.code}"
        hidden = format_html('<span class="nhsuk-u-visually-hidden"> for {}</span>', member.code)
        words = "Not asked"
        if there is not None:
            again = f", reminded {said(there.reminded_on)}" if there.reminded_on else ""
            words = f"{said(there.asked_on)}{again}"
        elif member.question.verdict == Verdict.ANSWERED:
            words = "–"
        return format_html(
            '<div>{}<br><a class="nhsuk-link" href="{}/contact/">Address{}</a><br>'
            '<a class="nhsuk-link" href="{}/paper/">Signed paper{}</a></div>',
            words,
            base,
            hidden,
            base,
            hidden,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if request.POST.get("do") == "remind":
            count = remind(by=user, consortium=self.consortium)
            messages.success(request, f"{count} reminder{'' if count == 1 else 's'} sent, each with the link it had")
        else:
            count = len(ask_practices(by=user, consortium=self.consortium, practices=read.to_ask(self.members)))
            messages.success(request, f"{count} practice{'' if count == 1 else 's'} asked")
        return HttpResponseRedirect(self.asking_path)


class Contact(KeeperOnly, StepPage):
    """Where one member is written to, on the word of who keeps the membership."""

    template_name = "lead/contact.html"
    form_class = ContactForm
    title = "Address of a practice"
    button = "Save"
    done = "The address is saved"

    @property
    def origin(self) -> Origin:
        return Origin.STAFF if may(self.request.user, Permission.CHANGE_REGISTER) else Origin.LEAD

    def get_initial(self) -> dict[str, Any]:
        """The one that the user gave; never one that somebody else did."""
        rows = (
            PracticeContact.objects.visible_to(self.request.user)
            .current()
            .filter(
                practice=self.practice,
                origin=self.origin,
                consortium=self.consortium if self.origin == Origin.LEAD else None,
                given_by=self.request.user.pk,
            )
        )
        there = rows.first()
        return {"address": there.address, "name": there.name} if there else {"ask": True}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            crumbs=self.crumbs,
            back=("Back to asking", self.asking_path),
            practice=self.practice,
            place=place_of(self.practice, clock.today()),
            group=self.group,
            **kwargs,
        )

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        data = form.cleaned_data
        with transaction.atomic():
            name_contact(
                by=user,
                practice=self.practice,
                address=data["address"],
                name=data["name"],
                origin=self.origin,
                consortium=self.consortium if self.origin == Origin.LEAD else None,
            )
            if data["ask"]:
                ask_elsewhere(by=user, consortium=self.consortium, practice=self.practice)

    def get_success_url(self) -> str:
        return self.asking_path
