from django.urls import path

from pathfinders.views.files import LeadFile
from pathfinders.views.lead import after, draft, home, practices, rows, submission

urlpatterns = [
    path("", home.Home.as_view(), name="lead_home"),
    path("practices-template.csv", practices.Template.as_view(), name="lead_practices_template"),
    path("start/", home.Start.as_view(), name="lead_start"),
    path("bids/<str:ref>/", home.BidPage.as_view(), name="lead_bid"),
    path("bids/<str:ref>/details/", draft.Details.as_view(), name="lead_details"),
    path("bids/<str:ref>/consortia/", rows.Consortia.as_view(), name="lead_consortia"),
    path("bids/<str:ref>/practices/", practices.Practices.as_view(), name="lead_practices"),
    path("bids/<str:ref>/evidence/<slug:criterion>/", draft.Evidence.as_view(), name="lead_evidence"),
    path("bids/<str:ref>/leaders/", rows.Leaders.as_view(), name="lead_leaders"),
    path("bids/<str:ref>/partners/", draft.Partners.as_view(), name="lead_partners"),
    path("bids/<str:ref>/files/<int:pk>/", LeadFile.as_view(), name="lead_file"),
    path("bids/<str:ref>/check/", submission.Check.as_view(), name="lead_check"),
    path("bids/<str:ref>/send-back/", submission.SendBack.as_view(), name="lead_send_back"),
    path("bids/<str:ref>/withdraw/", submission.Withdraw.as_view(), name="lead_withdraw"),
    path("bids/<str:ref>/review/", after.RequestReview.as_view(), name="lead_request_review"),
    path("bids/<str:ref>/again/", after.Again.as_view(), name="lead_resubmit"),
    path("bids/<str:ref>/leave/", after.Leave.as_view(), name="lead_ask_to_withdraw"),
    path("bids/<str:ref>/conditions/", after.AnswerCondition.as_view(), name="lead_answer_condition"),
    path("bids/<str:ref>/difference/", after.Difference.as_view(), name="lead_difference"),
]
