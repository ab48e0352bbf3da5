"""Addresses of the transition: surveys."""

from django.urls import URLPattern, path

from pathfinders.views.public.transition import surveys
from pathfinders.views.staff import surveys as of_staff
from pathfinders.views.transition.surveys import AnswerForTrust, OwnAnswer

public: list[URLPattern] = [
    path("transitions/surveys/", surveys.SurveyList.as_view(), name="surveys"),
    path("transitions/surveys/<str:ref>/", surveys.SurveyPage.as_view(), name="survey"),
]
own: list[URLPattern] = [
    path("pct/<str:code>/survey/<str:ref>/", OwnAnswer.as_view(), name="own_survey_answer"),
]
staff: list[URLPattern] = [
    path("surveys/", of_staff.Surveys.as_view(), name="staff_surveys"),
    path("surveys/new/", of_staff.NewSurvey.as_view(), name="staff_record_survey"),
    path("surveys/<str:ref>/", of_staff.SurveyPage.as_view(), name="staff_survey"),
    path("surveys/<str:ref>/change/", of_staff.ChangeSurvey.as_view(), name="staff_change_survey"),
    path("surveys/<str:ref>/counts/", of_staff.Counts.as_view(), name="staff_survey_counts"),
    path("surveys/<str:ref>/answers/<str:code>/", AnswerForTrust.as_view(), name="staff_survey_answer"),
    path("surveys/<str:ref>/import/", of_staff.ImportAnswers.as_view(), name="staff_import_answers"),
]
