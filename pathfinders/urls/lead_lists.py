from django.urls import path

from pathfinders.views.lead import adding

urlpatterns = [
    *[
        path(f"template.{ending}", adding.Template.as_view(), {"ending": ending}, name=f"lead_list_template_{ending}")
        for ending in ("csv", "xlsx")
    ],
    path("<str:ref>/members/add/", adding.Add.as_view(), name="lead_add_members"),
    path("<str:ref>/uploads/", adding.ListsSent.as_view(), name="lead_lists"),
    path("<str:ref>/uploads/<int:pk>/", adding.OwnList.as_view(), name="lead_list"),
    path("<str:ref>/uploads/<int:pk>/answer.csv", adding.OwnAnswer.as_view(), name="lead_list_answer"),
]
