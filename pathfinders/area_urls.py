from django.urls import path

from pathfinders.views import area, area_criteria

urlpatterns = [
    path("practice/", area.PracticeHome.as_view(), name="practice_home"),
    path("pct/criteria/", area_criteria.Criteria.as_view(), name="area_criteria"),
    path("pct/criteria/<str:scope>/", area_criteria.PublishLocal.as_view(), name="area_publish_criteria"),
    path("pct/", area.AreaHome.as_view(), name="area_home"),
]
