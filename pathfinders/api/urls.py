"""/api/v1/: lists under their names, one row under its code or reference."""

from __future__ import annotations

from django.urls import path, re_path

from pathfinders.api import (
    bids,
    description,
    local_bodies,
    membership,
    membership_lists,
    snapshots,
    sources,
    surveys,
    transitions,
    views,
)
from pathfinders.api.budgets import Budgets
from pathfinders.api.carry import Carry
from pathfinders.api.changes import Changes
from pathfinders.api.coverage import Coverage
from pathfinders.api.crosswalk import Crosswalk
from pathfinders.api.decisions import DecisionSummary
from pathfinders.api.dictionary import Dictionary
from pathfinders.api.record_history import History
from pathfinders.api.search import Search

LISTS = (
    ("practices", views.Practices, views.Practice, "<str:code>"),
    ("parents", views.Parents, views.Parent, "<str:code>"),
    ("pcts", views.Pcts, views.Pct, "<str:code>"),
    ("shas", views.Shas, views.Sha, "<str:code>"),
    ("consortia", views.Consortia, views.Consortium, "<str:ref>"),
    ("pathfinders", views.Pathfinders, views.Pathfinder, "<str:ref>"),
    ("waves", views.Waves, views.Wave, "<int:number>"),
    ("services", views.Services, views.Service, "<str:ref>"),
    ("milestones", views.Milestones, views.Milestone, "<str:key>"),
    ("transitions", transitions.Transitions, transitions.Transition, "<str:code>"),
    ("local-bodies", local_bodies.LocalBodies, local_bodies.LocalBody, "<str:ref>"),
    ("clusters", local_bodies.Clusters, local_bodies.Cluster, "<str:ref>"),
    ("announcements", views.Announcements, views.Announcement, "<str:ref>"),
    ("evidence", sources.EvidenceList, sources.OneEvidence, "<str:ref>"),
    ("surveys", surveys.Surveys, surveys.OneSurvey, "<str:ref>"),
)

urlpatterns = [
    path("", views.Index.as_view(), name="api-index"),
    *[path(f"{name}/", listed.as_view(), name=f"api-{name}") for name, listed, _, _ in LISTS],
    *[path(f"{name}/{key}/", one.as_view(), name=f"api-{name}-one") for name, _, one, key in LISTS],
    path(
        "consortia/<str:ref>/membership/", membership.ConsortiumMembership.as_view(), name="api-consortium-membership"
    ),
    path("consortia/<str:ref>/membership/claim_list/", membership_lists.ClaimList.as_view(), name="api-claim-list"),
    *[
        path(f"consortia/<str:ref>/membership/{name}/", view, name=f"api-consortium-{name}")
        for name, view in membership.consortium_steps()
    ],
    path("practices/<str:code>/membership/", membership.PracticeMembership.as_view(), name="api-practice-membership"),
    *[
        path(f"practices/<str:code>/membership/{name}/", view, name=f"api-practice-{name}")
        for name, view in membership.practice_steps()
    ],
    path("memberships/import/", membership_lists.ImportList.as_view(), name="api-memberships-import"),
    path("memberships/", views.Memberships.as_view(), name="api-memberships"),
    path("decisions/", views.Decisions.as_view(), name="api-decisions"),
    path("bids/", bids.Bids.as_view(), name="api-bids"),
    path("bids/<str:ref>/", bids.OneBid.as_view(), name="api-bids-one"),
    *[path(f"bids/<str:ref>/{name}/", view, name=f"api-bids-{name}") for name, view in bids.steps()],
    path("decisions/summary/", DecisionSummary.as_view(), name="api-decisions-summary"),
    path("unaffiliated/", views.Unaffiliated.as_view(), name="api-unaffiliated"),
    path("budgets/", Budgets.as_view(), name="api-budgets"),
    path("coverage/", Coverage.as_view(), name="api-coverage"),
    path("crosswalk/", Crosswalk.as_view(), name="api-crosswalk"),
    path("crosswalk/carry/", Carry.as_view(), name="api-crosswalk-carry"),
    path("practices/<str:code>/history/", History.as_view(), name="api-practices-history"),
    path("surveys/<str:ref>/answers/", surveys.SurveyAnswers.as_view(), name="api-surveys-answers"),
    path("search/", Search.as_view(), name="api-search"),
    path("snapshots/", snapshots.Snapshots.as_view(), name="api-snapshots"),
    path("snapshots/<str:ref>/", snapshots.Snapshot.as_view(), name="api-snapshots-one"),
    path("snapshots/<str:ref>/diff/<str:newer>/", snapshots.SnapshotDifference.as_view(), name="api-snapshots-diff"),
    path("changes/", Changes.as_view(), name="api-changes"),
    path("dictionary/", Dictionary.as_view(), name="api-dictionary"),
    path("schema/", description.Schema.as_view(), name="api-schema"),
    path("docs/", description.Docs.as_view(), name="api-docs"),
    re_path(r"^.*$", views.Nothing.as_view()),
]
