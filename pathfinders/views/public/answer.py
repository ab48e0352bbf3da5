"""Where a practice answers without an account: by the signed link of a letter, or the code of a printed one.

The secret is in the address: no cookie, no CSRF token, nothing kept by caches, searched for, or told to another site.
A GET or HEAD changes nothing, for scanners of mail follow every link. What cannot be answered is explained, with 404
or 410, and nothing else is said.
"""

from __future__ import annotations

from contextlib import nullcontext
from functools import cached_property
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from consortia import links
from consortia.actions import answering
from consortia.holding import Held, gone, held, standing
from consortia.models import Answer, ConfirmationRequest, MembershipAnswer, MembershipWord
from consortia.naming import Place, name_of, place_of
from consortia.wording import ANSWERS, DAYS_TO_TAKE_BACK, SHOWN, last_day_to_take_back
from pathfinders.forms.answering import AnswerForm, CodeForm, MoveForm
from registry import clock
from registry.errors import Refused
from registry.moment import read_snapshot
from registry.pages import PublicPage
from registry.pages.forms import add_refusal
from registry.pages.public import public
from registry.pages.views import FormPage

TOO_MANY = (
    "Too many wrong codes came from your network within an hour. Wait an hour and try again, answer by the link of a "
    "mail, or sign in as the practice’s manager. Nothing was changed."
)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@method_decorator(public, name="dispatch")  # type: ignore[arg-type]
@method_decorator(csrf_exempt, name="dispatch")
class SecretPage(PublicPage):
    """Mixin, first in the bases: a page whose address is its key. A link that is dead is explained.

    A GET is read in a transaction in which Postgres refuses to write.
    """

    explanation = "public/answer_explained.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with read_snapshot(settings.READ_SECONDS) if request.method in ("GET", "HEAD") else nullcontext():
            try:
                response: Any = super().dispatch(request, *args, **kwargs)
            except Refused as refused:
                response = self.explained(refused)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    def explained(self, refused: Refused) -> HttpResponse:
        page: Any = self
        page.template_name = self.explanation
        return page.render_to_response(
            {"title": "This cannot be answered", "sentence": refused.message}, status=refused.status
        )


class ByCode(SecretPage, FormPage):
    """The code of a printed letter, typed in, leads to the page that its link would lead to.

    After 20 wrong ones within an hour (settings.ACCOUNT_RATE_LIMITS) an address is answered 429 until the hour is over,
    for right codes too; the practice's letters and links stay as they are.
    """

    template_name = "public/answer_code.html"
    form_class = CodeForm
    found: ConfirmationRequest

    def act(self, form: Any) -> None:
        if not ratelimit.consume(self.request, action="answer_code", dry_run=True):
            raise Refused("too_many_guesses", TOO_MANY, status=429)
        data = form.cleaned_data
        try:
            self.found = answering.request_by_code(practice_code=data["practice"], code=data["code"])
        except Refused:
            ratelimit.consume(self.request, action="answer_code")
            raise

    def get_success_url(self) -> str:
        return links.question_path(self.found)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title="Answer a letter", **kwargs)


class AnswerPage(SecretPage, FormPage):
    """One question to one practice. Sending the answer spends the link."""

    template_name = "public/answer.html"

    @cached_property
    def asked(self) -> ConfirmationRequest:
        """The question, while it can be answered. Raises Refused otherwise."""
        found = links.request_of(self.kwargs["token"])
        answering.require_open(found)
        return found

    @cached_property
    def membership(self) -> Held | None:
        """The membership that is asked about; None where the question is about a move. Raises Refused where it is no
        more."""
        if self.asked.transfer_id is not None:
            return None
        timeline = standing([self.asked.practice_id])[self.asked.practice_id]
        today = clock.today()
        mine = held(timeline, self.asked.consortium_id, today)
        if mine is None:
            raise gone(timeline, self.asked.practice, self.asked.consortium, today)
        return mine

    def get_form_class(self) -> Any:
        return MoveForm if self.asked.transfer_id is not None else AnswerForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today, asked, mine = clock.today(), self.asked, self.membership
        place: Place = place_of(asked.practice, today)
        group = name_of(asked.consortium, today)
        moves = asked.transfer_id is not None
        starts_on = asked.starts_on if mine is None else mine.period.start
        return super().get_context_data(
            title=f"Do you agree to move to {group}?" if moves else f"Are you a member of {group}?",
            asked=asked,
            place=place,
            group=group,
            starts_on=starts_on,
            to_come=starts_on is not None and starts_on > today,
            days=DAYS_TO_TAKE_BACK,
            **kwargs,
        )

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            row = answering.answer_by_link(token=self.kwargs["token"], **form.cleaned_data)
        except Refused as refused:
            if refused.field is None:
                raise
            return self.refused(form, refused)
        if row is not None:
            return HttpResponseRedirect(links.back_path(row))
        return self.thanked()

    def refused(self, form: Any, refused: Refused) -> HttpResponse:
        add_refusal(form, refused)
        return self.render_to_response(self.get_context_data(form=form), status=refused.status)

    def thanked(self) -> HttpResponse:
        self.template_name = "public/answer_moved.html"
        return self.render_to_response({"title": "Your answer was recorded"})


class AnswerGiven(SecretPage, TemplateView):
    """What was answered, and the button that takes it back. Reached after answering, and from the receipt."""

    template_name = "public/answer_given.html"

    @cached_property
    def answer(self) -> MembershipAnswer:
        found = links.answer_of(self.kwargs["token"])
        answering.require_can_be_taken_back(found)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title="Your answer is recorded", **told_of(self.answer), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answering.take_back_answer(answer=self.answer)
        self.template_name = "public/answer_taken_back.html"
        again = open_again(self.answer)
        path = links.question_path(again) if again else ""
        return self.render_to_response({"title": "Your answer was taken back", "again": path})


def told_of(answer: MembershipAnswer) -> dict[str, Any]:
    """What pages say of an answer that was given."""
    today = clock.today()
    labels = MembershipWord.objects.labels() if answer.reason else {}
    return {
        "answer": answer,
        "place": place_of(answer.practice, today),
        "group": name_of(answer.consortium, today),
        "said": ANSWERS[Answer(answer.answer)],
        "shown": SHOWN[Answer(answer.answer)],
        "reason": labels.get(answer.reason, ""),
        "until": last_day_to_take_back(answer),
    }


def open_again(answer: MembershipAnswer) -> ConfirmationRequest | None:
    """The question that is open in the place of one whose answer was taken back."""
    if answer.request is None:
        return None
    rows = ConfirmationRequest.objects.filter(
        practice=answer.practice_id,
        consortium=answer.consortium_id,
        channel=answer.request.channel,
        transfer=None,
        state="open",
    )
    return rows.last()
