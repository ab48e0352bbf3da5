"""The public pages (architecture.md section 8)."""

from django.urls import path

from pathfinders.views.public import (
    about,
    changes,
    consortia,
    criteria,
    data,
    decisions,
    growth,
    home,
    pathfinders,
    pcts,
    practices,
    search,
    shas,
    tour,
    unaffiliated,
    waves,
)

urlpatterns = [
    path("", home.HomePage.as_view(), name="home"),
    path("practices/", practices.PracticeList.as_view(), name="practices"),
    path("practices/<str:code>/", practices.PracticePage.as_view(), name="practice"),
    path("pcts/", pcts.PctList.as_view(), name="pcts"),
    path("pcts/<str:code>/", pcts.PctPage.as_view(), name="pct"),
    path("shas/<str:code>/", shas.ShaPage.as_view(), name="sha"),
    path("consortia/", consortia.ConsortiumList.as_view(), name="consortia"),
    path("consortia/<str:ref>/", consortia.ConsortiumPage.as_view(), name="consortium"),
    path("pathfinders/", pathfinders.PathfinderList.as_view(), name="pathfinders"),
    path("pathfinders/<str:ref>/", pathfinders.PathfinderPage.as_view(), name="pathfinder"),
    path("waves/", waves.WaveList.as_view(), name="waves"),
    path("waves/so-far.csv", growth.GrowthFile.as_view(), name="waves_so_far"),
    path("waves/<int:number>/", waves.WavePage.as_view(), name="wave"),
    path("criteria/", criteria.CriteriaList.as_view(), name="criteria"),
    path("criteria/<str:key>/", criteria.CriteriaPage.as_view(), name="criteria_set"),
    path("decisions/", decisions.DecisionList.as_view(), name="decisions"),
    path("decisions/summary/", decisions.DecisionSummary.as_view(), name="decision_summary"),
    path("unaffiliated/", unaffiliated.UnaffiliatedList.as_view(), name="unaffiliated"),
    path("search/", search.SearchPage.as_view(), name="search"),
    path("data/", data.DataPage.as_view(), name="data"),
    path("changes/", changes.ChangeList.as_view(), name="changes"),
    path("changes/<int:number>/", changes.ChangePage.as_view(), name="change"),
    path("about/", about.AboutPage.as_view(), name="about"),
    path("about/try/", tour.TryPage.as_view(), name="try"),
]
