from django.urls import path

from pathfinders.views.files import StaffFile
from pathfinders.views.staff import bid, consortia, decision, leaders, people, queue, records, steps, waves

urlpatterns = [
    path("", queue.Queue.as_view(), name="staff_queue"),
    path("bids/<str:ref>/", bid.BidPage.as_view(), name="staff_bid"),
    path("bids/<str:ref>/assign/", steps.Assign.as_view(), name="staff_assign"),
    path("bids/<str:ref>/wave/", steps.PutInWave.as_view(), name="staff_put_in_wave"),
    path("bids/<str:ref>/findings/", steps.Findings.as_view(), name="staff_findings"),
    path("bids/<str:ref>/recommend/", steps.Recommend.as_view(), name="staff_recommend"),
    path("bids/<str:ref>/reopen/", steps.Reopen.as_view(), name="staff_reopen"),
    path("bids/<str:ref>/decide/", decision.Decide.as_view(), name="staff_decide"),
    path("bids/<str:ref>/files/<int:pk>/", StaffFile.as_view(), name="staff_file"),
    path("bids/<str:ref>/leaders/<int:number>/erase/", leaders.EraseLeader.as_view(), name="staff_erase_leader"),
    path("waves/", waves.Waves.as_view(), name="staff_waves"),
    path("waves/new/", waves.OpenWave.as_view(), name="staff_open_wave"),
    path("waves/<int:number>/", waves.WavePage.as_view(), name="staff_wave"),
    path("waves/<int:number>/date/", waves.DateWave.as_view(), name="staff_date_wave"),
    path("waves/<int:number>/release/", waves.Release.as_view(), name="staff_release"),
    path("consortia/new/", consortia.RegisterConsortium.as_view(), name="staff_register_consortium"),
    path("users/", people.People.as_view(), name="staff_people"),
    path("users/invite/", people.Invite.as_view(), name="staff_invite"),
    path("users/<str:ref>/", people.PersonPage.as_view(), name="staff_person"),
    path("users/<str:ref>/role/", people.GiveRole.as_view(), name="staff_give_role"),
    path("users/<str:ref>/roles/<int:pk>/end/", people.EndRole.as_view(), name="staff_end_role"),
    path("users/<str:ref>/erase/", people.Erase.as_view(), name="staff_erase"),
    path("outbox/", records.Outbox.as_view(), name="staff_outbox"),
    path("imports/", records.Imports.as_view(), name="staff_imports"),
]
