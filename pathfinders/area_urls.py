from django.urls import path

from pathfinders.views import area, practice
from pathfinders.views.files import RegionFile

urlpatterns = [
    path("practice/", practice.PracticeHome.as_view(), name="practice_home"),
    path("practice/bids/<str:ref>/<str:code>/", practice.AnswerClaim.as_view(), name="practice_answer"),
    path("pct/", area.AreaHome.as_view(), name="area_home"),
    path("pct/bids/<str:ref>/files/<int:pk>/", RegionFile.as_view(), name="area_file"),
]
