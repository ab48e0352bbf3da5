"""The API is closed unless a view says that it is public."""

import pytest
from django.conf import settings
from django.urls import get_resolver
from rest_framework.permissions import IsAuthenticated
from rest_framework.settings import api_settings
from rest_framework.test import APIRequestFactory

from registry.api.views import ResourceView


def test_the_default_permission_is_to_be_signed_in():
    assert [IsAuthenticated] == api_settings.DEFAULT_PERMISSION_CLASSES


@pytest.mark.django_db
def test_a_view_that_says_nothing_is_closed_and_says_so_as_a_problem():
    class Secret(ResourceView):
        pass

    answer = Secret.as_view()(APIRequestFactory().get("/"))
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


CLOSED = {"Bids", "OneBid", "ConsortiumMembership", "PracticeMembership", "ClaimList", "ImportList"}


def test_every_view_of_the_api_is_public_on_purpose_but_those_of_bids():
    api = next(p for p in get_resolver().url_patterns if str(p.pattern) == "api/v1/")
    views = [p.callback.cls for p in api.url_patterns]
    assert len(views) > 20
    closed = [view.__name__ for view in views if not getattr(view, "public", False)]
    assert all(name in CLOSED or name.startswith("Take_") for name in closed), closed


def test_no_view_of_drf_may_be_written_to_by_form():
    assert settings.REST_FRAMEWORK["DEFAULT_PARSER_CLASSES"] == ["rest_framework.parsers.JSONParser"]
