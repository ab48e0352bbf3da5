"""Keeping evidence itself: what it is, put right; its documents, attached and withdrawn (staff, and trusts' leads)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import FileResponse, Http404
from django.utils.html import format_html
from django.views import View
from django.views.generic import TemplateView

from pathfinders.forms.evidence_keeping import AttachForm, CorrectForm, WithdrawForm
from pathfinders.views.access import Guarded
from pathfinders.views.public.transition.words import when_words
from pathfinders.views.steps import StepPage
from pathfinders.views.transition.base import HOME, STAFF
from registry.authorization import Permission
from registry.errors import not_allowed
from registry.files.documents import SOURCES
from registry.files.giving import given
from registry.pages.tables import Column, Table
from transitions.actions import attach_document, correct_evidence, withdraw_document
from transitions.actions.evidence import newest_telling
from transitions.evidence_permissions import (
    may_attach,
    may_correct,
    may_withdraw,
    require_attach,
    require_correct,
    require_withdraw,
)
from transitions.models import Evidence, EvidenceDocument, EvidenceKind, EvidenceParticulars
from transitions.permissions import everywhere


class OfEvidence(Guarded):
    """Mixin, first in the bases: `self.evidence`, which the address names and the user keeps (else 403)."""

    permission = Permission.KEEP_TRANSITION
    request: Any
    kwargs: dict[str, Any]

    def require(self) -> None:
        user, evidence = self.request.user, self.evidence
        if not (may_attach(user, evidence) or may_correct(user, evidence)):
            raise not_allowed(f"{evidence.ref} says nothing of a trust that you lead now: ask programme staff.")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            self.require()
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def evidence(self) -> Evidence:
        ref = self.kwargs["ref"].upper()
        found = Evidence.objects.visible_to(self.request.user).filter(ref=ref).first() if "\0" not in ref else None
        if found is None:
            raise Http404(f"The register has no evidence “{ref[:20]}”. It is listed under “Evidence”.")
        return found

    @cached_property
    def told(self) -> EvidenceParticulars:
        """What the register says now that it is."""
        told = EvidenceParticulars.objects.visible_to(self.request.user).current()
        return told.get(evidence=self.evidence, effective__upper_inf=True)

    @property
    def href(self) -> str:
        return f"/pct/evidence/{self.evidence.ref}/"

    @property
    def crumbs(self) -> Sequence[tuple[str, str]]:
        return [STAFF if everywhere(self.request.user) else HOME, (self.evidence.ref, self.href)]

    @property
    def back(self) -> tuple[str, str]:
        return ("Cancel", self.href)

    def get_success_url(self) -> str:
        return self.href


class KeepEvidence(OfEvidence, TemplateView):
    template_name = "area/transition/evidence.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told, user = self.told, self.request.user
        return super().get_context_data(
            title=f"{told.title} ({self.evidence.ref})",
            crumbs=self.crumbs[:1],
            evidence=self.evidence,
            told=told,
            kind=EvidenceKind(told.kind).label,
            when=when_words(told.said_on, told.words),
            documents=self._documents(),
            may_attach=may_attach(user, self.evidence),
            may_correct=may_correct(user, self.evidence),
            **kwargs,
        )

    def _documents(self) -> Table | None:
        """Those that stand, then those that were withdrawn, with why."""
        facts = EvidenceDocument.objects.visible_to(self.request.user).filter(evidence=self.evidence)
        found = list(facts.select_related("opened_by", "closed_by").order_by("closed_by", "pk"))
        found.sort(key=lambda fact: fact.closed_by is not None)
        columns = (
            Column("name", "Document", show=self._link),
            Column("size", "Bytes", kind="number"),
            Column(
                "sha256",
                "SHA-256",
                show=lambda row: format_html('<code class="site-code site-hash">{}</code>', row["sha256"]),
            ),
            Column("state", "State"),
            Column("change", "Change", show=self._change),
        )
        rows = [vars(fact) | {"fact": fact, "state": _state(fact)} for fact in found]
        return Table(columns, rows, "Documents", caption_spoken=True) if rows else None

    def _link(self, row: dict[str, Any]) -> Any:
        if row["fact"].closed_by and not may_withdraw(self.request.user, row["fact"]):
            return row["name"]
        label = SOURCES[row["kind"]].label
        return format_html(
            '<div><a class="nhsuk-link" href="{}documents/{}/">{}</a> ({})</div>',
            self.href,
            row["sha256"],
            row["name"],
            label,
        )

    def _change(self, row: dict[str, Any]) -> Any:
        if row["fact"].closed_by or not may_withdraw(self.request.user, row["fact"]):
            return ""
        return format_html(
            '<a class="nhsuk-link" href="{}documents/{}/withdraw/">Withdraw<span class="nhsuk-u-visually-hidden">: {}</span></a>',
            self.href,
            row["sha256"],
            row["name"],
        )


def _state(fact: EvidenceDocument) -> str:
    if fact.closed_by is None:
        return "Everybody can read it"
    return f"Withdrawn, entry {fact.closed_by.number}: {fact.closed_by.reason}"


class CorrectEvidence(OfEvidence, StepPage):
    template_name = "area/transition/correct_evidence.html"
    title = "Correct what it is"
    button = "Correct it"
    done = "It was corrected; what the register said before stays in its history"
    form_class = CorrectForm

    def require(self) -> None:
        require_correct(self.request.user, self.evidence)

    def current(self) -> int:
        self.__dict__.pop("told", None)
        return newest_telling(self.evidence)

    def get_initial(self) -> dict[str, Any]:
        told = self.told
        return {"version": self.current()} | {f.name: getattr(told, f.name) for f in told.value_fields()}

    def act(self, form: Any) -> None:
        data = form.cleaned_data
        correct_evidence(
            by=self.request.user, evidence=self.evidence, source=form.source(), why=data["why"], seen=data["version"]
        )


class AttachDocument(OfEvidence, StepPage):
    title = "Attach a document"
    button = "Attach it"
    done = "The document is attached; everybody can read it now"
    form_class = AttachForm

    def require(self) -> None:
        require_attach(self.request.user, self.evidence)

    def act(self, form: Any) -> None:
        file, why = form.cleaned_data["file"], form.cleaned_data["why"]
        attach_document(by=self.request.user, evidence=self.evidence, name=file.name, file=file, why=why)


class OfDocument(OfEvidence):
    """Mixin: `self.document`, the newest that the evidence had of these bytes, standing or withdrawn."""

    @cached_property
    def document(self) -> EvidenceDocument:
        sha256 = self.kwargs["sha256"]
        told = EvidenceDocument.objects.visible_to(self.request.user).filter(evidence=self.evidence, sha256=sha256)
        found = told.select_related("opened_by").order_by("-opened_by").first() if "\0" not in sha256 else None
        if found is None:
            raise Http404(f"{self.evidence.ref} has no such document. See its page.")
        return found


class KeptDocument(OfDocument, View):
    """Its bytes, for who keeps the evidence; once withdrawn, for staff and who attached it."""

    def get(self, request: Any, ref: str, sha256: str) -> FileResponse:
        row = self.document
        if row.closed_by_id:
            require_withdraw(request.user, row)
        return given(row.sha256, row.name, row.kind, f"document {row.pk} of {self.evidence.ref}")


class WithdrawDocument(OfDocument, StepPage):
    template_name = "area/transition/withdraw_document.html"
    button = "Withdraw it"
    warning = True
    done = "The document was withdrawn: only programme staff, and who attached it, can still read it"
    form_class = WithdrawForm

    def require(self) -> None:
        require_withdraw(self.request.user, self.document)

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Withdraw “{self.document.name}”"

    def act(self, form: Any) -> None:
        withdraw_document(by=self.request.user, document=self.document, why=form.cleaned_data["why"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(document=self.document, evidence=self.evidence, **kwargs)
