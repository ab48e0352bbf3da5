"""Addresses of the transition: transition."""

from django.urls import URLPattern, path

from pathfinders.views.public.transition import evidence

public: list[URLPattern] = [
    path("transitions/evidence/", evidence.EvidenceList.as_view(), name="evidence_list"),
    path("transitions/evidence/<str:ref>/", evidence.EvidencePage.as_view(), name="evidence"),
]
own: list[URLPattern] = []
staff: list[URLPattern] = []
