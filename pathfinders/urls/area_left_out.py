from django.urls import path

from pathfinders.views import addresses, left_out

urlpatterns = [
    path("pct/left-out/", left_out.LeftOutOfTheTrust.as_view(), name="area_left_out"),
    path("pct/left-out/<str:code>/", left_out.TrustSaysWhy.as_view(), name="area_say_why"),
    path("pct/addresses/", addresses.TrustAddresses.as_view(), name="area_addresses"),
    path("pct/addresses/<str:code>/", addresses.TrustAddress.as_view(), name="area_address"),
    path("pct/addresses/<str:code>/end/", addresses.EndTrustAddress.as_view(), name="area_end_address"),
    path("practice/<str:code>/left-out/", left_out.PracticeSaysWhy.as_view(), name="practice_say_why"),
]
