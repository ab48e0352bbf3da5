from django.urls import path

from pathfinders.views.staff.register import bodies, changes, codes

urlpatterns = [
    path("", bodies.Choose.as_view(), name="staff_register"),
    path("done/<int:number>/", bodies.Done.as_view(), name="staff_register_done"),
    path("codes/<str:code>/", codes.CodesPage.as_view(), name="staff_codes"),
    *[path(f"codes/<str:code>/{step.path}/", step.as_view(), name=f"staff_codes_{step.path}") for step in codes.STEPS],
    *[path(f"{view.path}/", view.as_view(), name=view.url_name()) for view in changes.EVERY],
]
