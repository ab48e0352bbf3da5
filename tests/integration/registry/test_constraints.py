"""Every constraint of every model is broken here once, and refuses. A new constraint without its breaker fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import IntegrityError, connection, models, transaction
from knox.models import AuthToken

from registry.models import ApiToken, Fact, KeptAnswer, User, fact_kinds
from tests.support.every_kind import write_every_kind

OURS = ("registry", "practices", "transitions")
CASEWORK = ("consortia", "pathfinders")  # what is public of them here; their casework: tests/integration of each
SHARED = ("one_a_day", "periods", "closure", "opened", "closed")  # what every kind of fact has


def constraints() -> Iterator[tuple[type[models.Model], str]]:
    """By the models: check, exclusion and unique constraints, and unique fields."""
    for model in apps.get_models():
        label = model._meta.app_label
        if model.__name__.endswith("Event") or not (label in OURS or (label in CASEWORK and is_public(model))):
            continue
        known = (models.CheckConstraint, ExclusionConstraint, models.UniqueConstraint)
        yield from ((model, c.name) for c in model._meta.constraints if isinstance(c, known))
        for field in model._meta.concrete_fields:
            if field.unique and not field.primary_key:
                yield model, f"{model._meta.db_table}_{field.column}_"


def is_public(model: type[models.Model]) -> bool:
    return issubclass(model, Fact) or hasattr(model, "NATURAL")


def update(table: str, what: str, where: str = "") -> str:
    return f"UPDATE {table} SET {what}" + (f" WHERE {where}" if where else "")


def another(table: str, column: str, identity: str) -> str:
    """The standing identifier, of another body too."""
    rest = "scheme, value, standing, effective, recorded, opened_by_id"
    return (
        f"INSERT INTO {table} ({column}, {rest}, opened_position)"
        f" SELECT (SELECT max(id) FROM {identity}), {rest}, 998 FROM {table} WHERE upper_inf(recorded)"
    )


BREAKERS: dict[str, str] = {
    # registry
    "entry_kind_is_known": update("registry_entry", "kind = 'whim'"),
    "entry_says_who_and_why": update("registry_entry", "reason = ''"),
    "entry_hash_moves_on": update("registry_entry", "hash = previous_hash", "number = 2"),
    "registry_entry_at_": update("registry_entry", "at = '2011-01-01T00:00Z'"),
    "registry_entry_hash_": update("registry_entry", "hash = repeat('f', 64)"),
    "installation_is_one_row": update("registry_installation", "id = 2"),
    "mail_state_is_whole": update("registry_mail", "state = 'sent'"),
    "registry_mail_message_id_": update("registry_mail", "message_id = 'one'"),
    "role_is_known": update("registry_rolegrant", "role = 'king'"),
    "role_object_is_whole": update("registry_rolegrant", "object_ref = '5QV'"),
    "role_begins": update("registry_rolegrant", "period = daterange(NULL, '2011-01-01')"),
    "registry_apitoken_token_id_": update("registry_apitoken", "token_id = (SELECT min(digest) FROM knox_authtoken)"),
    "token_scopes_known": update("registry_apitoken", "scopes = '{read,everything}'"),
    "one_answer_a_key": update("registry_keptanswer", "key = 'same'"),
    "kept_answer_is_no_refusal": update("registry_keptanswer", "status = 409"),
    "user_erased_is_blank": update("registry_user", "erased_at = now()", "email IS NOT NULL"),
    "registry_user_ref_": update("registry_user", "ref = 'P-SAME'"),
    "registry_user_email_": update("registry_user", "email = 'same@example.org'"),
    # practices
    "practice_code_shape": update("practices_practice", "code = 'z-1'"),
    "practices_practice_code_": update("practices_practice", "code = 'Z11111'"),
    "body_code_shape": update("practices_parentbody", "code = 'é'"),
    "practices_parentbody_code_": update("practices_parentbody", "code = '5QV'"),
    "bodyparticulars_known": update("practices_bodyparticulars", "kind = 'club'"),
    "bodyparticulars_point": update("practices_bodyparticulars", "longitude = NULL"),
    "bodysuccession_known": update("practices_bodysuccession", "kind = 'vanish'"),
    "bodysuccession_shares": update("practices_bodysuccession", "people_share = NULL"),
    "bodysuccession_not_itself": update("practices_bodysuccession", "successor_id = predecessor_id"),
    "bodyidentifier_shape": update("practices_bodyidentifier", "value = '5z9'"),
    "bodyidentifier_standing_known": update("practices_bodyidentifier", "standing = 'sure'"),
    "bodyidentifier_one_bearer": another("practices_bodyidentifier", "body_id", "practices_parentbody"),
    "branch_shape": update("practices_branch", "branch = 'a-1'"),
    "branch_named": update("practices_branch", "name = ''"),
    "practicesuccession_kind_known": update("practices_practicesuccession", "kind = 'whim'"),
    "practicesuccession_not_itself": update("practices_practicesuccession", "successor_id = predecessor_id"),
    "practicestatus_known": update("practices_practicestatus", "status = 'X'"),
    "practiceplace_on_earth": update("practices_practiceplace", "latitude = 91"),
    "listsize_quarter": update("practices_listsize", "quarter = '2011Q5'"),
    "one_outline_a_vintage": update("practices_outline", "vintage = '2011-04-01'"),
    "one_vintage_a_kind": update("practices_sourcevintage", "kind = 'same'"),
    # consortia
    "consortium_ref_shape": update("consortia_consortium", "ref = 'XX0001'"),
    "consortia_consortium_ref_": update("consortia_consortium", "ref = 'GC0001'"),
    "consortiumparticulars_named": update("consortia_consortiumparticulars", "name = ''"),
    "membership_status_known": update("consortia_membership", "status = 'sure', basis = ''"),
    "membership_proof_known": update("consortia_membership", "proof = 'whim'"),
    "membership_basis_of_allocation": update("consortia_membership", "status = 'confirmed'"),
    "membership_unanswered": update("consortia_membership", "status = 'claimed', basis = '', proof = 'link'"),
    "consortiumidentifier_shape": update("consortia_consortiumidentifier", "value = 'A00'"),
    "consortiumidentifier_standing_known": update("consortia_consortiumidentifier", "standing = 'sure'"),
    "consortiumidentifier_one_bearer": another(
        "consortia_consortiumidentifier", "consortium_id", "consortia_consortium"
    ),
    "leftout_said_by_known": update("consortia_leftout", "said_by = 'nobody'"),
    "attestation_quarter_shape": update("consortia_attestation", "quarter = '2011Q5'"),
    "attestation_hash_shape": update("consortia_attestation", "sha256 = 'short'"),
    "consortiumsuccession_kind_known": update("consortia_consortiumsuccession", "kind = 'whim', share = NULL"),
    "consortiumsuccession_not_itself": update("consortia_consortiumsuccession", "successor_id = predecessor_id"),
    "consortiumsuccession_share": update("consortia_consortiumsuccession", "share = 1.5"),
    # transitions
    "milestone_named": update("transitions_milestone", "source = ''"),
    "role_ends_once_an_entry": update("transitions_roleending", "entry_id = 1"),
    "role_ending_takes_days": update("transitions_roleending", "period = 'empty'"),
    "evidence_ref_shape": update("transitions_evidence", "ref = 'XX0001'"),
    "transitions_evidence_ref_": update("transitions_evidence", "ref = 'EV0001'"),
    "evidencedocument_hash_shape": update("transitions_evidencedocument", "sha256 = upper(sha256)"),
    "evidencedocument_plain_name": update("transitions_evidencedocument", "name = 'a/b.pdf'"),
    "evidencedocument_kind_known": update("transitions_evidencedocument", "kind = 'exe'"),
    "evidencedocument_not_empty": update("transitions_evidencedocument", "size = 0"),
    "evidenceparticulars_kind_known": update("transitions_evidenceparticulars", "kind = 'rumour'"),
    "evidenceparticulars_titled": update("transitions_evidenceparticulars", "title = ''"),
    "evidenceparticulars_web": update("transitions_evidenceparticulars", "url = 'javascript:x'"),
    "localbody_ref_shape": update("transitions_localbody", "ref = 'XX0001'"),
    "transitions_localbody_ref_": update("transitions_localbody", "ref = 'LB0001'"),
    "localbodyparticulars_named": update("transitions_localbodyparticulars", "name = ''"),
    "localbodyparticulars_status_known": update("transitions_localbodyparticulars", "status = 'hoped'"),
    "localbodyparticulars_under_somebody": update(
        "transitions_localbodyparticulars", "pct_id = NULL, consortium_id = NULL"
    ),
    "localbodyparticulars_replaces_another": update("transitions_localbodyparticulars", "replaces_id = local_body_id"),
    "survey_ref_shape": update("transitions_survey", "ref = 'XX0001'"),
    "transitions_survey_ref_": update("transitions_survey", "ref = 'SV0001'"),
    "surveyparticulars_titled": update("transitions_surveyparticulars", "question = ''"),
    "surveyparticulars_asked_known": update("transitions_surveyparticulars", "asked_of = 'everybody'"),
    "surveyparticulars_order": update("transitions_surveyparticulars", "ends = begins - 1"),
    "surveyparticulars_base": update("transitions_surveyparticulars", "asked = 28"),
    "surveyanswer_known": update("transitions_surveyanswer", "answer = 'perhaps'"),
    "surveycount_known": update("transitions_surveycount", "answer = 'perhaps'"),
    "surveycount_said": update("transitions_surveycount", "count = NULL"),
    "budgetline_year_shape": update("transitions_budgetline", "year = '2011'"),
    "budgetline_stated": update(
        "transitions_budgetline", "total = NULL, delegated = NULL, retained = NULL, excluded = NULL"
    ),
    "budgetline_not_negative": update("transitions_budgetline", "total = NULL, retained = -1"),
    "budgetline_not_more": update("transitions_budgetline", "total = 932999999"),
    "budgetline_adds_up": update("transitions_budgetline", "total = 937000001"),
    "delegation_year_shape": update("transitions_delegation", "year = '2011'"),
    "delegation_holder_shape": update("transitions_delegation", "holder = 'PF0001'"),
    "delegation_level_known": update("transitions_delegation", "level = 'hoped'"),
    "delegation_amount": update("transitions_delegation", "amount = -1"),
    "delegation_statutory": update("transitions_delegation", "level = 'statutory'"),
    "weightedpopulation_year_shape": update("transitions_weightedpopulation", "year = '2011'"),
    "weightedpopulation_sourced": update("transitions_weightedpopulation", "source = ''"),
    "allowance_year_shape": update("transitions_allowance", "year = '2011'"),
    "allowance_holder_shape": update("transitions_allowance", "holder = 'LB0001'"),
    "allowance_kind_known": update("transitions_allowance", "kind = 'bonus'"),
    "allowance_sourced": update("transitions_allowance", "source = ''"),
    "allowance_not_negative": update("transitions_allowance", "amount = -1"),
    "cluster_ref_shape": update("transitions_cluster", "ref = 'XX0001'"),
    "transitions_cluster_ref_": update("transitions_cluster", "ref = 'CL0001'"),
    "clusterparticulars_named": update("transitions_clusterparticulars", "source = ''"),
    "clusterparticulars_kind_known": update("transitions_clusterparticulars", "kind = 'ccg'"),
    "transitionword_one_a_key": update("transitions_transitionword", "kind = 'stage', key = 'same'"),
    "transitionword_kind": update("transitions_transitionword", "kind = 'whim'"),
    "transitionword_period_is_real": update("transitions_transitionword", "period = 'empty'"),
    "transitionword_said": update("transitions_transitionword", "label = ''"),
    # pathfinders: what is public
    "pathfinder_ref_shape": update("pathfinders_pathfinder", "ref = 'XX0001'"),
    "pathfinders_pathfinder_ref_": update("pathfinders_pathfinder", "ref = 'PF0001'"),
    "pathfinderparticulars_named": update("pathfinders_pathfinderparticulars", "name = ''"),
    "pathfinderparticulars_dates": update("pathfinders_pathfinderparticulars", "goes_live_on = '2010-01-01'"),
    "pathfindersuccession_kind_known": update("pathfinders_pathfindersuccession", "kind = 'whim', share = NULL"),
    "pathfindersuccession_not_itself": update("pathfinders_pathfindersuccession", "successor_id = predecessor_id"),
    "pathfindersuccession_share": update("pathfinders_pathfindersuccession", "kind = 'merge'"),
    "releaseddecision_known": update("pathfinders_releaseddecision", "outcome = 'maybe', pathfinder_id = NULL"),
    "releaseddecision_reasoned": update(
        "pathfinders_releaseddecision", "outcome = 'declined', pathfinder_id = NULL, reasons = ''"
    ),
    "releaseddecision_placed": update("pathfinders_releaseddecision", "pathfinder_id = NULL"),
    "releaseddecision_numbered": update("pathfinders_releaseddecision", "number = 0"),
    "releasedcondition_said": update("pathfinders_releasedcondition", "text = ''"),
    "leftoutatrelease_known": update("pathfinders_leftoutatrelease", "why = 'whim'"),
    "announcedclaim_ref_shape": update("pathfinders_announcedclaim", "ref = 'XX0001'"),
    "announcedclaim_wave_numbered": update("pathfinders_announcedclaim", "wave = 0"),
    "announcedclaim_extent_known": update("pathfinders_announcedclaim", "extent = 'wave', wave = NULL"),
    "announcedclaim_known": update("pathfinders_announcedclaim", "reconciliation = 'whim'"),
    "announcedclaim_scoped": update("pathfinders_announcedclaim", "scope = 'Wales'"),
    "announcedclaim_valued": update("pathfinders_announcedclaim", "value = 100.1"),
    "announcedclaim_sourced": update("pathfinders_announcedclaim", "publisher = ''"),
    "announcedclaim_published_shape": update("pathfinders_announcedclaim", "published = 'soon'"),
    "waveday_numbered": update("pathfinders_waveday", "version = 0"),
    "waveday_known": update("pathfinders_waveday", "kind = 'whim'"),
    "serviceclaim_ref_shape": update("pathfinders_serviceclaim", "ref = 'XX0001'"),
    "serviceclaim_wave_numbered": update("pathfinders_serviceclaim", "wave = 0"),
    "serviceclaim_known": update("pathfinders_serviceclaim", "status = 'hoped'"),
    "serviceclaim_says": update("pathfinders_serviceclaim", "words = ''"),
    "serviceclaim_measured": update("pathfinders_serviceclaim", "unit = ''"),
    "serviceclaim_published_shape": update("pathfinders_serviceclaim", "published = 'soon'"),
    "waveannouncement_numbered": update("pathfinders_waveannouncement", "wave = 0"),
    "waveannouncement_says": update("pathfinders_waveannouncement", "text = ''"),
    "wavelisting_numbered": update("pathfinders_wavelisting", "wave = 0"),
    "waverelease_numbered": update("pathfinders_waverelease", "wave = 0"),
}


def breaker(model: type[models.Model], name: str) -> str | None:
    if not issubclass(model, Fact) or not name.endswith(SHARED):
        return BREAKERS.get(name)
    table = model._meta.db_table
    standing, closed = "upper_inf(recorded)", "NOT upper_inf(recorded)"
    own = [f.column for f in model._meta.concrete_fields if f.name not in ("id", "opened_position")]
    columns = ", ".join(own)
    return {
        "one_a_day": f"INSERT INTO {table} ({columns}, opened_position)"
        f" SELECT {columns}, 999 FROM {table} WHERE {standing}",
        "periods": update(table, "effective = 'empty'", standing),
        "closure": update(table, "closed_by_id = NULL", closed),
        "opened": update(table, "opened_by_id = 1, opened_position = 1"),
        "closed": f"INSERT INTO {table} ({columns.replace('effective, ', '')}, effective, opened_position)"
        f" SELECT {columns.replace('effective, ', '')}, '[1990-01-01,1990-02-01)', 999 FROM {table} WHERE {closed}",
    }[next(s for s in SHARED if name.endswith(s))]


@pytest.fixture
def rows(db):
    """Two rows at least in every table, and triggers off, so that only constraints stand in the way."""
    write_every_kind()
    first = User.objects.create_user("one@example.org")
    User.objects.create_user("two@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for n in (1, 2):
            cursor.execute(
                'INSERT INTO registry_mail (message_id, recipient, "to", subject, body, about, held_for, state,'
                " written_at, attempts, next_attempt_at, last_error)"
                " VALUES (%s, '', '', '', '', '', '', 'queued', now(), 0, now(), '')",
                [f"<{n}@x>"],
            )
            row, _ = AuthToken.objects.create(first)
            ApiToken.objects.create(token=row, user=first, scopes=["read"])
            KeptAnswer.objects.create(user=first, key=f"key {n}", route="", sha256="", status=200, content=b"")
            cursor.execute(
                "INSERT INTO practices_outline (body_id, vintage, geometry)"
                " SELECT min(id), %s, '{}' FROM practices_parentbody",
                [f"201{n}-01-01"],
            )
            cursor.execute(
                "INSERT INTO practices_sourcevintage (practice_id, kind, vintage)"
                " SELECT min(id), %s, '2011-01-01' FROM practices_practice",
                [f"kind {n}"],
            )
        cursor.execute(
            "INSERT INTO registry_rolegrant (user_id, role, object_kind, object_ref, period, given_by)"
            " VALUES (%s, 'approver', '', '', '[2011-01-01,)', '')",
            [first.pk],
        )
        cursor.execute(
            "INSERT INTO transitions_roleending (grant_id, entry_id, period, day)"
            " SELECT g.id, e.number, '[2010-04-01,)', '2013-04-01'"
            " FROM registry_rolegrant g, (SELECT number FROM registry_entry ORDER BY number LIMIT 2) e"
        )


def test_every_constraint_is_broken_once_and_refuses(rows):
    found = list(constraints())
    assert len(found) > len(fact_kinds()) * len(SHARED)
    assert [name for model, name in found if breaker(model, name) is None] == []
    wrong = []
    for model, name in found:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(breaker(model, name))
            wrong.append(f"{name}: not refused")
        except IntegrityError as refused:
            if f'constraint "{name}' not in str(refused):
                wrong.append(f"{name}: {refused}")
    assert wrong == []


def test_no_breaker_outlives_its_constraint():
    assert set(BREAKERS) <= {name for _, name in constraints()}
