"""The submission to ministers: a wave's recommended bids on one sheet, and the one button that decides them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import F
from django.http import HttpResponse

from pathfinders.actions import decide_list
from pathfinders.forms.after import ListForm
from pathfinders.ministers import Line, Numbers, Submission, submission
from pathfinders.models import Decision, Outcome
from pathfinders.views.access import staff_bids
from pathfinders.views.shown import OUTCOME_TAGS
from pathfinders.views.staff.waves import OneWave
from pathfinders.views.steps import StepPage
from pathfinders.wave_states import DECIDING
from registry import clock
from registry.authorization import Permission, may
from registry.errors import Refused
from registry.pages.tables import Column, Table

NO_SHA = "No SHA known"
NUMBERS = (
    Column("bids", "Bids", kind="number"),
    Column("consortia", "Consortia", kind="number"),
    Column("practices", "Practices", kind="number"),
    Column("people", "People", kind="number"),
)
LIST = (
    Column("ref", "Reference", href="/staff/bids/{ref}/"),
    Column("name", "Name"),
    Column("sha", "SHA"),
    *NUMBERS[1:],
)


DECIDED = (
    *LIST[:2],
    Column("outcome", "Outcome", kind="tag", tags=OUTCOME_TAGS),
    Column("decided_on", "Decided", kind="date"),
    Column("on_behalf_of", "On behalf of", empty="Nobody else"),
)


class SubmissionPage(OneWave, StepPage):
    template_name = "staff/submission.html"
    form_class = ListForm
    button = "Approve the list"
    done = "The list was decided. The bidders learn of it when the wave is released"

    @cached_property
    def told(self) -> Submission:
        bids = staff_bids(self.request.user).filter(wave=self.wave).select_related("assessor", "lead", "criteria")
        return submission(self.wave, self.request.user, bids)

    def current(self) -> int:
        del self.wave
        self.__dict__.pop("told", None)
        return self.wave.version

    def decided(self) -> list[dict[str, Any]]:
        """The standing decisions that this wave tells, so that the sheet can be printed after it was decided too."""
        user = self.request.user
        mine = Decision.objects.visible_to(user).filter(wave=self.wave, bid__in=staff_bids(user))
        standing = mine.filter(number=F("bid__decision_number")).order_by("bid__name", "bid__ref")
        told = {"ref": F("bid__ref"), "name": F("bid__name")}
        return list(standing.values("outcome", "decided_on", "on_behalf_of", **told))

    def listed(self) -> str:
        return " ".join(f"{line.bid.ref}:{line.bid.version}" for line in self.told.ready)

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.wave.version, "bids": self.listed(), "decided_on": clock.today()}

    def act(self, form: Any) -> None:
        decide_list(by=self.request.user, wave=self.wave, **form.action_fields())  # type: ignore[arg-type]

    def refused(self, form: Any, refused: Refused) -> HttpResponse:
        """What was typed is kept; the list and the versions are taken up as they are now, and shown."""
        self.wrong = refused.detail
        return super().refused(form, refused)

    def saved_now(self, form: Any) -> list[tuple[str, Any]]:
        return []

    def get_success_url(self) -> str:
        return self.href

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if hasattr(self, "wrong"):
            version = self.current()
            data = self.request.POST.copy()
            data["version"], data["bids"] = str(version), self.listed()
            kwargs["form"].data = data
        told = self.told
        why_not = self._why_not()
        decided = self.decided()
        return super().get_context_data(
            title=f"Wave {self.wave.number}: submission to ministers",
            wave=self.wave,
            told=told,
            today=clock.today(),
            numbers=Table([_outcome, _sha, *NUMBERS], list(self._numbers()), "Recommended, by outcome and SHA"),
            listed=Table(LIST, [_row(line, told) for line in told.ready], "The list", caption_spoken=True),
            others=Table(
                [*LIST[:3], _outcome, Column("why", "Why it is not on the list")],
                [_row(line, told) for line in told.unready],
                "Not on the list",
                caption_spoken=True,
            ),
            decided=Table(DECIDED, decided, "Decided", caption_spoken=True) if decided else None,
            decided_count=len(decided),
            chosen=told.chosen,
            practices=len(told.chosen.practices),
            wrong=getattr(self, "wrong", []),
            why_not=why_not,
            may_decide=not why_not and bool(told.ready),
            **{"button": f"Approve these {len(told.ready)} bids", **kwargs},
        )

    def _why_not(self) -> str:
        if self.wave.state not in DECIDING:
            return f"Wave {self.wave.number} has been released: nothing is decided in it any more."
        if not may(self.request.user, Permission.DECIDE_BID):
            return "An approver decides this list; you can read and print it."
        return ""

    def _numbers(self) -> Any:
        """Rows by outcome and SHA, each outcome ending in its total (distinct practices are counted once there)."""
        told = self.told
        for outcome in Outcome.values:
            regions = sorted(sha for recommended, sha in told.by if recommended == outcome)
            for sha in regions:
                yield {"outcome": outcome, "sha": _named(sha, told), **_counted(told.by[outcome, sha])}
            if regions:
                yield {"outcome": outcome, "sha": "All", **_counted(told.totals[outcome])}


_outcome = Column("outcome", "Recommended", kind="tag", tags=OUTCOME_TAGS)
_sha = Column("sha", "SHA")


def _named(sha: str, told: Submission) -> str:
    return f"{told.sha_names[sha]} ({sha})" if sha in told.sha_names else sha or NO_SHA


def _counted(numbers: Numbers) -> dict[str, int]:
    return {
        "bids": numbers.bids,
        "consortia": numbers.consortia,
        "practices": len(numbers.practices),
        "people": numbers.people,
    }


def _row(line: Line, told: Submission) -> dict[str, Any]:
    return {
        "ref": line.bid.ref,
        "name": line.bid.name,
        "sha": _named(line.sha, told),
        "outcome": line.bid.recommendation,
        "why": line.why,
        **_counted(line.numbers),
    }
