"""Addresses of the transition: close."""

from django.urls import URLPattern

public: list[URLPattern] = []
own: list[URLPattern] = []
staff: list[URLPattern] = []
