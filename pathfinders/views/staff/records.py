"""What staff look up: letters of the outbox, one that failed being tried again, and the journal's imports."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pathfinders.actions.embargo import Told
from pathfinders.letters_of_wave import waits_for
from pathfinders.views.access import StaffOnly
from pathfinders.views.staff.queue import unbroken
from pathfinders.views.steps import StepPage
from registry.actions import try_again
from registry.filters import CheckedFilters
from registry.models import Entry, EntryKind, Mail, MailState
from registry.outbox import body_for_staff
from registry.pages.tables import Column, ListPage

MAIL_TAGS = {
    MailState.HELD: ("Held", "yellow"),
    MailState.QUEUED: ("To be sent", ""),
    MailState.SENT: ("Sent", "green"),
    MailState.FAILED: ("Failed", "red"),
}


class MailFilters(CheckedFilters):
    state = django_filters.ChoiceFilter(label="State", choices=MailState.choices)
    about = django_filters.CharFilter(label="About (reference)", lookup_expr="iexact")
    held_for = django_filters.CharFilter(label="Held for, as wave-1", lookup_expr="iexact")


class Outbox(StaffOnly, ListPage):
    title = "Outbox"
    noun = ("letter", "letters")
    filterset_class = MailFilters
    default_order = ("-written_at",)
    columns = (
        Column(
            "written_at", "Written", sort="written", order_by="written_at", show=lambda mail: moment(mail.written_at)
        ),
        Column("subject", "Letter", show=lambda mail: letter(mail)),
        Column("to", "To", empty="No address"),
        Column(
            "about",
            "About",
            show=lambda mail: unbroken(mail.about),
            href=lambda mail: f"/staff/bids/{mail.about}/" if mail.about.startswith("BID-") else None,
        ),
        Column("state", "State", kind="tag", tags=MAIL_TAGS),
        Column("attempts", "Attempts", kind="number", sort="attempts"),
        Column("sent_at", "What became of it", show=lambda mail: fate(mail)),
    )

    def get_queryset(self) -> QuerySet[Mail]:
        return Mail.objects.visible_to(self.request.user)

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        paginator, page, self.letters, several = super().paginate_queryset(queryset, page_size)
        return paginator, page, self.letters, several

    def embargoed(self) -> Iterable[Told]:
        """Letters of decisions that wait for their wave stand here in full."""
        return [(waits_for(mail), mail.about) for mail in self.letters if mail.state == MailState.HELD]


class Imports(StaffOnly, ListPage):
    title = "Imports"
    noun = ("import", "imports")
    key = "number"
    default_order = ("-number",)
    columns = (
        Column("number", "Entry", kind="number", sort="number"),
        Column("at", "Recorded", show=lambda entry: moment(entry.at)),
        Column("action", "What", show=lambda entry: entry.action.replace("_", " ").capitalize()),
        Column("source", "From", show=lambda entry: source(entry)),
        Column("changes", "Facts opened and closed", kind="number", sort="changes"),
        Column("reason", "Why"),
    )

    def get_queryset(self) -> QuerySet[Entry]:
        return Entry.objects.visible_to(self.request.user).filter(kind=EntryKind.IMPORT)


def moment(at: Any) -> str:
    local = timezone.localtime(at)
    return f"{local.day} {local:%B %Y, %H:%M}"


def fate(mail: Mail) -> str:
    """When it was sent, what it waits for, or why it could not be sent; with the way to try it again."""
    if mail.sent_at and settings.DEMO:
        return "Sent"  # in real time, which beside story time would puzzle
    if mail.sent_at:
        return f"Sent {moment(mail.sent_at)}"
    if mail.state == MailState.HELD:
        return f"Waits for {mail.held_for.replace('-', ' ')}"
    if mail.state == MailState.FAILED:
        hidden = format_html('<span class="nhsuk-u-visually-hidden"> to send “{}”</span>', mail.subject)
        link = format_html('<a class="nhsuk-link" href="/staff/outbox/{}/again/">Try again{}</a>', mail.pk, hidden)
        return format_html("<div>Given up: {}<br>{}</div>", mail.last_error, link)
    if mail.last_error:
        return f"Failed: {mail.last_error}. It is tried again {moment(mail.next_attempt_at)}"
    return "Waits for the worker"


class TryAgain(StaffOnly, StepPage):
    title = "Try to send a letter again"
    template_name = "staff/try_again.html"
    form_class = forms.Form
    button = "Try again"
    done = "The letter was put back into the outbox, and goes with the next round of the worker"
    back = ("Cancel", "/staff/outbox/?state=failed")
    crumbs = (("Outbox", "/staff/outbox/"),)

    @cached_property
    def mail(self) -> Mail:
        found = Mail.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404("There is no such letter. They are listed under “Outbox”.")
        return found

    def act(self, form: Any) -> None:
        try_again(by=self.request.user, mail=self.mail)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return f"/staff/outbox/?about={self.mail.about}" if self.mail.about else "/staff/outbox/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(mail=self.mail, **kwargs)


def letter(mail: Mail, body: SafeString | str | None = None) -> str:
    """The subject, and the whole letter one click away; without `body`, as staff see it."""
    return format_html(
        '<details class="nhsuk-details site-letter"><summary class="nhsuk-details__summary">'
        '<span class="nhsuk-details__summary-text">{}</span></summary>'
        '<div class="nhsuk-details__text site-written">{}</div></details>',
        mail.subject,
        body_for_staff(mail) if body is None else body,
    )


def source(entry: Entry) -> str:
    """The file's name, and its vintage or quarter where the journal holds one."""
    told = entry.source if isinstance(entry.source, dict) else {}
    names = ("file", "name", "vintage", "quarter")
    return ", ".join(str(told[name]) for name in names if told.get(name))
