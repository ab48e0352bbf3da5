from django.urls import path

from pathfinders.views.staff import memberships

urlpatterns = [
    path("", memberships.Memberships.as_view(), name="staff_memberships"),
    *[
        path(
            f"template.{ending}",
            memberships.Template.as_view(),
            {"ending": ending},
            name=f"staff_list_template_{ending}",
        )
        for ending in ("csv", "xlsx")
    ],
    path("<int:pk>/", memberships.OneFile.as_view(), name="staff_list"),
    path("<int:pk>/answer.csv", memberships.Answer.as_view(), name="staff_list_answer"),
]
