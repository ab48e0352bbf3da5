import datetime
import re

import pytest
from django import forms
from django.http import QueryDict

from registry.errors import Refused
from registry.pages.forms import DateField, add_refusal
from registry.pages.renderer import lower_first
from registry.pages.typed import Typed, typed
from tests.unit.registry.pages.gallery import EveryField


class Dated(forms.Form):
    day = DateField(label="Start date", earliest=datetime.date(2010, 7, 12), latest=datetime.date(2013, 3, 31))


def dated(day="", month="", year=""):
    return Dated({"day_day": day, "day_month": month, "day_year": year})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("1", "4", "2011"), datetime.date(2011, 4, 1)),
        (("01", "04", "2011"), datetime.date(2011, 4, 1)),
        ((" 1 ", "April", "2011"), datetime.date(2011, 4, 1)),
        (("29", "Feb", "2012"), datetime.date(2012, 2, 29)),
    ],
)
def test_dates_as_people_type_them(given, expected):
    form = dated(*given)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == expected


@pytest.mark.parametrize(
    ("given", "message", "first"),
    [
        (("", "", ""), "Enter start date", "id_day_0"),
        (("1", "4", ""), "Start date must include a year", "id_day_2"),
        (("1", "", ""), "Start date must include a month and a year", "id_day_1"),
        (("31", "2", "2011"), "Start date must be a real date", "id_day_0"),
        (("1", "13", "2011"), "Start date must be a real date", "id_day_1"),
        (("1", "mars", "11"), "Start date: the year must have 4 numbers", "id_day_2"),
        (("¹", "4", "2011"), "Start date must be a real date", "id_day_0"),
        (("11", "7", "2010"), "Start date must be the same as or after 12 July 2010", "id_day_0"),
        (("1", "4", "2013"), "Start date must be the same as or before 31 March 2013", "id_day_0"),
    ],
)
def test_a_wrong_date_says_what_and_links_to_the_part(given, message, first):
    form = dated(*given)
    assert form.errors["day"] == [message]
    assert form["day"].first_id == first


def test_a_wrong_date_keeps_what_was_typed():
    html = str(dated("31", "feb", "2011"))
    assert 'value="31"' in html and 'value="feb"' in html and 'value="2011"' in html


def test_a_whole_date_is_read_from_one_parameter():
    assert Dated({"day": "2011-04-01"}).is_valid()


def test_a_refusal_lands_on_its_field_or_above_the_form():
    form = EveryField({"name": "x"})
    add_refusal(form, Refused("taken", "Taken.", field="name"))
    add_refusal(form, Refused("shut", "Shut.", field="wave"))
    add_refusal(form, Refused("late", "Late.", field="effective"), {"effective": "starts"})
    assert form.errors["name"] == ["Taken."]
    assert form.non_field_errors() == ["Shut."]
    assert "Late." in form.errors["starts"]


def test_every_error_link_has_its_target():
    form = EveryField({})
    html = str(form)
    targets = [field.first_id for field in form if field.errors]
    assert len(targets) == 7
    for target in targets:
        assert re.search(rf'<(input|select|textarea)[^>]* id="{target}"', html), target


def test_every_control_has_a_label_and_names_its_hint_and_error():
    form = EveryField({})
    html = str(form)
    for control in re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]* id="([^"]+)"', html):
        assert f'for="{control}"' in html, control
    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        for part in described.split():
            assert f'id="{part}"' in html, part


def test_an_empty_field_names_itself_once_per_form():
    assert EveryField({}).errors["region"] == ["Select region"]
    assert forms.CharField().error_messages["required"] == "This field is required."


@pytest.mark.parametrize(
    ("label", "inside"), [("Practice codes", "practice codes"), ("PCT", "PCT"), ("I approve", "I approve")]
)
def test_a_label_inside_a_sentence_keeps_what_is_always_large(label, inside):
    assert lower_first(label) == inside


class TestTypedAgain:
    """An unbound form shows what was typed before the sign-in."""

    @pytest.fixture
    def kept(self):
        data = QueryDict("name=South+%26+East&met=gp&met=la&starts_day=1&starts_month=4&starts_year=2011&word=secret")
        token = typed.set(Typed(data))
        yield typed.get()
        typed.reset(token)

    def test_fields_come_back(self, kept):
        html = str(EveryField(initial={"name": "Old", "agree": True}))
        assert 'value="South &amp; East"' in html and "Old" not in html
        assert re.search(r'value="gp"[^>]* checked', html) and not re.search(r'value="lead"[^>]* checked', html)
        assert 'name="starts_year" type="text" inputmode="numeric" autocomplete="off" value="2011"' in html
        assert {"name", "met", "starts"} <= kept.used

    def test_a_box_left_unticked_stays_so(self, kept):
        assert EveryField(initial={"agree": True})["agree"].value() is False

    def test_a_password_does_not(self, kept):
        assert "secret" not in str(EveryField())

    def test_a_bound_form_shows_its_own(self, kept):
        assert 'value="Mine"' in str(EveryField({"name": "Mine"}))

    def test_another_form_is_left_alone(self, kept):
        class Other(forms.Form):
            reason = forms.CharField()
            agree = forms.BooleanField(initial=True)

        assert Other()["agree"].value() is True
        assert kept.used == set()
