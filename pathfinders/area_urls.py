from django.urls import path

from pathfinders.views import area

urlpatterns = [
    path("practice/", area.PracticeHome.as_view(), name="practice_home"),
    path("pct/", area.AreaHome.as_view(), name="area_home"),
]
