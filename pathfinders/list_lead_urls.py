from django.urls import path, re_path

from pathfinders.views.lead import adding

urlpatterns = [
    re_path(r"^template\.(?P<ending>csv|xlsx)$", adding.Template.as_view(), name="lead_list_template"),
    path("<str:ref>/members/add/", adding.Add.as_view(), name="lead_add_members"),
    path("<str:ref>/uploads/", adding.OwnLists.as_view(), name="lead_lists"),
    path("<str:ref>/uploads/<int:pk>/", adding.OwnList.as_view(), name="lead_list"),
    path("<str:ref>/uploads/<int:pk>/answer.csv", adding.OwnAnswer.as_view(), name="lead_list_answer"),
]
