from django.urls import path

from pathfinders.views.staff.register import bodies, changes

urlpatterns = [
    path("", bodies.Choose.as_view(), name="staff_register"),
    path("done/<int:number>/", bodies.Done.as_view(), name="staff_register_done"),
    *[path(f"{view.path}/", view.as_view(), name=view.url_name()) for view in changes.EVERY],
]
