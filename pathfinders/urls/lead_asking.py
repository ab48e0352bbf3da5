"""Under /lead/consortia/: practices are asked, reminded, sent printed letters; paper is recorded; addresses named."""

from django.urls import path

from pathfinders.views.lead import asking, letters, paper

urlpatterns = [
    path("<str:ref>/asking/", asking.Asking.as_view(), name="lead_asking"),
    path("<str:ref>/letters/", letters.ChooseLetters.as_view(), name="lead_letters"),
    path("<str:ref>/letters/print/", letters.PrintLetters.as_view(), name="lead_letters_print"),
    path("<str:ref>/members/<str:code>/contact/", asking.Contact.as_view(), name="lead_member_contact"),
    path("<str:ref>/members/<str:code>/paper/", paper.Paper.as_view(), name="lead_member_paper"),
    path("<str:ref>/members/<str:code>/paper/<int:pk>/", paper.Scan.as_view(), name="lead_member_scan"),
]
