"""What a trust's page says of its hand-over: stage and plans, cluster, local bodies, surveys, budgets."""

from __future__ import annotations

from typing import Any

from pathfinders.reads import local_bodies as bodies_read
from pathfinders.reads import surveys as surveys_read
from pathfinders.views.public.transition import budgets, local_bodies, stages, surveys
from pathfinders.views.public.transition.clusters import cluster_of_row
from practices.models import ParentBody
from registry.moment import Moment
from registry.statements import at_once


def handing_over(user: Any, moment: Moment, pct: ParentBody, dates: str) -> dict[str, Any]:
    """For `public/pct.html`: each part under its own name, from one question; the histories of stage and plans are two
    more."""
    now, under, answers, lines = at_once(
        stages.asked(user, moment, pct),
        bodies_read.under(user, moment, pct=pct.code),
        surveys_read.of_trust(user, moment, pct.code),
        budgets.asked(user, moment, pct),
    )
    told = stages.section(now, user, moment, pct, dates)
    return {
        **told,
        **cluster_of_row(told),
        **local_bodies.section(under, dates, of_trust=True),
        **surveys.section(answers, dates),
        "budgets": budgets.section(lines, user, moment, pct, dates),
    }
