"""Addresses of the transition: local body."""

from django.urls import URLPattern, path

from pathfinders.views.lead import local_bodies as lead
from pathfinders.views.public.transition import clusters, local_bodies, milestones
from pathfinders.views.transition import local_bodies as kept

public: list[URLPattern] = [
    path("transitions/local-bodies/", local_bodies.LocalBodyList.as_view(), name="local_bodies"),
    path("transitions/local-bodies/<str:ref>/", local_bodies.LocalBodyPage.as_view(), name="local_body"),
    path("transitions/clusters/", clusters.ClusterList.as_view(), name="clusters"),
    path("transitions/milestones/", milestones.MilestonesPage.as_view(), name="milestones"),
]
own: list[URLPattern] = [
    path("pct/<str:code>/local-bodies/", kept.LocalBodies.as_view(), name="trust_local_bodies"),
    path("pct/<str:code>/local-bodies/new/", kept.NewLocalBody.as_view(), name="trust_new_local_body"),
    path("pct/<str:code>/local-bodies/<str:ref>/", kept.ChangeLocalBody.as_view(), name="trust_local_body"),
    path("pct/<str:code>/local-bodies/<str:ref>/end/", kept.EndLocalBody.as_view(), name="trust_end_local_body"),
]
of_consortium: list[URLPattern] = [
    path("<str:ref>/local-bodies/", lead.LocalBodies.as_view(), name="lead_local_bodies"),
    path("<str:ref>/local-bodies/new/", lead.NewLocalBody.as_view(), name="lead_new_local_body"),
    path("<str:ref>/local-bodies/<str:local>/", lead.ChangeLocalBody.as_view(), name="lead_local_body"),
    path("<str:ref>/local-bodies/<str:local>/end/", lead.EndLocalBody.as_view(), name="lead_end_local_body"),
]
staff: list[URLPattern] = []
