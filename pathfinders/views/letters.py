"""Steps that write a letter: the step's form, then "This is the letter", then the button that sends it.

    class ReturnBid(LetterPage, CasePage):
        form_class = ReturnForm
        letter_note = "It is sent at once."

        def act(self, form):                       # as on every step page; `letter` comes with the rest
            return_bid(by=self.request.user, bid=self.bid, **form.cleaned_data)

`form.cleaned_data["letter"]` is None while the letter is first shown, then what the person edited: the action takes it
as `letter=`. Nothing is sent whose very words were not shown before; all that was typed, in the form and in the letter,
goes with each answer.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse

from pathfinders.forms.letters import FIELDS, LetterForm, TypedLetter, hide_letter, mark, take_letter
from pathfinders.letters import Letter
from pathfinders.views.steps import StepPage
from registry.errors import Refused
from registry.models import Mail
from registry.pages.forms import add_refusal

BUTTONS = ("csrfmiddlewaretoken", "send", "show", "change")
CHANGED = "You changed the letter. This is how it reads now; nothing is sent yet."
OVERTAKEN = (
    "The form has changed since you edited the letter, so it was written anew. Yours is kept below, to copy from."
)


class LetterPage(StepPage):
    """Mixin, first in the bases of a step on `self.bid`. Sent by one of three buttons: `show` (and the form's own)
    shows the letter, `send` takes the step with exactly the letter that was shown, `change` goes back to the form."""

    button = "Preview the letter"
    letter_template = "staff/letter.html"
    letter_note = "It is sent at once."
    send_button = "Send exactly this"

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        hide_letter(form)
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        typed = take_letter(form)
        if "change" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        if "send" in self.request.POST and typed is not None:
            return self.send(form, typed)
        return self.show(form, typed)

    def send(self, form: Any, typed: TypedLetter) -> HttpResponse:
        """Take the step, where the letter is the one that was shown; otherwise show it."""
        if typed.shown != mark(typed.words):
            return self.show(form, typed)
        form.cleaned_data["letter"] = typed.words if typed.body.strip() else None
        return super().form_valid(form)

    def show(self, form: Any, typed: TypedLetter | None) -> HttpResponse:
        """The letter exactly as its reader will have it: from the step itself, taken and undone in one transaction."""
        try:
            composed = self.rehearsed(form, None)
            if typed is None or composed is None or mark(composed) == mark(typed.words):
                return self.letter_page(form, composed, of=composed)
            if typed.of != mark(composed):
                kept = typed.words if typed.of != mark(typed.words) else None
                return self.letter_page(form, composed, of=composed, kept=kept, notice=OVERTAKEN if kept else "")
            edited = self.rehearsed(form, typed.words)
        except Refused as refused:
            return self.refused(form, refused)
        notice = CHANGED if "send" in self.request.POST else ""
        return self.letter_page(form, edited, of=composed, notice=notice)

    def rehearsed(self, form: Any, letter: Letter | None) -> Letter | None:
        """The letter to the bid's lead that the step would write; None where it writes none (their account is erased)."""
        form.cleaned_data["letter"] = letter
        with transaction.atomic():
            last = Mail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            self.act(form)
            lead = self.bid.lead.ref  # type: ignore[attr-defined]
            mail = Mail.objects.filter(pk__gt=last, about=self.bid.ref, recipient=lead).last()  # type: ignore[attr-defined]
            transaction.set_rollback(True)
        return {"to": mail.to, "subject": mail.subject, "body": mail.body} if mail else None

    def refused(self, form: Any, refused: Refused) -> HttpResponse:
        """What is wrong with the letter is said beside the letter, all else on the step's form."""
        if refused.field != "letter":
            return super().refused(form, refused)
        post = self.request.POST
        letter_form = LetterForm(post)
        letter_form.full_clean()
        add_refusal(letter_form, refused, {"letter": "letter_body"})
        return self.draw(letter_form, None, status=refused.status)

    def letter_page(
        self, form: Any, letter: Letter | None, *, of: Letter | None, kept: Letter | None = None, notice: str = ""
    ) -> HttpResponse:
        words = letter or {"to": "", "subject": "", "body": ""}
        marks = {"letter_of": mark(of or words), "letter_shown": mark(words)}
        values = {"letter_subject": words["subject"], "letter_body": words["body"], **marks}
        return self.draw(LetterForm(initial=values), letter, kept=kept, notice=notice, outcome=self.outcome(form))

    def outcome(self, form: Any) -> str:
        """What the step comes to, in a word or two, beside the button; "" where the step has one outcome alone."""
        return ""

    def draw(self, letter_form: LetterForm, letter: Letter | None, *, status: int = 200, **more: Any) -> HttpResponse:
        context = self.get_context_data(
            form=letter_form,
            letter=letter,
            carried=self.carried(),
            title="This is the letter" if letter or letter_form.is_bound else "There is no letter to send",
            letter_note=self.letter_note,
            send_button=self.send_button if letter or letter_form.is_bound else "Go on without a letter",
            **more,
        )
        self.template_name = self.letter_template
        return self.render_to_response(context, status=status)

    def carried(self) -> list[tuple[str, str]]:
        """All that was typed into the step's form, for the next answer."""
        return [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in (*BUTTONS, *FIELDS)
            for value in values
        ]
