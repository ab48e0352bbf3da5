"""The pages of a practice's manager, under /practice/."""

from django.urls import path

from pathfinders.views import practice_nearby, practice_report, scans

urlpatterns = [
    path("<str:code>/report/", practice_report.Report.as_view(), name="practice_report"),
    path("<str:code>/left-out/", practice_report.WhyLeftOut.as_view(), name="practice_left_out"),
    path("<str:code>/consortia/", practice_nearby.Nearby.as_view(), name="practice_consortia"),
    path("<str:code>/paper/<int:pk>/", scans.OwnScan.as_view(), name="practice_scan"),
    path("<str:code>/transfer/", practice_nearby.AskTransfer.as_view(), name="practice_transfer"),
]
