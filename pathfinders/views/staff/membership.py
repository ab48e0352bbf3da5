"""Staff's page of one practice: its membership, parents, addresses and answers, and the steps that change them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import TemplateView

from consortia.models import LeftOut, MembershipAnswer, PracticeContact
from consortia.words import label_of
from pathfinders.views import member_history
from pathfinders.views.public.history import body_name
from pathfinders.views.staff.membership_steps import REGISTER, STEPS, OfPractice
from practices.models import PracticeParent
from registry.actions.checks import said
from registry.models import Entry
from registry.models.fact import Lower, Upper
from registry.moment import Moment
from registry.pages.tables import Column, Table
from registry.timeline import last_day


class MembershipPage(OfPractice, TemplateView):
    template_name = "staff/membership/practice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        mine = Q(practice=self.practice)
        facts = member_history.facts(user, self.practice)
        entries = self._entries(user, member_history.entries_of(user, mine, mine))
        return super().get_context_data(
            title=f"{member_history.name_of(self.practice)} ({self.practice.code}): membership",
            crumbs=[REGISTER],
            facts=member_history.table(facts) if facts else None,
            left=self._left(user),
            parents=self._parents(user),
            changes=member_history.changes(user, entries, f"{self.href}undo/{{number}}/") if entries else None,
            addresses=self._addresses(user),
            answers=self._answers(user),
            steps=[(view.title, f"{self.href}{view.path}/", view.about) for view in STEPS],
            **kwargs,
        )

    def _entries(self, user: Any, entries: list[Entry]) -> list[Entry]:
        """With those that moved it to another body."""
        rows = PracticeParent.objects.visible_to(user).filter(practice=self.practice)
        numbers = {e.number for e in entries} | set(rows.values_list("opened_by", flat=True))
        numbers |= set(rows.exclude(closed_by=None).values_list("closed_by", flat=True))
        return list(
            Entry.objects.visible_to(user).filter(number__in=numbers).order_by("-number")[: member_history.MOST]
        )

    def _left(self, user: Any) -> list[str]:
        rows = LeftOut.objects.visible_to(user).current().filter(practice=self.practice).order_by("effective")
        found = rows.annotate(label=label_of(), first=Lower("effective"), after=Upper("effective"))
        return [
            f"{f.label}, as {f.get_said_by_display().lower()} said: from {said(f.first)}"
            + (f" to {said(last_day(f.after))}" if f.after else "")  # type: ignore[arg-type]
            for f in found
        ]

    def _addresses(self, user: Any) -> Table | None:
        """Where it is written to, on whose word; those that ended are kept."""
        rows = PracticeContact.objects.visible_to(user).filter(practice=self.practice)
        found = list(rows.select_related("consortium", "given_by").order_by("ended_on", "-pk"))
        columns = (
            Column("address", "Address", empty="Erased"),
            Column("name", "Whose it is", empty="Not said"),
            Column("origin", "From", show=_whose_word),
            Column("given_on", "Given", kind="date"),
            Column("ended_on", "Ended", kind="date", empty="In use"),
            Column("pk", "Change", show=self._end_link),
        )
        return Table(columns, found, "Addresses of the practice", caption_spoken=True) if found else None

    def _end_link(self, contact: PracticeContact) -> SafeString | str:
        if contact.ended_on is not None:
            return ""
        spoken = contact.address or "the address that was erased"
        return format_html(
            '<a class="nhsuk-link" href="{}address/{}/end/">End<span class="nhsuk-u-visually-hidden"> {}</span></a>',
            self.href,
            contact.pk,
            spoken,
        )

    def _answers(self, user: Any) -> Table | None:
        """What it answered, and who for it; the words can be erased."""
        rows = MembershipAnswer.objects.visible_to(user).filter(practice=self.practice)
        found = list(rows.select_related("consortium").order_by("-pk"))
        columns = (
            Column("answered_on", "Answered", kind="date"),
            Column("consortium.ref", "Consortium", href=lambda row: f"/consortia/{row.consortium.ref}/"),
            Column("answer", "Answer", show=_answer_words),
            Column("who", "Who, and what they wrote", show=_their_words, empty="Nothing"),
            Column("pk", "More", show=_answer_links),
        )
        return Table(columns, found, "Answers of the practice", caption_spoken=True) if found else None

    def _parents(self, user: Any) -> Table | None:
        rows = PracticeParent.objects.visible_to(user).current().filter(practice=self.practice)
        rows = rows.select_related("parent").annotate(
            name=body_name("parent", Moment.now()), first=Lower("effective"), after=Upper("effective")
        )
        columns = (
            Column("first", "From", kind="date", empty="Before records"),
            Column("after", "To (last day)", kind="date", show=lambda f: last_day(f.after), empty="no last day"),
            Column(
                "parent.code",
                "Body",
                href=lambda row: f"/pcts/{row.parent.code}/",
                show=lambda f: f"{f.name} ({f.parent.code})",
            ),
            Column("opened_by_id", "Entry", href="/changes/{opened_by_id}/"),
        )
        found = list(rows.order_by("first"))
        return Table(columns, found, "Parent bodies by day", caption_spoken=True) if found else None


def _whose_word(contact: PracticeContact) -> str:
    said_by = contact.get_origin_display()
    return f"{said_by} ({contact.consortium.ref})" if contact.consortium else said_by


def _answer_words(answer: MembershipAnswer) -> str:
    back = f"; taken back on {said(answer.taken_back_on)}" if answer.taken_back_on else ""
    return f"{answer.get_answer_display()} ({answer.get_how_display().lower()}){back}"


def _their_words(answer: MembershipAnswer) -> str:
    return ": ".join(words for words in (answer.who, answer.text) if words)


def _answer_links(answer: MembershipAnswer) -> SafeString | str:
    paper = f"/lead/consortia/{answer.consortium.ref}/members/{answer.practice.code}/paper/{answer.pk}/"
    links = [("Scan", paper)] if answer.document else []
    if answer.who or answer.text:
        links.append(("Erase the words", f"/staff/answers/{answer.pk}/erase/"))
    hidden = f" of {said(answer.answered_on)}"
    spoken = '<a class="nhsuk-link" href="{}">{}<span class="nhsuk-u-visually-hidden">{}</span></a>'
    return format_html(
        "<div>{}</div>", format_html_join(mark_safe("<br>"), spoken, ((h, w, hidden) for w, h in links))
    )
