"""The pages of crosswalks (architecture.md section 8)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
