"""Addresses of the transition: survey."""

from django.urls import URLPattern

public: list[URLPattern] = []
own: list[URLPattern] = []
staff: list[URLPattern] = []
