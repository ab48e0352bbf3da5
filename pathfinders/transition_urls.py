"""Addresses of the transition: transition."""

from django.urls import URLPattern

public: list[URLPattern] = []
own: list[URLPattern] = []
staff: list[URLPattern] = []
