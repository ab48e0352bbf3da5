from django.urls import path

from pathfinders.views import area, outbox

urlpatterns = [
    path("practice/", area.PracticeHome.as_view(), name="practice_home"),
    path("outbox/", outbox.Outbox.as_view(), name="outbox"),
    path("pct/", area.AreaHome.as_view(), name="area_home"),
]
