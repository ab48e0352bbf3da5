from django.urls import path

from tests.bench.plain import views

urlpatterns = [
    path("empty", views.empty),
    path("plain/practices/", views.Practices.as_view({"get": "list"})),
    path("plain/all/", views.WholeRegister.as_view({"get": "list"})),
    path("floor/practices/", views.page),
    path("floor/all/", views.whole),
    path("floor/copy/", views.copied),
    path("floor/coverage/", views.coverage),
]
