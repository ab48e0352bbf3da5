"""A urlconf for tests: every component on real pages, beside the real accounts pages."""

import datetime

import django_filters
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import include, path
from django.views.generic import TemplateView

from registry.errors import Refused
from registry.models import User
from registry.pages import PublicPage, public
from registry.pages.dates import DatedPage
from registry.pages.forms import DateField, DayInput, Ui
from registry.pages.tables import Column, ListPage
from registry.pages.views import FormPage

handler400 = "registry.pages.errors.bad_request"
handler403 = "registry.pages.errors.forbidden"
handler404 = "registry.pages.errors.not_found"
handler500 = "registry.pages.errors.server_error"

TESTS = [("gp", "GP backing"), ("lead", "Clinical leadership"), ("la", "Local authority engagement")]


class EveryField(forms.Form):
    name = forms.CharField(label="Name of the group", help_text="As it should be announced", max_length=80)
    codes = forms.CharField(label="Practice codes", widget=forms.Textarea(attrs={"rows": 4}))
    why = forms.CharField(label="Reasons", widget=forms.Textarea, max_length=40, required=False)
    region = forms.ChoiceField(label="Region", choices=[("", "Choose a region"), ("Q30", "North East")])
    decision = forms.ChoiceField(
        label="Decision", choices=[("yes", "Approve"), ("no", "Turn down")], widget=forms.RadioSelect
    )
    met = forms.MultipleChoiceField(
        label="Tests met", choices=TESTS, widget=forms.CheckboxSelectMultiple, help_text="Choose all that apply"
    )
    starts = DateField(label="Start date", help_text="For example, 1 4 2011", earliest=datetime.date(2010, 7, 12))
    budget = forms.IntegerField(label="Budget", required=False)
    file = forms.FileField(label="Letter", required=False)
    word = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)
    agree = forms.BooleanField(label="The consortium agrees")
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)

    ui = {
        "name": Ui(size="m", width=30),
        "why": Ui(count=40),
        "decision": Ui(size="m", inline=True),
        "budget": Ui(prefix="£", suffix="a year", width=10),
    }
    hints = {"met": {"gp": "Most practices have signed"}}


class EveryFieldPage(FormPage):
    form_class = EveryField
    template_name = "gallery/form.html"
    success_url = "/gallery/form/"
    extra_context = {"title": "Every field", "crumbs": [("Staff", "/staff/")]}

    def act(self, form):
        if form.cleaned_data["name"] == "Taken":
            raise Refused("taken", "Another pathfinder has this name. Choose another.", field="name", status=409)
        if form.cleaned_data["name"] == "Shut":
            raise Refused("shut", "The wave is closed to new bids.", field="wave", status=409)
        messages.success(self.request, "The bid was saved")


class ButtonOnly(TemplateView):
    """A page that answers a POST and draws no form of the fields sent to it."""

    template_name = "gallery/plain.html"
    extra_context = {"title": "Buttons"}

    def post(self, request):
        return HttpResponse("done")


class PeopleFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label="Name", lookup_expr="icontains")
    is_active = django_filters.ChoiceFilter(label="State", choices=[("True", "Active"), ("False", "Ended")])
    since = django_filters.DateFilter(
        label="Made since", field_name="created_at", lookup_expr="date__gte", widget=DayInput
    )

    class Meta:
        model = User
        fields: list[str] = []


class PeopleList(PublicPage, DatedPage, ListPage):
    title = "People"
    noun = ("person", "people")
    filterset_class = PeopleFilter
    api_path = "/api/v1/people/"
    key = "ref"
    paginate_by = 20
    columns = (
        Column("ref", "Reference", href="/people/{ref}/", sort="ref"),
        Column("name", "Name", sort="name"),
        Column("is_active", "State", kind="tag", tags={True: ("Active", "green"), False: ("Ended", "grey")}),
        Column("pk", "Number", kind="number", sort="number", order_by="pk"),
        Column("erased_at", "Erased", kind="date"),
    )

    def get_queryset(self):
        return User.objects.values("ref", "name", "is_active", "pk", "erased_at")


@public
def plain(request):
    from django.shortcuts import render

    return render(request, "gallery/plain.html", {"title": "A public page"})


@public
def leaky(request):
    from django.shortcuts import render

    return render(request, "gallery/leaky.html", {"title": "A public page with a form"})


def refuse(request, status):
    raise Refused("no", "The bid was decided by someone else at 10:04. Open it again.", status=status)


def fail(request):
    raise RuntimeError("on purpose")


urlpatterns = [
    path("", plain),
    path("gallery/form/", EveryFieldPage.as_view()),
    path("gallery/buttons/", ButtonOnly.as_view()),
    path("gallery/list/", PeopleList.as_view()),
    path("gallery/leaky/", leaky),
    path("gallery/refuse/<int:status>/", refuse),
    path("gallery/fail/", fail),
    path("accounts/", include("registry.accounts.urls")),
]
