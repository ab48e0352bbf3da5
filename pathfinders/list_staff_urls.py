from django.urls import path, re_path

from pathfinders.views.staff import memberships

urlpatterns = [
    path("", memberships.Memberships.as_view(), name="staff_memberships"),
    re_path(r"^template\.(?P<ending>csv|xlsx)$", memberships.Template.as_view(), name="staff_list_template"),
    path("<int:pk>/", memberships.OneFile.as_view(), name="staff_list"),
    path("<int:pk>/answer.csv", memberships.Answer.as_view(), name="staff_list_answer"),
]
