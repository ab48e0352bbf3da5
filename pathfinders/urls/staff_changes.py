"""Staff's pages of one practice's membership, and of incoming changes, under /staff/."""

from django.urls import path

from pathfinders.views import work
from pathfinders.views.staff import membership
from pathfinders.views.staff import membership_steps as steps

PRACTICE = "practices/<str:code>/membership/"

urlpatterns = [
    path(PRACTICE, membership.MembershipPage.as_view(), name="staff_membership"),
    path(f"{PRACTICE}undo/<int:number>/", steps.Undo.as_view(), name="staff_membership_undo"),
    path(f"{PRACTICE}address/<int:pk>/end/", steps.EndAddress.as_view(), name="staff_membership_end_address"),
    *[path(f"{PRACTICE}{view.path}/", view.as_view(), name=f"staff_membership_{view.path}") for view in steps.STEPS],
    path("work/", work.StaffWork.as_view(), name="staff_work"),
    path("work/<int:pk>/", work.StaffFinish.as_view(), name="staff_finish_work"),
]
