"""The plain tables, filled from what the site itself answers: so that site and baselines serve the same rows."""

from __future__ import annotations

import io
import json
from typing import Any

from django.db import connection, transaction

TABLES = """
DROP TABLE IF EXISTS plain_said;
CREATE TEMP TABLE plain_said (line json);
"""

FILLED = """
CREATE TABLE plain_sha AS SELECT DISTINCT line->'sha'->>'code' AS code, line->'sha'->>'name' AS name FROM plain_said
    WHERE json_typeof(line->'sha') = 'object';
CREATE TABLE plain_pct AS SELECT DISTINCT line->'pct'->>'code' AS code, line->'pct'->>'name' AS name FROM plain_said
    WHERE json_typeof(line->'pct') = 'object';
CREATE TABLE plain_parent AS SELECT DISTINCT line->'parent'->>'code' AS code, line->'parent'->>'name' AS name,
    line->'parent'->>'kind' AS kind FROM plain_said WHERE json_typeof(line->'parent') = 'object';
CREATE TABLE plain_consortium AS SELECT DISTINCT line->'consortium'->>'ref' AS ref, line->'consortium'->>'name' AS name
    FROM plain_said WHERE json_typeof(line->'consortium') = 'object';
CREATE TABLE plain_pathfinder AS SELECT DISTINCT ref FROM plain_said, json_array_elements_text(line->'pathfinders') ref;
CREATE TABLE plain_consortium_pathfinders AS
    SELECT row_number() OVER ()::int AS id, * FROM (
        SELECT DISTINCT line->'consortium'->>'ref' AS consortium_id, ref AS pathfinder_id
        FROM plain_said, json_array_elements_text(line->'pathfinders') ref
        WHERE json_typeof(line->'consortium') = 'object') x;
CREATE TABLE plain_practice AS
    SELECT x.*, line->'pct'->>'code' AS pct_id, line->'sha'->>'code' AS sha_id, line->'parent'->>'code' AS parent_id,
        line->'consortium'->>'ref' AS consortium_id
    FROM plain_said, json_to_record(line) AS x (code text, name text, address text, postcode text, status text,
        setting int, opened date, closed date, list_size int, list_size_quarter text, list_size_basis text,
        membership_status text, longitude float, latitude float, gss text);
CREATE TABLE plain_branch AS SELECT x.*, line->>'code' AS practice_id FROM plain_said,
    json_to_recordset(line->'branches') AS x (code text, name text, address text, postcode text);
CREATE TABLE plain_succession AS SELECT row_number() OVER ()::int AS id, other AS predecessor_id,
    line->>'code' AS successor_id FROM plain_said, json_array_elements_text(line->'predecessors') other;
ALTER TABLE plain_sha ADD PRIMARY KEY (code);
ALTER TABLE plain_pct ADD PRIMARY KEY (code);
ALTER TABLE plain_parent ADD PRIMARY KEY (code);
ALTER TABLE plain_consortium ADD PRIMARY KEY (ref);
ALTER TABLE plain_pathfinder ADD PRIMARY KEY (ref);
ALTER TABLE plain_consortium_pathfinders ADD PRIMARY KEY (id);
CREATE INDEX ON plain_consortium_pathfinders (consortium_id);
ALTER TABLE plain_practice ADD PRIMARY KEY (code);
ALTER TABLE plain_branch ADD PRIMARY KEY (code);
CREATE INDEX ON plain_branch (practice_id);
ALTER TABLE plain_succession ADD PRIMARY KEY (id);
CREATE INDEX ON plain_succession (predecessor_id);
CREATE INDEX ON plain_succession (successor_id);
"""


def fill(ndjson: bytes) -> None:
    """Make the tables from the whole list of practices, a line each."""
    lines = "".join(_escaped(line) for line in ndjson.decode().splitlines())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.copy_expert("COPY plain_said FROM STDIN", io.StringIO(lines))
        cursor.execute(FILLED)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\") + "\n"


def same(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Raises AssertionError where two pages tell a field differently. The site's may have more fields."""
    assert len(ours["results"]) == len(theirs["results"]) > 0, (len(ours["results"]), len(theirs["results"]))
    for mine, other in zip(ours["results"], theirs["results"], strict=True):
        for name, value in other.items():
            assert _plain(mine[name]) == _plain(value), (mine["code"], name, mine[name], value)


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value), parse_float=lambda text: round(float(text), 6))
