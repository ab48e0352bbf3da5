"""Who keeps a consortium's membership and who manages a practice, by role, object and day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from consortia.models import Consortium, MembershipWord, WordKind
from consortia.permissions import keepers, keeps, managers, manages, require_keeper, require_manager
from consortia.words import choices
from practices.models import Practice
from registry import clock
from registry.actions import grant_role
from registry.errors import Refused
from registry.models import RoleGrant, User
from tests.factories import make_consortium, make_practice

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def group() -> Consortium:
    return make_consortium()


@pytest.fixture
def practice() -> Practice:
    return make_practice()


def person(role: str = "", ref: str = "", days: tuple = (-30, None)) -> User:
    user = User.objects.create_user(f"p{User.objects.count()}@example.org")
    if role:
        today = clock.today()
        period = tuple(None if n is None else today + n * DAY for n in days)
        grant_role(by=User.objects.system(), user=user, role=role, ref=ref, start=period[0])
        RoleGrant.objects.filter(user=user).update(period=period)
    return user


def refused(require, user, thing) -> bool:
    try:
        require(user, thing)
    except Refused as error:
        assert error.status == 403
        return True
    return False


def test_a_membership_is_kept_by_its_lead_its_deputies_and_staff_today(group):
    other = make_consortium()
    cases = [
        (person("consortium_lead", group.ref), True),
        (person("consortium_deputy", group.ref), True),
        (person("programme_admin"), True),
        (person("consortium_lead", other.ref), False),
        (person("consortium_lead", group.ref, (-30, 0)), False),  # ended yesterday
        (person("consortium_lead", group.ref, (1, None)), False),  # from tomorrow
        (person("practice_manager", make_practice().code), False),
        (person("assessor"), False),
        (person(), False),
    ]
    assert [keeps(user, group) for user, _ in cases] == [may for _, may in cases]
    assert [not refused(require_keeper, user, group) for user, _ in cases] == [may for _, may in cases]


def test_a_practice_is_managed_by_its_manager_only(practice):
    cases = [
        (person("practice_manager", practice.code), True),
        (person("practice_manager", practice.code, (-30, 0)), False),
        (person("practice_manager", make_practice().code), False),
        (person("programme_admin"), False),
        (person("consortium_lead", make_consortium().ref), False),
    ]
    assert [manages(user, practice) for user, _ in cases] == [may for _, may in cases]
    assert [not refused(require_manager, user, practice) for user, _ in cases] == [may for _, may in cases]


def test_who_is_written_to_is_the_lead_before_the_deputies_once_each_and_nobody_whose_account_is_closed(
    group, practice
):
    deputy, lead = person("consortium_deputy", group.ref), person("consortium_lead", group.ref)
    grant_role(by=User.objects.system(), user=lead, role="consortium_deputy", ref=group.ref)
    gone, manager = person("consortium_lead", group.ref), person("practice_manager", practice.code)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    person("consortium_lead", group.ref, (-30, 0))
    assert keepers(group) == [lead, deputy]
    assert managers(practice) == [manager] and managers(make_practice()) == []


def test_a_form_offers_the_reasons_of_its_kind_that_have_not_ended():
    for kind in WordKind.values:
        offered = dict(choices(kind))
        assert offered and set(offered) == set(MembershipWord.objects.of(kind).values_list("key", flat=True))
    MembershipWord.objects.filter(key="elsewhere").update(period=(None, clock.today()))
    assert "elsewhere" not in dict(choices(WordKind.DISPUTE))
    assert MembershipWord.objects.labels()["elsewhere"] == "We belong to another consortium"
