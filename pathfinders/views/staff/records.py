"""What staff look up: letters of the outbox, and the journal's imports. Read only."""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html

from pathfinders.views.access import StaffOnly
from pathfinders.views.staff.queue import unbroken
from registry.models import Entry, EntryKind, Mail, MailState
from registry.pages.tables import Column, ListPage

MAIL_TAGS = {
    MailState.HELD: ("Held", "yellow"),
    MailState.QUEUED: ("To be sent", ""),
    MailState.SENT: ("Sent", "green"),
    MailState.FAILED: ("Failed", "red"),
}


class MailFilters(django_filters.FilterSet):
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
        Column("sent_at", "What became of it", show=lambda mail: fate(mail)),
    )

    def get_queryset(self) -> QuerySet[Mail]:
        return Mail.objects.visible_to(self.request.user)


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
    """When it was sent, what it waits for, or why it could not be sent."""
    if mail.sent_at and settings.DEMO:
        return "Sent"  # in real time, which beside story time would puzzle
    if mail.sent_at:
        return f"Sent {moment(mail.sent_at)}"
    if mail.state == MailState.HELD:
        return f"Waits for {mail.held_for.replace('-', ' ')}"
    return f"{mail.attempts} attempts: {mail.last_error}" if mail.last_error else "Waits for the worker"


def letter(mail: Mail) -> str:
    """The subject, and the whole letter one click away."""
    return format_html(
        '<details class="nhsuk-details site-letter"><summary class="nhsuk-details__summary">'
        '<span class="nhsuk-details__summary-text">{}</span></summary>'
        '<div class="nhsuk-details__text site-written">{}</div></details>',
        mail.subject,
        mail.body,
    )


def source(entry: Entry) -> str:
    """The file's name, and its vintage or quarter where the journal holds one."""
    told = entry.source if isinstance(entry.source, dict) else {}
    names = ("file", "name", "vintage", "quarter")
    return ", ".join(str(told[name]) for name in names if told.get(name))
