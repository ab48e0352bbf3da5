"""The demonstration's outbox: whoever is signed in finds there the letters that went to them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe

from pathfinders.views.staff.records import MAIL_TAGS, fate, letter, moment
from registry.authorization import Permission, may
from registry.models import Mail
from registry.outbox import whole_body
from registry.pages.tables import Column, ListPage


class Outbox(ListPage):
    """What waits for a release is not shown to whom it is addressed (`Mail.visible_to`). Programme staff have the whole
    outbox among their own pages."""

    title = "Outbox"
    noun = ("letter", "letters")
    template_name = "area/outbox.html"
    paginate_by = 20
    default_order = ("-written_at",)
    columns = (
        Column("written_at", "Written", show=lambda mail: moment(mail.written_at)),
        Column("subject", "Letter", show=lambda mail: letter(mail, as_its_reader_has_it(mail))),
        Column("to", "To", empty="No address"),
        Column("state", "State", kind="tag", tags=MAIL_TAGS),
        Column("sent_at", "What became of it", show=lambda mail: fate(mail)),
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404("Letters are sent by e-mail. Programme staff find them in the outbox of their own pages.")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if may(request.user, Permission.SEE_CASEWORK):
            return HttpResponseRedirect("/staff/outbox/")
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Mail]:
        return Mail.objects.visible_to(self.request.user)


def as_its_reader_has_it(mail: Mail) -> SafeString:
    """The whole letter, its secret link filled in and every link there to follow, as a mail program shows it."""
    return mark_safe(urlize(whole_body(mail), autoescape=True))  # urlize escapes all but the links that it makes
