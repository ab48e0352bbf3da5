"""Addresses of the transition: local bodies, clusters, milestones."""

from django.urls import URLPattern, path

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
staff: list[URLPattern] = []
