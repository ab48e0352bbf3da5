from django.urls import path

from pathfinders.views.staff import disputes, left_out, milestones

urlpatterns = [
    path("disputes/", disputes.Disputes.as_view(), name="staff_disputes"),
    path("disputes/<str:code>/", disputes.Dispute.as_view(), name="staff_dispute"),
    path("left-out/", left_out.LeftOutList.as_view(), name="staff_left_out"),
    path("left-out/<str:code>/", left_out.LeftOutPractice.as_view(), name="staff_left_out_practice"),
    path("left-out/<str:code>/why/", left_out.StaffSayWhy.as_view(), name="staff_say_why"),
    path("left-out/<str:code>/steps/<str:kind>/", left_out.TakeStep.as_view(), name="staff_take_step"),
    path("left-out/<str:code>/allocate/", left_out.Allocate.as_view(), name="staff_allocate"),
    path("milestones/", milestones.Milestones.as_view(), name="staff_milestones"),
    path("milestones/new/", milestones.SetMilestone.as_view(), name="staff_set_milestone"),
]
