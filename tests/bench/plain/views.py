"""What is measured beside the site. (a) is what a Django team writes first; (b) is all that Postgres allows."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from rest_framework import serializers, viewsets
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import JSONRenderer

from registry.moment import Moment
from tests.bench.plain import sql
from tests.bench.plain.models import Branch, Consortium, Parent, Pct, Practice, Sha


class ShaSerializer(serializers.ModelSerializer):
    class Meta:
        model, fields = Sha, ("code", "name")


class PctSerializer(serializers.ModelSerializer):
    class Meta:
        model, fields = Pct, ("code", "name")


class ParentSerializer(serializers.ModelSerializer):
    class Meta:
        model, fields = Parent, ("code", "name", "kind")


class ConsortiumSerializer(serializers.ModelSerializer):
    class Meta:
        model, fields = Consortium, ("ref", "name")


class BranchSerializer(serializers.ModelSerializer):
    class Meta:
        model, fields = Branch, ("code", "name", "address", "postcode")


class PracticeSerializer(serializers.ModelSerializer):
    pct, sha, parent = PctSerializer(), ShaSerializer(), ParentSerializer()
    consortium = ConsortiumSerializer()
    pathfinders = serializers.SlugRelatedField(
        "ref", source="consortium.pathfinders", many=True, read_only=True, default=[]
    )
    branches = BranchSerializer(many=True)
    predecessors = serializers.SlugRelatedField("predecessor_id", source="preceding", many=True, read_only=True)
    successors = serializers.SlugRelatedField("successor_id", source="succeeding", many=True, read_only=True)

    class Meta:
        model, fields = Practice, sql.FIELDS


class ByPage(PageNumberPagination):
    page_size = 100


class Practices(viewsets.ModelViewSet):
    """(a): a plain viewset with everything joined and prefetched."""

    queryset = (
        Practice.objects.select_related("pct", "sha", "consortium", "parent")
        .prefetch_related("consortium__pathfinders", "branches", "preceding", "succeeding")
        .order_by("code")
    )
    serializer_class, pagination_class, renderer_classes = PracticeSerializer, ByPage, (JSONRenderer,)


class WholeRegister(Practices):
    pagination_class = None


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


def page(request: HttpRequest) -> HttpResponse:
    """(b): the page in one statement, as Postgres made it. `after`: the code of the row before it."""
    after = request.GET.get("after", "")
    with connection.cursor() as cursor:
        cursor.execute(sql.PAGE, {"as_of": "2011-01-01", "known_at": "2011-01-01T00:00:00Z", "after": after})
        return HttpResponse(cursor.fetchone()[0], content_type="application/json")


def whole(request: HttpRequest) -> HttpResponse:
    """The whole register as JSON made by Postgres."""
    with connection.cursor() as cursor:
        cursor.execute(sql.WHOLE)
        return HttpResponse(cursor.fetchone()[0], content_type="application/json")


def copied(request: HttpRequest) -> HttpResponse:
    """The whole register as COPY writes it."""
    out = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(sql.COPY, out)
    return HttpResponse(out.getvalue(), content_type="text/csv")


@cache
def _coverage(as_of: str, known_at: str) -> tuple[str, tuple[Any, ...]]:
    """The statement of tests.support.bare_coverage for that moment, compiled once."""
    from tests.support import bare_coverage as bare

    moment = Moment.from_query({"as_of": as_of, "known_at": known_at})
    (eligible, given), (placed, more) = bare.eligible(moment), bare.placed(moment, "announced")
    statement = bare.COVERAGE.format(
        eligible=eligible, placed=placed, any_consortium="FALSE", key=bare.KEY["sha"], area=bare.AREA["sha"]
    )
    return statement, (*given, *more)


def coverage(request: HttpRequest) -> HttpResponse:
    """The figures of each SHA on a day, counted by Postgres from the register's own facts."""
    statement, given = _coverage(request.GET.get("as_of", ""), request.GET.get("known_at", ""))
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        names = [c.name for c in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return HttpResponse(json.dumps(rows, default=str), content_type="application/json")
