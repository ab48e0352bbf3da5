"""The pages of crosswalks (architecture.md section 8)."""

from django.urls import path

from pathfinders.views.public import carry, crosswalk

urlpatterns = [
    path("transitions/crosswalk/", crosswalk.CrosswalkPage.as_view(), name="crosswalk"),
    path("transitions/crosswalk/carry/", carry.CarryPage.as_view(), name="crosswalk_carry"),
]
