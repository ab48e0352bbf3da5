"""Publishing criteria: the page that administrators have for the national ones, and an SHA for its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from pathfinders.actions import publish_criteria
from pathfinders.forms.vocabulary import MOST_ROWS, CriteriaForm
from pathfinders.models import CriteriaSet
from pathfinders.views.steps import StepPage
from registry import clock
from registry.pages.tables import Column, Table

SET_COLUMNS = (
    Column("key", "Set", href="/criteria/{key}/"),
    Column("name", "Whose"),
    Column("version", "Version", kind="number"),
    Column("published_on", "Published", kind="date"),
    Column("size", "Criteria", kind="number"),
)


class PublishCriteria(StepPage):
    """Mixin: the next version of `scope`'s criteria, begun from the last one. A row is added without a script."""

    template_name = "staff/publish_criteria.html"
    form_class = CriteriaForm
    button = "Publish these criteria"
    done = "The criteria were published"
    scope = ""

    @property
    def last(self) -> CriteriaSet | None:
        return CriteriaSet.objects.filter(scope=self.scope).order_by("-version").first()

    def get_initial(self) -> dict[str, Any]:
        last = self.last
        rows = list(last.criteria.values("key", "title", "question")) if last else []
        shown = {f"{name}-{n}": value for n, row in enumerate(rows, start=1) for name, value in row.items()}
        size = min(len(rows) + 1, MOST_ROWS) if rows else 4
        return shown | {"rows": size, "after": last.version if last else 0, "published_on": clock.today()}

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if "another" not in self.request.POST:
            return super().post(*args, **kwargs)
        data = self.request.POST.copy()
        data["rows"] = str(min(CriteriaForm(data).row_count() + 1, MOST_ROWS))
        form = CriteriaForm(data)
        form._errors = {}  # type: ignore[attr-defined]  # nothing is judged yet: a row is added, that is all
        return self.render_to_response(self.get_context_data(form=form))

    def act(self, form: Any) -> None:
        filled = form.filled()
        names = {
            f"{name}-{n}": f"{name}-{row}" for n, (row, _) in enumerate(filled, 1) for name in ("title", "question")
        }
        self.refusal_fields = names
        self.published = publish_criteria(
            by=self.request.user,  # type: ignore[arg-type]
            scope=self.scope,
            published_on=form.cleaned_data["published_on"],
            criteria=[row for _, row in filled],
            after=form.cleaned_data["after"],
        )

    def saved_now(self, form: Any) -> list[tuple[str, Any]]:
        """Another version was made meanwhile: what was typed stays, what is published now stands above it."""
        last = self.last
        data = self.request.POST.copy()
        data["after"] = str(last.version if last else 0)
        form.data = data
        return [(c.title, c.question) for c in last.criteria.all()] if last else []

    def get_success_url(self) -> str:
        return f"/criteria/{self.published.key}/"


def sets_table(sets: list[dict[str, Any]]) -> Table:
    return Table(SET_COLUMNS, sets, "Sets of criteria", caption_spoken=True, empty="None yet")
