"""What the lead and deputies of a consortium open under /lead/consortia/: its home, list, people, attestation and
local bodies."""

from django.urls import path

from pathfinders.urls.transition import local_bodies
from pathfinders.views.lead import attestation, consortium, members, people

urlpatterns = [
    path("<str:ref>/", consortium.ConsortiumHome.as_view(), name="lead_consortium"),
    path("<str:ref>/remind/", consortium.Remind.as_view(), name="lead_remind"),
    path("<str:ref>/members/", members.Members.as_view(), name="lead_members"),
    path("<str:ref>/members/list.csv", members.MembersFile.as_view(), name="lead_members_file"),
    path("<str:ref>/attest/", attestation.Attest.as_view(), name="lead_attest"),
    path("<str:ref>/people/", people.People.as_view(), name="lead_people"),
    path("<str:ref>/people/hand-over/", people.HandOver.as_view(), name="lead_hand_over"),
    path("<str:ref>/people/<str:person>/<slug:post>/end/", people.EndPost.as_view(), name="lead_end_post"),
    *local_bodies.of_consortium,
]
