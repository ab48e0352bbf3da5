"""Rules about who follows whom, and about what a close leaves: a part of `invariants.RULES`."""

from registry.invariants import Rule

NO_CIRCLE = """
    WITH RECURSIVE later (first, body) AS (
        SELECT predecessor_id, successor_id FROM practices_bodysuccession WHERE upper_inf(recorded)
        UNION
        SELECT later.first, f.successor_id FROM later
        JOIN practices_bodysuccession f ON f.predecessor_id = later.body AND upper_inf(f.recorded)
    )
    SELECT b.code AS body FROM later JOIN practices_parentbody b ON b.id = later.first
    WHERE later.first = later.body ORDER BY b.code
"""
SHARES = """
    SELECT b.code AS predecessor, lower(f.effective) AS from_day, count(*) AS successors,
        sum(f.practice_share) AS practices, sum(f.people_share) AS people, array_agg(DISTINCT f.kind) AS kinds
    FROM practices_bodysuccession f JOIN practices_parentbody b ON b.id = f.predecessor_id
    WHERE upper_inf(f.recorded)
    GROUP BY b.code, lower(f.effective)
    HAVING count(DISTINCT f.kind) > 1 OR bool_or(f.kind = 'split') <> (count(*) > 1)
        OR count(f.practice_share) NOT IN (0, count(*)) OR count(f.people_share) <> count(f.practice_share)
        OR sum(f.practice_share) <> 1 OR sum(f.people_share) <> 1
    ORDER BY 1, 2
"""
BOTH_ENDS = """
    WITH life AS (
        SELECT body_id, range_agg(effective) AS days FROM practices_bodyparticulars
        WHERE upper_inf(recorded) GROUP BY body_id
    ), found AS (
        SELECT p.code AS predecessor, s.code AS successor, lower(f.effective) AS from_day, CASE
            WHEN NOT COALESCE(gone.days @> lower(f.effective) - 1, false)
            THEN 'the predecessor is not there on the day before: correct its life, or the day of the succession'
            WHEN f.kind <> 'transfer' AND gone.days @> lower(f.effective)
            THEN 'the predecessor is still there: close it, correct the day, or record a transfer of functions'
            WHEN NOT COALESCE(follows.days @> lower(f.effective), false)
            THEN 'the successor is not there on the day: correct its life, or the day of the succession'
        END AS wrong
        FROM practices_bodysuccession f
        JOIN practices_parentbody p ON p.id = f.predecessor_id
        JOIN practices_parentbody s ON s.id = f.successor_id
        LEFT JOIN life gone ON gone.body_id = p.id
        LEFT JOIN life follows ON follows.body_id = s.id
        WHERE upper_inf(f.recorded)
    )
    SELECT predecessor, successor, from_day, wrong FROM found WHERE wrong IS NOT NULL ORDER BY 1, 2
"""
UNPLACED = """
    WITH closes AS (
        SELECT e.number, (e.source ->> 'on')::date AS day, e.source -> 'explained' AS explained
        FROM registry_entry e
        WHERE e.action = 'close_trusts' AND NOT EXISTS (
            SELECT 1 FROM registry_entry u
            WHERE u.action = 'undo_close' AND (u.source ->> 'undoes')::bigint = e.number
        )
    )
    SELECT c.number AS closed_by_entry, p.code AS practice
    FROM closes c
    JOIN practices_practicestatus s ON upper_inf(s.recorded) AND s.status = 'A' AND s.effective @> c.day
    JOIN practices_practice p ON p.id = s.practice_id AND p.code ~ '^[A-VX-Z][0-9]{5}$'
    JOIN practices_practiceparticulars f
        ON f.practice_id = p.id AND upper_inf(f.recorded) AND f.effective @> c.day AND f.setting = 4
    LEFT JOIN practices_practiceparent u ON u.practice_id = p.id AND upper_inf(u.recorded) AND u.effective @> c.day
    LEFT JOIN practices_bodyparticulars b
        ON b.body_id = u.parent_id AND upper_inf(b.recorded) AND b.effective @> c.day AND b.kind = 'ccg'
    WHERE b.id IS NULL AND NOT COALESCE(c.explained ? p.code, false)
    ORDER BY p.code
"""
STILL_OPEN = """
    SELECT e.number AS closed_by_entry, b.code AS body, f.effective
    FROM registry_entry e
    JOIN practices_bodyparticulars f ON upper_inf(f.recorded) AND f.kind IN ('pct', 'care_trust', 'sha')
        AND f.effective @> (e.source ->> 'on')::date
    JOIN practices_parentbody b ON b.id = f.body_id
    WHERE e.action = 'close_trusts' AND NOT EXISTS (
        SELECT 1 FROM registry_entry u WHERE u.action = 'undo_close' AND (u.source ->> 'undoes')::bigint = e.number
    )
    ORDER BY b.code
"""
AFTER_THE_END = """
    WITH life AS (
        SELECT body_id, range_agg(effective) AS days FROM practices_bodyparticulars
        WHERE upper_inf(recorded) GROUP BY body_id
    ), said AS (
        SELECT body_id, 'stage ' || stage AS what, effective FROM transitions_transitionstage
        WHERE upper_inf(recorded) AND stage <> 'closed'
        UNION ALL SELECT body_id, 'plan ' || stage, effective FROM transitions_plannedstage WHERE upper_inf(recorded)
        UNION ALL SELECT pct_id, 'delegation to ' || holder, effective FROM transitions_delegation
        WHERE upper_inf(recorded)
        UNION ALL SELECT body_id, 'place in a cluster', effective FROM transitions_clusterplace WHERE upper_inf(recorded)
    )
    SELECT b.code AS body, s.what, s.effective FROM said s
    JOIN practices_parentbody b ON b.id = s.body_id LEFT JOIN life l ON l.body_id = s.body_id
    WHERE NOT COALESCE(s.effective <@ l.days, false)
    ORDER BY 1, 2, 3
"""

SUCCESSION = [
    Rule("body_succession_no_circle", "domain.md 14", "no body succeeds itself, however many between", NO_CIRCLE),
    Rule(
        "body_succession_shares",
        "domain.md 14",
        "a body has one successor from a day, or splits; its shares, where told, are told of all and sum to 1",
        SHARES,
    ),
    Rule(
        "body_succession_both_ends",
        "domain.md 14",
        "a body ends on the day on which its successor stands in its place, so that the chain is found from both (a transfer "
        "of functions may leave it open). A warning: one file tells lives, another who follows whom, and each is kept as "
        "its publisher told it until staff correct one",
        BOTH_ENDS,
        warning=True,
    ),
    Rule(
        "nothing_said_past_its_end",
        "domain.md 17",
        "what a trust is said to do, plans and delegates, and its cluster, lie in its life; only “closed” comes after",
        AFTER_THE_END,
    ),
    Rule(
        "nobody_unplaced_after_a_close",
        "domain.md 14, 17",
        "on the day of a national close each practice that counts has its group, or it was explained",
        UNPLACED,
    ),
    Rule(
        "nothing_open_after_a_close",
        "domain.md 17",
        "on the day of a national close no trust and no authority is open",
        STILL_OPEN,
    ),
]
