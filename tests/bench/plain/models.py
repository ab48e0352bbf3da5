"""England as an ordinary design would keep it: today's rows only, no history. Tables made by `tables.py`."""

# ruff: noqa: DJ001  (the API tells null where nothing is known, and so do these)

from __future__ import annotations

from django.db import models


class Plain(models.Model):
    class Meta:
        abstract = True
        managed = False
        app_label = "plain"  # tables are plain_practice and so on


class Sha(Plain):
    code = models.CharField(primary_key=True, max_length=10)
    name = models.CharField(max_length=200, null=True)


class Pct(Plain):
    code = models.CharField(primary_key=True, max_length=10)
    name = models.CharField(max_length=200, null=True)


class Parent(Plain):
    code = models.CharField(primary_key=True, max_length=10)
    name = models.CharField(max_length=200, null=True)
    kind = models.CharField(max_length=20, null=True)


class Pathfinder(Plain):
    ref = models.CharField(primary_key=True, max_length=10)


class Consortium(Plain):
    ref = models.CharField(primary_key=True, max_length=10)
    name = models.CharField(max_length=200, null=True)
    pathfinders = models.ManyToManyField(Pathfinder, db_table="plain_consortium_pathfinders")


class Practice(Plain):
    code = models.CharField(primary_key=True, max_length=10)
    name = models.CharField(max_length=200, null=True)
    address = models.TextField(null=True)
    postcode = models.CharField(max_length=10, null=True)
    status = models.CharField(max_length=10)
    setting = models.IntegerField(null=True)
    opened = models.DateField(null=True)
    closed = models.DateField(null=True)
    list_size = models.IntegerField(null=True)
    list_size_quarter = models.CharField(max_length=6, null=True)
    list_size_basis = models.CharField(max_length=10, null=True)
    pct = models.ForeignKey(Pct, models.DO_NOTHING, null=True)
    sha = models.ForeignKey(Sha, models.DO_NOTHING, null=True)
    consortium = models.ForeignKey(Consortium, models.DO_NOTHING, null=True)
    membership_status = models.CharField(max_length=10, null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    parent = models.ForeignKey(Parent, models.DO_NOTHING, null=True)
    gss = models.CharField(max_length=9, null=True)


class Branch(Plain):
    practice = models.ForeignKey(Practice, models.DO_NOTHING, related_name="branches")
    code = models.CharField(primary_key=True, max_length=10)
    name = models.CharField(max_length=200)
    address = models.TextField()
    postcode = models.CharField(max_length=10)


class Succession(Plain):
    predecessor = models.ForeignKey(Practice, models.DO_NOTHING, related_name="succeeding")
    successor = models.ForeignKey(Practice, models.DO_NOTHING, related_name="preceding")
