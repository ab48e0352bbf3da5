from django.urls import include, path

from pathfinders.urls import transition
from pathfinders.views import area_criteria, outbox, practice, practice_transfers, region
from pathfinders.views.files import RegionFile

urlpatterns = [
    path("practice/", practice.PracticeHome.as_view(), name="practice_home"),
    path("practice/", include("pathfinders.urls.practice")),
    path("practice/bids/<str:ref>/<str:code>/", practice.AnswerClaim.as_view(), name="practice_answer"),
    path("practice/<str:code>/transfers/", practice_transfers.PracticeTransfers.as_view(), name="practice_transfers"),
    path(
        "practice/<str:code>/transfers/<int:pk>/",
        practice_transfers.AnswerTransfer.as_view(),
        name="practice_answer_transfer",
    ),
    path("outbox/", outbox.Outbox.as_view(), name="outbox"),
    path("pct/", region.AreaHome.as_view(), name="area_home"),
    path("pct/criteria/", area_criteria.Criteria.as_view(), name="area_criteria"),
    path("pct/criteria/<str:scope>/", area_criteria.PublishLocal.as_view(), name="area_publish_criteria"),
    path("pct/bids/<str:ref>/", region.AreaBid.as_view(), name="area_bid"),
    path("pct/bids/<str:ref>/reply/<str:code>/", region.Opinion.as_view(), name="area_opinion"),
    path("", include("pathfinders.urls.area_left_out")),
    path("pct/bids/<str:ref>/files/<int:pk>/", RegionFile.as_view(), name="area_file"),
    *transition.own,
]
