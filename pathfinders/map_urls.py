"""Addresses of the transition: map."""

from django.urls import URLPattern

public: list[URLPattern] = []
