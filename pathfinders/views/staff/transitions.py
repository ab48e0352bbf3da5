"""How far every trust is, for programme staff who keep it; and the words that it is told in."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.utils.html import format_html

from pathfinders.forms.transition import EndWordForm, WordForm
from pathfinders.reads import shas, transitions
from pathfinders.views.access import Guarded, StaffOnly
from pathfinders.views.public.transition.words import BEHIND_TAGS, when_words
from pathfinders.views.staff.reasons import when
from pathfinders.views.steps import StepPage
from registry import clock
from registry.authorization import Permission, may
from registry.moment import Moment
from registry.pages.forms import DayInput
from registry.pages.tables import Column, ListPage
from transitions.actions import add_word, end_word
from transitions.models import EvidenceKind, TransitionWord, TransitionWordKind
from transitions.permissions import require_everywhere

HOME, WORDS = ("Transitions", "/staff/transitions/"), ("Words", "/staff/transitions/words/")
DRAWN = {
    "q": "Name or code",
    "sha": "Strategic health authority",
    "stage": "Stage",
    "behind": "Behind its plan",
    "evidence_before": "Evidence older than",
}


class Transitions(Guarded, ListPage):
    """Every trust that the programme knew, those that have closed too; each leads to the pages on which its lead keeps it."""

    permission = Permission.KEEP_TRANSITION
    title = "Transitions"
    noun = ("trust", "trusts")
    template_name = "staff/transitions.html"
    key = "code"
    columns = (
        Column("code", "Code", href="/pct/{code}/", sort="code"),
        Column("name", "Name", sort="name"),
        Column("stage_label", "Stage", sort="stage", empty="Not known"),
        Column("evidence_kind", "Evidence", show=lambda row: _kind(row), sort="evidence_date"),
        Column("planned_stage_label", "Plans", empty="No plan"),
        Column("planned_day", "From", kind="date", sort="planned_day"),
        Column("planned_slipped", "Moved later", kind="number"),
        Column("behind", "Behind", show=lambda row: _behind(row), empty="–"),
    )

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            require_everywhere(request.user)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def moment(self) -> Moment:
        return Moment.now()

    def get_queryset(self) -> QuerySet:
        return transitions.rows(self.request.user, self.moment)

    def get_filterset(self) -> Any:
        data = self.request.GET.copy()
        for name in self.own_parameters:
            data.pop(name, None)
        found = transitions.Filters(data, self.get_queryset(), moment=self.moment)
        for name in [n for n in found.form.fields if n not in DRAWN]:
            del found.form.fields[name]
        for name, label in DRAWN.items():
            found.form.fields[name].label = label
        self._choose(found.form)
        found.form.order_fields([*DRAWN])
        return found

    def _choose(self, form: Any) -> None:
        words = TransitionWord.objects.visible_to(self.request.user).labels(TransitionWordKind.STAGE)
        authorities = shas.rows(self.request.user, self.moment).order_by("name").values_list("code", "name")
        form.fields["stage"].widget = forms.Select(
            choices=[("", "All"), (transitions.UNKNOWN, "Not known"), *words.items()]
        )
        form.fields["behind"].widget = forms.Select(choices=[("", "All"), ("true", "Yes"), ("false", "No")])
        form.fields["evidence_before"].widget = DayInput()
        form.fields["sha"].widget = forms.Select(choices=[("", "All"), *authorities])

    def order(self, rows: QuerySet) -> QuerySet:
        asked = self.request.GET.get("ordering", "")
        by = transitions.ORDERINGS.get(asked.removeprefix("-"))
        if by is None:
            return super().order(rows)
        return rows.order_by(by.desc() if asked.startswith("-") else by.asc(), "code")

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        paginator, page, _, other = super().paginate_queryset(queryset, page_size)
        page.object_list = transitions.finish(self.request.user, self.moment, list(page.object_list))
        return paginator, page, page.object_list, other

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(counts=transitions.counts(self.request.user, self.moment), **kwargs)


def _kind(row: dict[str, Any]) -> str:
    if row["evidence_ref"] is None:
        return ""
    kind = EvidenceKind(row["evidence_kind"]).label
    return f"{kind}, {when_words(row['evidence_said_on'], row['evidence_words'])}"


def _behind(row: dict[str, Any]) -> str:
    return BEHIND_TAGS[row["behind"]][0] if row["planned_stage"] else ""


class Words(StaffOnly, ListPage):
    title = "Words of the transition"
    noun = ("word", "words")
    template_name = "staff/transition_words.html"
    default_order = ("kind", "position")
    crumbs = (HOME,)

    def get_queryset(self) -> QuerySet:
        return TransitionWord.objects.visible_to(self.request.user)

    def get_columns(self) -> list[Column]:
        columns = [
            Column("kind", "For", show=lambda word: word.get_kind_display()),
            Column("label", "Word"),
            Column("key", "Code"),
            Column("meaning", "What it means"),
            Column("counts", "Counts as", show=_counts_as, empty=""),
            Column("period", "When", show=when),
        ]
        if may(self.request.user, Permission.EDIT_VOCABULARY):
            columns.append(Column("end", "Change", show=_end_link, empty=""))
        return columns

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        editor = may(self.request.user, Permission.EDIT_VOCABULARY)
        return super().get_context_data(may_edit=editor, crumbs=self.crumbs, **kwargs)


def _counts_as(word: TransitionWord) -> str:
    if word.kind == TransitionWordKind.STAGE:
        return "begun" if word.begun else "not begun"
    if word.kind == TransitionWordKind.LINE:
        return "in the eligible budget" if word.eligible else "outside the eligible budget"
    return ""


def _end_link(word: TransitionWord) -> str:
    if word.period.upper is not None:
        return ""
    hidden = format_html('<span class="nhsuk-u-visually-hidden"> “{}”</span>', word.label)
    return format_html('<a class="nhsuk-link" href="{}{}/{}/end/">End{}</a>', WORDS[1], word.kind, word.key, hidden)


class AddWord(StaffOnly, StepPage):
    permission = Permission.EDIT_VOCABULARY
    title = "Add a word"
    button = "Add the word"
    form_class = WordForm
    back = ("Cancel", WORDS[1])
    crumbs = (HOME, WORDS)
    done = "The word was added"
    success_url = WORDS[1]

    def act(self, form: Any) -> None:
        add_word(by=self.request.user, **form.action_fields())  # type: ignore[arg-type]


class EndWord(StaffOnly, StepPage):
    permission = Permission.EDIT_VOCABULARY
    button = "End the word"
    form_class = EndWordForm
    back = ("Cancel", WORDS[1])
    crumbs = (HOME, WORDS)
    done = "The word was ended"
    success_url = WORDS[1]

    @cached_property
    def word(self) -> TransitionWord:
        words = TransitionWord.objects.visible_to(self.request.user)
        found = words.filter(kind=self.kwargs["kind"], key=self.kwargs["key"]).first()
        if found is None:
            raise Http404("There is no such word. They are listed under “Words of the transition”.")
        return found

    def get_initial(self) -> dict[str, Any]:
        return {"on": clock.today()}

    def act(self, form: Any) -> None:
        word = self.word
        end_word(by=self.request.user, kind=word.kind, key=word.key, on=form.cleaned_data["on"])  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"title": f"End “{self.word.label}”"}
