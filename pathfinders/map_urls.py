"""Addresses of the transition: the map, the board, an area."""

from django.urls import URLPattern

public: list[URLPattern] = []
