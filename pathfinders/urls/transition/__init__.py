"""Addresses of the transition by subject: those of everybody (`public`), of who answers for a trust (`own`), of staff."""

from pathfinders.urls.transition import board, budgets, closing, local_bodies, surveys, trusts

public = [*trusts.public, *budgets.public, *surveys.public, *local_bodies.public, *board.public]
own = [*trusts.own, *budgets.own, *surveys.own, *local_bodies.own]
staff = [*trusts.staff, *budgets.staff, *surveys.staff, *local_bodies.staff, *closing.staff]
