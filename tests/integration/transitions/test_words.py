"""Words of the transition: added where they belong, ended, never reworded."""

from __future__ import annotations

from datetime import date

import pytest

from registry.errors import Refused
from tests import factories as make
from tests import programme as told
from transitions.actions import Source, add_word, end_word, set_stage
from transitions.models import TransitionWord

pytestmark = pytest.mark.django_db


def stages() -> list[str]:
    return list(TransitionWord.objects.of("stage").values_list("key", flat=True))


def test_a_word_is_added_after_another_and_ended():
    admin, before = told.person("programme_admin"), stages()
    add_word(by=admin, kind="stage", label="Heads of terms", after="in_talks", start=date(2011, 1, 1))
    at = before.index("in_talks") + 1
    assert stages() == [*before[:at], "heads_of_terms", *before[at:]]
    pct = make.make_pct("5XA")
    source = Source("press", "A", "Pulse")
    with pytest.raises(Refused, match="not given of 1 August 2010"):
        set_stage(by=admin, pct=pct, stage="heads_of_terms", on=date(2010, 8, 1), source=source)
    set_stage(by=admin, pct=pct, stage="heads_of_terms", on=date(2011, 2, 1), source=source)
    end_word(by=admin, kind="stage", key="heads_of_terms", on=date(2011, 3, 1))
    assert "heads_of_terms" not in dict(TransitionWord.objects.offered("stage").values_list("key", "label"))
    with pytest.raises(Refused, match="not given of 1 April 2011"):
        set_stage(by=admin, pct=pct, stage="heads_of_terms", on=date(2011, 4, 1), source=source, why="x")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "mood"}, "kind"),
        ({"label": "…"}, "label"),
        ({"label": "In talks"}, "label"),
        ({"label": "Unknown"}, "label"),
        ({"label": "l" * 101}, "label"),
        ({"meaning": "m" * 301}, "meaning"),
        ({"after": "no_such"}, "after"),
        ({"start": date(1900, 1, 1)}, "start"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(more, field):
    with pytest.raises(Refused) as error:
        add_word(**{"by": told.person("programme_admin"), "kind": "stage", "label": "Heads of terms"} | more)
    assert error.value.field == field


def test_only_who_edits_the_vocabulary_and_only_once():
    admin = told.person("programme_admin")
    for person in (told.person("assessor"), told.person(pct_lead="5XA")):
        with pytest.raises(Refused) as error:
            add_word(by=person, kind="stage", label="Heads of terms")
        assert error.value.status == 403
        with pytest.raises(Refused) as error:
            end_word(by=person, kind="line", key="acute_elective", on=date(2011, 1, 1))
        assert error.value.status == 403
    end_word(by=admin, kind="line", key="acute_elective", on=date(2011, 1, 1))
    with pytest.raises(Refused) as error:
        end_word(by=admin, kind="line", key="acute_elective", on=date(2011, 2, 1))
    assert error.value.status == 409
    with pytest.raises(Refused) as error:
        end_word(by=admin, kind="line", key="no_such", on=date(2011, 2, 1))
    assert error.value.field == "key"
