from django.urls import path

from pathfinders.views import area, area_criteria, region

urlpatterns = [
    path("practice/", area.PracticeHome.as_view(), name="practice_home"),
    path("pct/", region.AreaHome.as_view(), name="area_home"),
    path("pct/criteria/", area_criteria.Criteria.as_view(), name="area_criteria"),
    path("pct/criteria/<str:scope>/", area_criteria.PublishLocal.as_view(), name="area_publish_criteria"),
    path("pct/bids/<str:ref>/", region.AreaBid.as_view(), name="area_bid"),
    path("pct/bids/<str:ref>/reply/<str:code>/", region.Opinion.as_view(), name="area_opinion"),
]
