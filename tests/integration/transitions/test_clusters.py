"""Clusters of trusts and of authorities, and the reference facts that the project ships of them."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from practices.actions.load_reference import load_reference
from practices.models import PCT_KINDS, BodyParticulars, ParentBody
from registry.errors import Refused
from registry.models import Entry, User
from tests import factories as make
from tests import programme as told
from transitions.actions import leave_cluster, load_clusters, place_in_cluster, set_cluster
from transitions.models import ClusterParticulars, ClusterPlace

APRIL, JULY = date(2011, 4, 28), date(2011, 7, 1)
SOURCE = {"source": "HSJ", "by": None}


def build_world():
    """Two trusts, an authority, a cluster of trusts."""
    sha = make.make_sha("Q33")
    trusts = [make.make_pct(code, sha=sha) for code in ("5ET", "5H8")]
    admin = told.person("programme_admin")
    cluster = set_cluster(by=admin, on=APRIL, name="South Yorkshire", source="HSJ")
    return {"sha": sha, "trusts": trusts, "admin": admin, "lead": told.person(pct_lead="5ET"), "cluster": cluster}


def place(world, body=None, **more):
    first = {"by": world["admin"], "body": body or world["trusts"][0], "cluster": world["cluster"], "on": APRIL}
    return place_in_cluster(**first | {"why": "It was confirmed."} | more)


def refused(act, *args, **more):
    with pytest.raises(Refused) as error:
        act(*args, **more)
    return error.value


def days(body):
    rows = ClusterPlace.objects.current().filter(body=body).order_by("effective")
    return [(r.effective.lower, r.effective.upper, r.cluster.ref) for r in rows]


def test_a_body_is_in_one_cluster_a_day_within_both_lives(in_world):
    world, (trust, _) = in_world, in_world["trusts"]
    place(world)
    assert days(trust) == [(APRIL, date(2013, 4, 1), "CL0001")], "a trust's place ends with it"
    assert refused(place, world).code == "no_change"
    other = set_cluster(by=world["admin"], on=APRIL, name="Nottinghamshire", source="HSJ")
    place(world, cluster=other, on=JULY)
    assert days(trust) == [(APRIL, JULY, "CL0001"), (JULY, date(2013, 4, 1), "CL0002")]
    leave_cluster(by=world["admin"], body=trust, last_day=date(2011, 12, 31), why="It stands alone.")
    assert days(trust)[-1] == (JULY, date(2012, 1, 1), "CL0002")
    place(world, on=JULY, correction=True)
    assert days(trust) == [(APRIL, date(2012, 1, 1), "CL0001")]
    with make.writing() as entry:
        entry.cap(ClusterParticulars, (world["cluster"].pk,), JULY)
    assert days(trust) == [(APRIL, JULY, "CL0001")], "and with the cluster"


def test_what_does_not_fit_is_refused(in_world):
    world, admin = in_world, in_world["admin"]
    assert refused(place, world, world["sha"]).code == "wrong_kind"
    assert refused(place, world, on=date(2011, 4, 27)).code == "outside_life"
    assert refused(place, world, by=world["lead"]).status == 403
    assert refused(place, world, correction=True).status == 409
    assert refused(leave_cluster, by=admin, body=world["trusts"][0], last_day=JULY, why="No.").status == 409
    again = {"by": admin, "cluster": world["cluster"], "on": JULY, "source": "HSJ"}
    assert refused(set_cluster, **again, name="South Yorkshire").field == "why"
    assert refused(set_cluster, **again, name="South Yorkshire", why="Same.").code == "no_change"
    assert refused(set_cluster, **again, name="South", kind="sha", why="Other.").code == "bad_kind"
    set_cluster(**again, name="South Yorkshire and Bassetlaw", why="Named anew.")
    assert ClusterParticulars.objects.at(make.at(APRIL)).get().name == "South Yorkshire"


@pytest.mark.django_db
def test_the_projects_own_facts_place_every_trust_and_every_authority():
    by = User.objects.system()
    load_reference(by=by)
    assert load_clusters(by=by, upto=date(2011, 9, 1))[:2] == (49, 151), "only what had begun"
    clusters, places, unknown = load_clusters(by=by)
    assert (clusters, places, unknown) == (4, 10, [])
    entries = Entry.objects.count()
    assert load_clusters(by=by) == (0, 0, []) and Entry.objects.count() == entries, "twice changes nothing"
    moment = make.at(date(2011, 11, 1))
    placed = dict(ClusterPlace.objects.at(moment).values_list("body__code", "cluster_id"))
    living = BodyParticulars.objects.at(moment).filter(kind__in=[*PCT_KINDS, "sha"])
    shas = dict(living.values_list("body__code", "above__code"))
    assert placed.keys() == shas.keys()
    by_cluster = {pk: Counter(shas[code] for code, other in placed.items() if other == pk) for pk in placed.values()}
    crossing = {pk for pk, above in by_cluster.items() if len(above) > 1}
    names = ClusterParticulars.objects.at(moment).filter(cluster__in=crossing).values_list("name", flat=True)
    assert sorted(names) == ["Northamptonshire and Milton Keynes", "South Yorkshire and Bassetlaw"]
    assert "TAM" not in placed and "5QW" in placed
    assert not ClusterPlace.objects.at(make.at(date(2013, 4, 1))).exists(), "no trust, no place"


@pytest.mark.django_db
def test_what_a_person_told_is_left_alone():
    by, admin = User.objects.system(), told.person("programme_admin")
    load_reference(by=by)
    own = set_cluster(by=admin, on=APRIL, name="Our own", source="A letter")
    trust = ParentBody.objects.get(code="5ET")
    place_in_cluster(by=admin, body=trust, cluster=own, on=JULY, why="A letter says so.")
    load_clusters(by=by, upto=APRIL)
    assert days(trust) == [(JULY, date(2013, 4, 1), "CL0001")]
