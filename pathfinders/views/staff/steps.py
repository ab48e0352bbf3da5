"""Steps of assessment: assign, put into a wave, record findings, recommend, reopen."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from pathfinders.actions import assign_bid, complete_assessment, put_in_wave, record_finding, reopen_assessment
from pathfinders.forms.lead import Versioned
from pathfinders.forms.staff import AssignForm, FindingsForm, RecommendForm, WaveChoiceForm
from pathfinders.models import Wave
from pathfinders.states import why_not
from pathfinders.views.staff.bid import StaffBid, evidence
from pathfinders.views.steps import StepPage
from pathfinders.wave_states import DECIDING
from registry import clock
from registry.errors import Refused, wrong_state
from registry.models import User


class CasePage(StaffBid, StepPage):
    """A step of casework on a bid; where it cannot be taken, the page says why instead of showing a form."""

    action = ""

    def get(self, *args: Any, **kwargs: Any) -> Any:
        if sentence := why_not(self.bid, self.request.user, self.action):
            raise wrong_state(sentence)
        return super().get(*args, **kwargs)

    def current(self) -> int:
        del self.bid
        return self.bid.version

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Back to the bid", self.href)

    def get_success_url(self) -> str:
        return self.href

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.bid.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(bid=self.bid, **kwargs)


class Assign(CasePage):
    title = "Assign to an assessor"
    form_class = AssignForm
    action = "assign"
    button = "Assign"
    done = "The bid was assigned"

    def get_form_kwargs(self) -> dict[str, Any]:
        today = clock.today()
        people = User.objects.filter(grants__role="assessor", grants__period__contains=today, is_active=True)
        bidders = [person.pk for person in people.distinct() if self.bid.belongs_to(person)]
        people = people.exclude(pk__in=bidders)
        return super().get_form_kwargs() | {"assessors": people.distinct().order_by("name", "pk")}

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"assessor": self.bid.assessor_id}

    def act(self, form: Any) -> None:
        chosen = User.objects.get(pk=form.cleaned_data["assessor"])
        version = form.cleaned_data["version"]
        assign_bid(by=self.request.user, bid=self.bid, version=version, assessor=chosen)  # type: ignore[arg-type]


class PutInWave(CasePage):
    title = "Put into a wave"
    form_class = WaveChoiceForm
    action = "put_in_wave"
    done = "The wave was saved"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"waves": open_waves(self.request.user)}

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"wave": self.bid.wave_id}

    def act(self, form: Any) -> None:
        put_in_wave(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]


class Findings(CasePage):
    """All criteria on one page, saved together or not at all; those without a finding yet are left for later."""

    title = "Findings"
    template_name = "staff/findings.html"
    form_class = FindingsForm
    action = "record_finding"
    button = "Save the findings"
    done = "The findings were saved"

    def get_form_kwargs(self) -> dict[str, Any]:
        criteria = self.bid.criteria_in_force()
        return super().get_form_kwargs() | {"criteria": list(criteria.criteria.all()) if criteria else []}

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        for finding in self.bid.findings.visible_to(self.request.user).select_related("criterion"):
            initial[f"finding-{finding.criterion.key}"] = finding.finding
            initial[f"note-{finding.criterion.key}"] = finding.note
        return initial

    def act(self, form: Any) -> None:
        saved, version = self.get_initial(), form.cleaned_data["version"]
        with transaction.atomic():
            for criterion in form.criteria:
                finding = form.cleaned_data[f"finding-{criterion.key}"]
                note = form.cleaned_data[f"note-{criterion.key}"].strip()
                before = (saved.get(f"finding-{criterion.key}", ""), saved.get(f"note-{criterion.key}", ""))
                if (finding, note) == before:
                    continue
                self._record(criterion.key, finding, note, version)
                version += 1

    def _record(self, key: str, finding: str, note: str, version: int) -> None:
        """One finding; a refusal names the field of its criterion."""
        try:
            record_finding(
                by=self.request.user,  # type: ignore[arg-type]
                bid=self.bid,
                version=version,
                criterion=key,
                finding=finding,
                note=note,
            )
        except Refused as refused:
            if refused.field in ("finding", "note"):
                refused.field = f"{refused.field}-{key}"
            raise

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        answers = {row["criterion"].pk: row["answer"] for row in evidence(self.bid, self.request.user, [])}
        rows = [row | {"answer": answers.get(row["criterion"].pk, "")} for row in context["form"].rows()]
        return context | {"rows": rows}


class Recommend(CasePage):
    title = "Complete the assessment"
    form_class = RecommendForm
    action = "complete_assessment"
    button = "Recommend"
    done = "The assessment is complete"

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"assessed_on": clock.today()}

    def act(self, form: Any) -> None:
        complete_assessment(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]


class Reopen(CasePage):
    title = "Reopen the assessment"
    template_name = "staff/reopen.html"
    form_class = Versioned
    action = "reopen_assessment"
    button = "Reopen the assessment"
    done = "The assessment was reopened"

    def act(self, form: Any) -> None:
        reopen_assessment(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]


def open_waves(user: Any) -> Any:
    return Wave.objects.visible_to(user).filter(state__in=DECIDING)
