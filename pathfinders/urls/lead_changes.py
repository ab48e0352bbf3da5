"""Changes of one consortium's membership, under /lead/consortia/."""

from django.urls import path

from pathfinders.views import work
from pathfinders.views.lead.membership import changes, member, transfers

urlpatterns = [
    path("<str:ref>/changes/", changes.Changes.as_view(), name="lead_changes"),
    path("<str:ref>/changes/<int:number>/undo/", changes.Undo.as_view(), name="lead_undo"),
    path("<str:ref>/transfers/", transfers.Transfers.as_view(), name="lead_transfers"),
    path("<str:ref>/transfers/ask/", transfers.AskTransfer.as_view(), name="lead_ask_transfer"),
    path("<str:ref>/transfers/<int:pk>/", transfers.OneTransfer.as_view(), name="lead_transfer"),
    path("<str:ref>/work/", work.LeadWork.as_view(), name="lead_work"),
    path("<str:ref>/work/<int:pk>/", work.LeadFinish.as_view(), name="lead_finish_work"),
    path("<str:ref>/members/<str:code>/end/", member.EndMembership.as_view(), name="lead_end_membership"),
    path("<str:ref>/members/<str:code>/correct/", member.CorrectClaim.as_view(), name="lead_correct_claim"),
    path("<str:ref>/members/<str:code>/", member.MemberPage.as_view(), name="lead_member"),
]
