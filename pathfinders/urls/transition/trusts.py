"""Addresses of the transition: a trust's stages and plans, their evidence, their words."""

from django.urls import URLPattern, path

from pathfinders.views.public.transition import evidence
from pathfinders.views.staff import transitions
from pathfinders.views.transition import evidence as kept
from pathfinders.views.transition import plans, stages, trust, undoing

public: list[URLPattern] = [
    path("transitions/evidence/", evidence.EvidenceList.as_view(), name="evidence_list"),
    path("transitions/evidence/<str:ref>/", evidence.EvidencePage.as_view(), name="evidence"),
    path(
        "transitions/evidence/<str:ref>/documents/<str:sha256>/",
        evidence.Document.as_view(),
        name="evidence_document",
    ),
]
own: list[URLPattern] = [
    path("pct/evidence/<str:ref>/", kept.KeepEvidence.as_view(), name="keep_evidence"),
    path("pct/evidence/<str:ref>/correct/", kept.CorrectEvidence.as_view(), name="correct_evidence"),
    path("pct/evidence/<str:ref>/attach/", kept.AttachDocument.as_view(), name="attach_document"),
    path("pct/evidence/<str:ref>/documents/<str:sha256>/", kept.KeptDocument.as_view(), name="kept_document"),
    path(
        "pct/evidence/<str:ref>/documents/<str:sha256>/withdraw/",
        kept.WithdrawDocument.as_view(),
        name="withdraw_document",
    ),
    path("pct/<str:code>/", trust.TrustPage.as_view(), name="trust"),
    path("pct/<str:code>/stage/", stages.SetStage.as_view(), name="trust_stage"),
    path("pct/<str:code>/stage/<str:ref>/clear/", stages.ClearStage.as_view(), name="trust_clear_stage"),
    path("pct/<str:code>/plan/", plans.PlanStage.as_view(), name="trust_plan"),
    path("pct/<str:code>/plan/<slug:stage>/drop/", plans.DropPlan.as_view(), name="trust_drop_plan"),
    path("pct/<str:code>/undo/<int:number>/", undoing.UndoStage.as_view(), name="trust_undo"),
]
staff: list[URLPattern] = [
    path("transitions/", transitions.Transitions.as_view(), name="staff_transitions"),
    path("transitions/words/", transitions.Words.as_view(), name="staff_transition_words"),
    path("transitions/words/new/", transitions.AddWord.as_view(), name="staff_add_transition_word"),
    path(
        "transitions/words/<slug:kind>/<slug:key>/end/",
        transitions.EndWord.as_view(),
        name="staff_end_transition_word",
    ),
]
