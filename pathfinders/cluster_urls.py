"""Addresses of the transition: clusters, for programme staff."""

from django.urls import URLPattern, path

from pathfinders.views.staff import cluster_steps, clusters

staff: list[URLPattern] = [
    path("clusters/", clusters.Clusters.as_view(), name="staff_clusters"),
    path("clusters/new/", cluster_steps.NewCluster.as_view(), name="staff_new_cluster"),
    path("clusters/<str:ref>/", clusters.ClusterPage.as_view(), name="staff_cluster"),
    path("clusters/<str:ref>/name/", cluster_steps.RenameCluster.as_view(), name="staff_rename_cluster"),
    path("clusters/<str:ref>/members/", cluster_steps.AddMembers.as_view(), name="staff_cluster_members"),
    path("clusters/<str:ref>/members/<str:code>/leave/", cluster_steps.Leave.as_view(), name="staff_leave_cluster"),
    path("clusters/<str:ref>/end/", cluster_steps.EndCluster.as_view(), name="staff_end_cluster"),
    path("clusters/<str:ref>/undo/<int:number>/", cluster_steps.UndoCluster.as_view(), name="staff_undo_cluster"),
]
