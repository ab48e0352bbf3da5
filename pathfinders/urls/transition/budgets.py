"""Addresses of the transition: budgets."""

from django.urls import URLPattern, path

from pathfinders.views import budget_file, budgets, per_head
from pathfinders.views.public.transition.budget_list import BudgetList
from pathfinders.views.public.transition.budget_pages import BudgetPage, HolderPage

public: list[URLPattern] = [
    path("transitions/budgets/", BudgetList.as_view(), name="budgets"),
    path("transitions/budgets/holders/<str:ref>/", HolderPage.as_view(), name="budget_holder"),
    path("transitions/budgets/<str:code>/", BudgetPage.as_view(), name="budget"),
]
own: list[URLPattern] = [
    path("pct/<str:code>/budget/", budgets.Budgets.as_view(), name="area_budgets"),
    path("pct/<str:code>/budget/line/", budgets.SetLine.as_view(), name="area_set_budget_line"),
    path("pct/<str:code>/budget/delegate/", budgets.Delegate.as_view(), name="area_delegate"),
    path("pct/<str:code>/budget/end/", budgets.EndDelegation.as_view(), name="area_end_delegation"),
    path("pct/<str:code>/budget/weighted/", per_head.SetWeighted.as_view(), name="area_set_weighted"),
    path("pct/<str:code>/budget/allowance/", per_head.SetAllowance.as_view(), name="area_set_allowance"),
    path("pct/<str:code>/budget/file/", budget_file.OfOwnTrust.as_view(), name="area_import_budgets"),
]
staff: list[URLPattern] = [
    path("transitions/budgets/", budget_file.OfEveryTrust.as_view(), name="staff_import_budgets"),
]
