"""Addresses of the transition: local body."""

from django.urls import URLPattern

public: list[URLPattern] = []
own: list[URLPattern] = []
staff: list[URLPattern] = []
