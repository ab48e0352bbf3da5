"""Addresses of the transition: local bodies, clusters, milestones."""

from django.urls import URLPattern, path

from pathfinders.views.lead import local_bodies as lead
from pathfinders.views.public.transition import clusters, local_bodies, milestones
from pathfinders.views.staff import cluster_steps
from pathfinders.views.staff import clusters as staff_clusters
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
    path(
        "pct/<str:code>/local-bodies/<str:ref>/undo/<int:number>/",
        kept.UndoLocalBody.as_view(),
        name="trust_undo_local_body",
    ),
]
of_consortium: list[URLPattern] = [
    path("<str:ref>/local-bodies/", lead.LocalBodies.as_view(), name="lead_local_bodies"),
    path("<str:ref>/local-bodies/new/", lead.NewLocalBody.as_view(), name="lead_new_local_body"),
    path("<str:ref>/local-bodies/<str:local>/", lead.ChangeLocalBody.as_view(), name="lead_local_body"),
    path("<str:ref>/local-bodies/<str:local>/end/", lead.EndLocalBody.as_view(), name="lead_end_local_body"),
    path(
        "<str:ref>/local-bodies/<str:local>/undo/<int:number>/",
        lead.UndoLocalBody.as_view(),
        name="lead_undo_local_body",
    ),
]
staff: list[URLPattern] = [
    path("clusters/", staff_clusters.Clusters.as_view(), name="staff_clusters"),
    path("clusters/new/", cluster_steps.NewCluster.as_view(), name="staff_new_cluster"),
    path("clusters/<str:ref>/", staff_clusters.ClusterPage.as_view(), name="staff_cluster"),
    path("clusters/<str:ref>/name/", cluster_steps.RenameCluster.as_view(), name="staff_rename_cluster"),
    path("clusters/<str:ref>/members/", cluster_steps.AddMembers.as_view(), name="staff_cluster_members"),
    path("clusters/<str:ref>/members/<str:code>/leave/", cluster_steps.Leave.as_view(), name="staff_leave_cluster"),
    path("clusters/<str:ref>/end/", cluster_steps.EndCluster.as_view(), name="staff_end_cluster"),
    path("clusters/<str:ref>/undo/<int:number>/", cluster_steps.UndoCluster.as_view(), name="staff_undo_cluster"),
]
