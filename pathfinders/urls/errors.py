"""Reported errors, for who answers them: programme staff, and a consortium's lead and deputies."""

from django.urls import path

from pathfinders.views import errors

staff = [
    path("errors/", errors.StaffErrors.as_view(), name="staff_errors"),
    path("errors/<str:ref>/", errors.StaffError.as_view(), name="staff_error"),
]
lead = [
    path("consortia/<str:consortium>/errors/", errors.LeadErrors.as_view(), name="lead_errors"),
    path("consortia/<str:consortium>/errors/<str:ref>/", errors.LeadError.as_view(), name="lead_error"),
]
