"""Addresses of the transition: the map, the board, an area."""

from django.urls import URLPattern, path

from pathfinders.views.public import area, board, mapped

public: list[URLPattern] = [
    path("transitions/", board.Board.as_view(), name="transitions"),
    path("transitions/map.svg", mapped.MapPicture.as_view(), name="transition_map"),
    path("transitions/map.csv", mapped.MapFile.as_view(), name="transition_map_csv"),
    path("transitions/area/", area.AreaPage.as_view(), name="transition_area"),
]
