"""Addresses of the transition: the map, the board, an area."""

from django.urls import URLPattern, path

from pathfinders.views.public import area

public: list[URLPattern] = [
    path("transitions/area/", area.AreaPage.as_view(), name="transition_area"),
]
