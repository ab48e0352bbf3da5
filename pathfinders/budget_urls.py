"""Addresses of the transition: budget."""

from django.urls import URLPattern

public: list[URLPattern] = []
own: list[URLPattern] = []
staff: list[URLPattern] = []
