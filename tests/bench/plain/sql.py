"""The statements of the floor: the same rows as the API's, built by Postgres from the plain tables."""

from __future__ import annotations

OWN = (
    "code", "name", "address", "postcode", "status", "setting", "opened", "closed",
    "list_size", "list_size_quarter", "list_size_basis",
)  # fmt: skip
FIELDS = (
    *OWN, "pct", "sha", "consortium", "membership_status", "pathfinders", "longitude", "latitude", "parent", "gss",
    "branches", "predecessors", "successors",
)  # fmt: skip

_JOINED = """FROM plain_practice p LEFT JOIN plain_pct t ON t.code = p.pct_id LEFT JOIN plain_sha s ON s.code = p.sha_id
    LEFT JOIN plain_consortium c ON c.ref = p.consortium_id LEFT JOIN plain_parent b ON b.code = p.parent_id"""
_PATHFINDERS = "FROM plain_consortium_pathfinders f WHERE f.consortium_id = p.consortium_id"
_BRANCHES = "FROM plain_branch r WHERE r.practice_id = p.code"
_BRANCH = "json_build_object('code', r.code, 'name', r.name, 'address', r.address, 'postcode', r.postcode)"
_BEFORE = "FROM plain_succession z WHERE z.successor_id = p.code"
_AFTER = "FROM plain_succession z WHERE z.predecessor_id = p.code"

_ROW = f"""SELECT {", ".join(f"p.{name}" for name in OWN)},
    CASE WHEN t.code IS NOT NULL THEN json_build_object('code', t.code, 'name', t.name) END AS pct,
    CASE WHEN s.code IS NOT NULL THEN json_build_object('code', s.code, 'name', s.name) END AS sha,
    CASE WHEN c.ref IS NOT NULL THEN json_build_object('ref', c.ref, 'name', c.name) END AS consortium,
    p.membership_status,
    array(SELECT f.pathfinder_id {_PATHFINDERS} ORDER BY 1) AS pathfinders,
    p.longitude, p.latitude,
    CASE WHEN b.code IS NOT NULL THEN json_build_object('code', b.code, 'name', b.name, 'kind', b.kind) END AS parent,
    p.gss,
    array(SELECT {_BRANCH} {_BRANCHES} ORDER BY r.code) AS branches,
    array(SELECT z.predecessor_id {_BEFORE} ORDER BY 1) AS predecessors,
    array(SELECT z.successor_id {_AFTER} ORDER BY 1) AS successors
    {_JOINED}"""

PAGE = f"""SELECT json_build_object('as_of', %(as_of)s, 'known_at', %(known_at)s,
    'count', (SELECT count(*) FROM plain_practice), 'next', 'after=' || max(x.code), 'previous', 'before=' || min(x.code),
    'results', json_agg(row_to_json(x)))::text
FROM ({_ROW} WHERE p.code > %(after)s ORDER BY p.code LIMIT 100) x"""

WHOLE = f"SELECT string_agg(row_to_json(x)::text, E'\\n') FROM ({_ROW} ORDER BY p.code) x"

COPY = f"""COPY (SELECT {", ".join(f"p.{name}" for name in OWN)},
    t.code AS pct_code, t.name AS pct_name, s.code AS sha_code, s.name AS sha_name,
    c.ref AS consortium_ref, c.name AS consortium_name, p.membership_status,
    (SELECT string_agg(f.pathfinder_id, ' ' ORDER BY f.pathfinder_id) {_PATHFINDERS}) AS pathfinders,
    p.longitude, p.latitude, b.code AS parent_code, b.name AS parent_name, b.kind AS parent_kind, p.gss,
    (SELECT string_agg({_BRANCH}::text, ' ' ORDER BY r.code) {_BRANCHES}) AS branches,
    (SELECT string_agg(z.predecessor_id, ' ' ORDER BY z.predecessor_id) {_BEFORE}) AS predecessors,
    (SELECT string_agg(z.successor_id, ' ' ORDER BY z.successor_id) {_AFTER}) AS successors
    {_JOINED} ORDER BY p.code) TO STDOUT WITH (FORMAT csv, HEADER)"""
