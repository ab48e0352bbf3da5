"""Addresses of the transition: local body."""

from django.urls import URLPattern, path

from pathfinders.views.public.transition import clusters, local_bodies, milestones

public: list[URLPattern] = [
    path("transitions/local-bodies/", local_bodies.LocalBodyList.as_view(), name="local_bodies"),
    path("transitions/local-bodies/<str:ref>/", local_bodies.LocalBodyPage.as_view(), name="local_body"),
    path("transitions/clusters/", clusters.ClusterList.as_view(), name="clusters"),
    path("transitions/milestones/", milestones.MilestonesPage.as_view(), name="milestones"),
]
own: list[URLPattern] = []
staff: list[URLPattern] = []
