"""The answers of many trusts to one survey, from a file: all of it, or nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from practices.models import BodyParticulars, ParentBody
from registry import clock
from registry.errors import Refused
from registry.files.importing import Planning, run
from registry.files.progress import Progress, Silent
from registry.files.report import Report
from registry.files.source import Source, read_source
from registry.files.spreadsheet import read_spreadsheet
from registry.models import User
from registry.models.fact import Lower
from transitions import survey_file
from transitions.actions.survey_answers import put_answer
from transitions.actions.survey_checks import Misfit, Told, misfits, require_named, survey_of, told_of
from transitions.models import Survey, SurveyAnswer, SurveyParticulars
from transitions.permissions import require_everywhere
from transitions.survey_file import Row


def import_answers(
    *,
    by: User,
    path: str | Path | Source,
    survey: Survey | str,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Load a file of answers (`transitions.survey_file`) in one entry; a refused row refuses the file, and all refusals
    are told at once. Loaded again it changes nothing.

    An answer without a day is of the survey's last day, else of that on which its results were known. Raises Refused:
    403 unless by staff; 422 for a file or a survey that takes none.
    """
    require_everywhere(by)
    survey = survey_of(survey) if isinstance(survey, str) else survey
    told, day = _day_of(survey)
    require_named(told, survey)
    source = path if isinstance(path, Source) else read_source(path)
    table = read_spreadsheet(source.name, source.data)
    report = Report(table.source, f"answers_{survey.ref}", f"answers to {survey.ref}", whole=True)
    plan = _Plan(survey, survey_file.read(table, report, day))
    return run(plan, by=by, action="import_answers", report=report, dry_run=dry_run, progress=progress or Silent())


def _day_of(survey: Survey) -> tuple[Told, date]:
    """The survey's particulars, and the day of an answer that has none."""
    fields = [f.attname for f in SurveyParticulars.value_fields()]
    rows = SurveyParticulars.objects.current().filter(survey=survey).annotate(_from=Lower("effective"))
    newest: Any = rows.order_by("_from").values_list(*fields, "_from").last()
    told, known_from = Told(*newest[:-1]), newest[-1]
    return told, min(told.ends or known_from, clock.today())


class _Plan:
    """Puts each row; refuses those that cannot be, and those that the reported counts have no room for."""

    def __init__(self, survey: Survey, rows: list[Row]) -> None:
        self.survey, self.rows = survey, rows

    def __call__(self, plan: Planning) -> None:
        self.plan, self.told = plan, told_of(plan.writer, self.survey)
        bodies = {b.code: b for b in ParentBody.objects.filter(code__in={row.pct for row in self.rows})}
        plan.writer.load(SurveyAnswer, {(self.survey.pk, b.pk) for b in bodies.values()})
        plan.writer.load(BodyParticulars, {(b.pk,) for b in bodies.values()})
        lines: dict[str, int] = {}
        for row in self.rows:
            if row.pct in lines:
                why = f"line {lines[row.pct]} has an answer of this trust already; leave one of the two out"
                plan.report.refuse(row.line, "pct", row.pct, why)
                continue
            lines[row.pct] = row.line
            try:
                self._put(row, bodies.get(row.pct))
            except Refused as refused:
                column = {"on": "on", "words": "words"}.get(refused.field or "", "pct")
                said = {"on": row.on.isoformat(), "words": row.words[:60]}.get(column, row.pct)
                plan.report.refuse(row.line, column, said, refused.message)
        for misfit in misfits(plan.writer, self.survey):
            plan.report.refuse(self._line_of(misfit), "answer", "", misfit.sentence)

    def _put(self, row: Row, body: ParentBody | None) -> None:
        if body is None:
            raise Refused("no_trust", "the register knows no trust of this code; check it", field="pct")
        report = self.plan.report
        before = self.plan.writer.timeline(SurveyAnswer, (self.survey.pk, body.pk)).at(row.on)
        if not put_answer(self.plan.writer, self.told, self.survey, body, row.answer, row.on, row.words):
            report.unchanged += 1
        elif before is None:
            report.new += 1
        else:
            report.changed += 1

    def _line_of(self, misfit: Misfit) -> int:
        """The last row with the answer that there are too many of."""
        of = [row.line for row in self.rows if not misfit.answer or row.answer == misfit.answer]
        return max(of, default=1)
