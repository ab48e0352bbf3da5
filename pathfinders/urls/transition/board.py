"""Addresses of the transition: the map, the board, an area, the crosswalk."""

from django.urls import URLPattern, path

from pathfinders.views.public import area, board, carry, crosswalk, mapped

public: list[URLPattern] = [
    path("transitions/", board.Board.as_view(), name="transitions"),
    path("transitions/map.svg", mapped.MapPicture.as_view(), name="transition_map"),
    path("transitions/map.csv", mapped.MapFile.as_view(), name="transition_map_csv"),
    path("transitions/area/", area.AreaPage.as_view(), name="transition_area"),
    path("transitions/crosswalk/", crosswalk.CrosswalkPage.as_view(), name="crosswalk"),
    path("transitions/crosswalk/carry/", carry.CarryPage.as_view(), name="crosswalk_carry"),
]
