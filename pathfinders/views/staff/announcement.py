"""The announcement of a wave: drafted with its figures checked as they are typed, read by whoever confirms it, and the
list by region as it will be printed."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.generic import View

from pathfinders.actions import announce_wave
from pathfinders.actions.announcement import draft_claim, draft_service
from pathfinders.actions.wave_work import no_own_bid
from pathfinders.draft_claims import Basis, basis_of, compared, loose_figures
from pathfinders.first_draft import first_draft
from pathfinders.forms.announcement import (
    AnnouncementForm,
    ClaimRow,
    ClaimRows,
    Rows,
    ServiceRow,
    ServiceRows,
    bound_rows,
    typed_rows,
)
from pathfinders.models import Announcement, DraftClaim, DraftServiceClaim, ScopeKind, WaveState
from pathfinders.reads import listings
from pathfinders.region_list import HEADINGS, csv_rows, names_of
from pathfinders.views.staff.waves import OneWave
from pathfinders.views.steps import StepPage
from pathfinders.wave_states import why_not
from pathfinders.wording import read
from registry.api.delimited import TableWriter
from registry.authorization import Permission, may, require
from registry.errors import Refused
from registry.moment import Moment

WORDS = ("title", "text", "notes")
TAGS = {"agrees": ("Agrees", "green"), "differs": ("Differs", "orange"), "unread": ("Not read", "grey")}


class OfAnnouncement(OneWave):
    """Mixin: what is shown tells of outcomes, so nobody sees it who waits for their own (403)."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request.user, self.permission)
        no_own_bid(request.user)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def draft(self) -> Announcement | None:
        return Announcement.objects.visible_to(self.request.user).filter(wave=self.wave).first()  # type: ignore[attr-defined]

    @cached_property
    def basis(self) -> Basis:
        return basis_of(self.wave, self.request.user)  # type: ignore[attr-defined]


def said_of_row(row: Any, wave: int, basis: Basis) -> tuple[str, str, DraftClaim | None]:
    """(agrees, differs or unread; the sentence; the claim where it can be read) of a row as it was typed."""
    try:
        claim = draft_claim(row, wave)
    except Refused as fault:
        return "unread", fault.message, None
    (found,) = compared([claim], basis)
    return ("agrees" if found.agrees else "differs"), f"{found.sentence}.", claim


def as_typed(row: dict[str, Any]) -> dict[str, Any]:
    """A saved claim as somebody would type it: what its words say is left to them, so that other words say something
    else."""
    told = read(row["words"], row["metric"])
    same = told is not None and (told.value, told.rounding) == (row["value"], row["rounding"])
    value = "" if same else f"{row['value']:,f}".removesuffix(".0")
    scope = "" if row["scope_kind"] == ScopeKind.ENGLAND else row["scope"]
    return row | {"value": value, "rounding": "" if same else row["rounding"], "scope": scope}


def loose_sentences(texts: list[str], claims: list[DraftClaim], services: Rows) -> list[str]:
    """A sentence for each figure of the texts that is no claim."""
    told: list[DraftServiceClaim] = []
    for row in services:
        try:
            told.append(draft_service(row))
        except Refused:
            continue
    return [f"“{words}” in the text is no claim of this announcement." for words in loose_figures(texts, claims, told)]


class AnnouncementPage(OfAnnouncement, StepPage):
    """Draft and check. Its buttons add and remove rows without a script; with one each figure is compared as typed."""

    permission = Permission.SEE_CASEWORK
    template_name = "staff/announcement.html"
    form_class = AnnouncementForm
    done = "The announcement was saved"

    def get_initial(self) -> dict[str, Any]:
        told = (
            {name: getattr(self.draft, name) for name in WORDS} if self.draft else first_draft(self.wave, self.basis)
        )
        return {"version": self.wave.version, **{name: told[name] for name in WORDS}}

    def current(self) -> int:
        del self.wave
        return self.wave.version

    # Rows

    @cached_property
    def claims(self) -> Rows:
        if self.request.method == "POST":
            return typed_rows(ClaimRow, self.request.POST, "c")
        if self.draft is None:
            return first_draft(self.wave, self.basis)["claims"]
        saved = DraftClaim.objects.visible_to(self.request.user).filter(announcement=self.draft).order_by("position")
        return [as_typed(row) for row in saved.values(*ClaimRow.base_fields)]

    @cached_property
    def services(self) -> Rows:
        if self.request.method == "POST":
            return typed_rows(ServiceRow, self.request.POST, "s")
        if self.draft is None:
            return []
        saved = DraftServiceClaim.objects.visible_to(self.request.user).filter(announcement=self.draft)
        return list(saved.order_by("position").values(*ServiceRow.base_fields))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request.user, Permission.MANAGE_WAVES)
        form = self.get_form()
        if "save" not in request.POST:
            return self.render_to_response(self.get_context_data(form=form, again=True))
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def act(self, form: Any) -> None:
        told = {name: form.cleaned_data[name] for name in (*WORDS, "version")}
        announce_wave(by=self.request.user, wave=self.wave, claims=self.claims, services=self.services, **told)  # type: ignore[arg-type]

    def refused(self, form: Any, refused: Refused) -> HttpResponse:
        self.faults = refused.detail
        if refused.field in ("claims", "services"):
            return self.render_to_response(self.get_context_data(form=form, has_errors=True), status=refused.status)
        return super().refused(form, refused)

    faults: list[dict[str, Any]] = []

    def _list(self) -> dict[str, Any]:
        """The list by region: as it will be, or as it was released, with the corrections since."""
        user, number = self.request.user, self.wave.number
        found = listings.release_of(user, number) if self.wave.state == WaveState.RELEASED else None
        if found is None:
            return {"regions": self.basis.regions, "href": "/staff/bids/"}
        release, then = found
        moment = Moment.now()
        told = listings.listings_of(user, moment, number)
        names = names_of({f.region for f in told if f.region}, release.announced_on)
        return {
            "released": True,
            "regions": listings.as_released(told, then, listings.released_rows(user, then, number), names),
            "corrections": listings.corrections(told, names),
            "href": "/pathfinders/",
            "correct": may(user, Permission.CHANGE_REGISTER),
        }

    def _formset(self, formset: Any, rows: Rows, prefix: str, what: str) -> Any:
        drawn = bound_rows(formset, [*rows, {}], prefix)  # one empty row
        drawn.is_valid()
        for fault in self.faults:
            if what in fault:
                row: forms.Form = drawn.forms[fault[what] - 1]
                row.add_error(fault["field"] if fault["field"] in row.fields else None, fault["message"])
        return drawn

    def get_success_url(self) -> str:
        return f"{self.href}announcement/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        claims = self._formset(ClaimRows, self.claims, "c", "claim")
        services = self._formset(ServiceRows, self.services, "s", "service")
        read = [said_of_row(row, self.wave.number, self.basis) for row in self.claims]
        said = [*read, ("empty", "", None)]
        form = kwargs.get("form")
        texts = [str(form[name].value() or "") if form else self.get_initial()[name] for name in WORDS]
        loose = loose_sentences(texts, [claim for _, _, claim in read if claim], self.services)
        return super().get_context_data(
            title=f"Announcement of wave {self.wave.number}",
            wave=self.wave,
            draft=self.draft,
            why_not=why_not(self.wave, self.request.user, "announce"),
            saved=compared(self.draft, self.basis) if self.draft else [],
            claim_rows=[
                {"form": form, "state": state, "tag": TAGS.get(state), "sentence": sentence, "n": n}
                for n, (form, (state, sentence, _)) in enumerate(zip(claims, said, strict=True))
            ],
            claims=claims,
            services=services,
            all_forms=[*claims.forms, *services.forms],
            loose=loose,
            frozen=self.wave.state == WaveState.FROZEN,
            **self._list(),
            **kwargs,
        )


class CheckFigures(OfAnnouncement, View):
    """What the page says of the figures as they are typed, as JSON; writes nothing."""

    permission = Permission.MANAGE_WAVES

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        names, number = list(ClaimRow.base_fields), self.wave.number
        told, claims = [], []
        for n in range(min(_whole(request.POST.get("c-TOTAL_FORMS", "")), 250)):
            row = {name: request.POST.get(f"c-{n}-{name}", "").strip() for name in names}
            if not any(row[name] for name in names if name not in ClaimRow.empty):
                told.append({"row": n, "state": "empty", "label": "", "sentence": ""})
                continue
            state, sentence, claim = said_of_row(row, number, self.basis)
            told.append({"row": n, "state": state, "label": TAGS[state][0], "sentence": sentence})
            claims += [claim] if claim else []
        texts = [request.POST.get(name, "") for name in WORDS]
        loose = loose_sentences(texts, claims, typed_rows(ServiceRow, request.POST, "s"))
        return JsonResponse({"claims": told, "loose": loose})


class DraftListFile(OfAnnouncement, View):
    """The list by region as it will be announced, for programme staff alone."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        name = f"wave-{self.wave.number}-list-embargoed.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        write = TableWriter(response)
        write.writerow(HEADINGS)
        write.writerows(csv_rows(self.basis.regions))
        return response


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0
