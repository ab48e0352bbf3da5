"""Addresses of the transition: the national close, and who follows a body."""

from django.urls import URLPattern, path

from pathfinders.views.staff import closing

staff: list[URLPattern] = [
    path("close/", closing.Rehearse.as_view(), name="staff_close"),
    path("close/lists/<slug:listed>.csv", closing.ListFile.as_view(), name="staff_close_list"),
    path("close/confirm/", closing.Close.as_view(), name="staff_close_confirm"),
    path("close/succession/", closing.RecordSuccession.as_view(), name="staff_record_succession"),
    path("close/<int:number>/", closing.Closed.as_view(), name="staff_closed"),
    path("close/<int:number>/undo/", closing.Undo.as_view(), name="staff_undo_close"),
]
