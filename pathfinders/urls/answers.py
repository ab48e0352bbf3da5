"""Where practices answer, with an account and without."""

from django.urls import path

from pathfinders.views import membership_answer
from pathfinders.views.public import answer
from pathfinders.views.staff.answers import EraseWords

urlpatterns = [
    path("answer/", answer.ByCode.as_view(), name="answer_code"),
    path("answer/<str:token>/", answer.AnswerPage.as_view(), name="answer"),
    path("answer/<str:token>/back/", answer.AnswerGiven.as_view(), name="answer_given"),
    path(
        "practice/<str:code>/answer/<str:ref>/",
        membership_answer.AnswerSignedIn.as_view(),
        name="practice_membership_answer",
    ),
    path(
        "practice/<str:code>/answer/<str:ref>/back/",
        membership_answer.TakeBack.as_view(),
        name="practice_membership_back",
    ),
    path("staff/answers/<int:pk>/erase/", EraseWords.as_view(), name="staff_erase_answer"),
]
