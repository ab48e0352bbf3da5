"""Rules about memberships (registry.invariants)."""

from registry.invariants import Rule

MEMBERSHIPS_OUTSIDE = """
    WITH life AS ({life})
    SELECT p.code AS practice, c.ref AS consortium, m.effective, life.days AS {days}
    FROM consortia_membership m
    JOIN practices_practice p ON p.id = m.practice_id
    JOIN consortia_consortium c ON c.id = m.consortium_id
    LEFT JOIN life ON life.id = m.{end}
    WHERE upper_inf(m.recorded) AND NOT COALESCE(m.effective <@ life.days, false)
    ORDER BY p.code, m.effective
"""

SUCCESSION_CIRCLE = """
    WITH RECURSIVE later (first, body) AS (
        SELECT predecessor_id, successor_id FROM {succession} WHERE upper_inf(recorded)
        UNION
        SELECT later.first, f.successor_id FROM later
        JOIN {succession} f ON f.predecessor_id = later.body AND upper_inf(f.recorded)
    )
    SELECT b.ref FROM later JOIN {identity} b ON b.id = later.first WHERE later.first = later.body ORDER BY b.ref
"""
SUCCESSION_SHARES = """
    SELECT b.ref, sum(f.share) AS shares, count(*) AS parts, array_agg(DISTINCT f.kind) AS kinds
    FROM {succession} f JOIN {identity} b ON b.id = f.predecessor_id
    WHERE upper_inf(f.recorded)
    GROUP BY b.ref
    HAVING CASE WHEN bool_or(f.kind = 'split')
        THEN sum(f.share) <> 1 OR count(*) < 2 OR count(DISTINCT f.kind) > 1 OR count(DISTINCT lower(f.effective)) > 1
        ELSE count(*) > 1 END
    ORDER BY b.ref
"""
SUCCESSION_LIVES = """
    WITH life AS (
        SELECT {key} AS id, range_agg(effective) AS days FROM {particulars} WHERE upper_inf(recorded) GROUP BY 1
    )
    SELECT p.ref AS predecessor, s.ref AS successor, f.effective
    FROM {succession} f JOIN {identity} p ON p.id = f.predecessor_id JOIN {identity} s ON s.id = f.successor_id
    LEFT JOIN life gone ON gone.id = p.id LEFT JOIN life follows ON follows.id = s.id
    WHERE upper_inf(f.recorded) AND (
        COALESCE(gone.days @> lower(f.effective), false) OR NOT COALESCE(gone.days @> lower(f.effective) - 1, false)
        OR NOT COALESCE(follows.days @> lower(f.effective), false)
    )
    ORDER BY p.ref, s.ref
"""
POSTS_AND_ROLES = """
    WITH held AS (
        SELECT DISTINCT c.id AS consortium_id, c.ref, CASE g.role WHEN 'consortium_lead' THEN 'lead' ELSE 'deputy' END AS post,
            u.ref AS person
        FROM registry_rolegrant g JOIN registry_user u ON u.id = g.user_id
        JOIN consortia_consortium c ON c.ref = g.object_ref AND g.object_kind = 'consortium'
        WHERE g.role IN ('consortium_lead', 'consortium_deputy') AND upper_inf(g.period) AND NOT isempty(g.period)
            AND u.is_active
    ), standing AS (
        SELECT p.consortium_id, c.ref, p.post, p.person
        FROM consortia_post p JOIN consortia_consortium c ON c.id = p.consortium_id
        WHERE upper_inf(p.recorded) AND upper_inf(p.effective) AND p.post IN ('lead', 'deputy')
    )
    SELECT ref, post, person, 'a post without its role' AS what FROM standing s
    WHERE EXISTS (SELECT 1 FROM registry_user u WHERE u.ref = s.person AND u.is_active)
        AND NOT EXISTS (SELECT 1 FROM held h
            WHERE h.consortium_id = s.consortium_id AND h.post = s.post AND h.person = s.person)
    UNION ALL
    SELECT ref, post, person, 'a role without its post' FROM held h
    WHERE EXISTS (SELECT 1 FROM consortia_post p WHERE p.consortium_id = h.consortium_id AND p.person = h.person
            AND p.post = h.post)
        AND NOT EXISTS (SELECT 1 FROM standing s
            WHERE s.consortium_id = h.consortium_id AND s.post = h.post AND s.person = h.person)
    ORDER BY 1, 2, 3
"""
"""Of those without an end: who holds a post now holds its role, and a role whose post was ever recorded has it now."""


def succession_rules(noun: str, identity: str, particulars: str, succession: str) -> list[Rule]:
    """What holds of the successions of one kind of body, over its tables (domain.md rule 14)."""
    tables = {"identity": identity, "particulars": particulars, "succession": succession, "key": f"{noun}_id"}
    says = {
        "no_circle": (f"no {noun} succeeds itself, however many there are between", SUCCESSION_CIRCLE),
        "shares": (f"a {noun} has one successor, or splits on one day into parts that sum to 1", SUCCESSION_SHARES),
        "lives": (f"a {noun} ends on the day on which its successor stands in its place", SUCCESSION_LIVES),
    }
    return [
        Rule(f"{noun}_succession_{name}", "domain.md 14", words, sql.format(**tables))
        for name, (words, sql) in says.items()
    ]


LEFT_OUT_BESIDE = """
    WITH counts AS (
        SELECT s.practice_id AS id,
            range_agg(s.effective) * range_agg(p.effective) FILTER (WHERE p.setting = 4) AS days
        FROM practices_practicestatus s
        JOIN practices_practiceparticulars p ON p.practice_id = s.practice_id AND upper_inf(p.recorded)
        WHERE upper_inf(s.recorded) AND s.status IN ('A', 'D')
        GROUP BY 1
    )
    SELECT p.code AS practice, f.effective, c.ref AS member_of, counts.days AS counts
    FROM consortia_leftout f
    JOIN practices_practice p ON p.id = f.practice_id
    LEFT JOIN consortia_membership m
        ON m.practice_id = f.practice_id AND upper_inf(m.recorded) AND m.effective && f.effective
    LEFT JOIN consortia_consortium c ON c.id = m.consortium_id
    LEFT JOIN counts ON counts.id = f.practice_id
    WHERE upper_inf(f.recorded) AND (m.id IS NOT NULL OR NOT COALESCE(f.effective <@ counts.days, false))
    ORDER BY p.code, f.effective
"""
ATTESTED_BYTES = """
    SELECT c.ref AS consortium, f.quarter, f.sha256
    FROM consortia_attestation f
    JOIN consortia_consortium c ON c.id = f.consortium_id
    LEFT JOIN consortia_attestedlist l ON l.sha256 = f.sha256
    WHERE l.sha256 IS NULL OR encode(sha256(convert_to(l.content, 'UTF8')), 'hex') <> l.sha256
    ORDER BY 1, 2
"""
DISPUTES = """
    SELECT p.code AS practice, m.effective, m.reason
    FROM consortia_membership m
    JOIN practices_practice p ON p.id = m.practice_id
    WHERE upper_inf(m.recorded) AND m.status = 'disputed' AND m.proof <> ''
        AND NOT EXISTS (SELECT 1 FROM consortia_membershipword w WHERE w.key = m.reason AND 'dispute' = ANY (w.kinds))
    ORDER BY 1, 2
"""
PROOFS = """
    SELECT p.code AS practice, m.effective, m.status, m.proof
    FROM consortia_membership m
    JOIN practices_practice p ON p.id = m.practice_id
    WHERE upper_inf(m.recorded) AND m.status NOT IN ('confirmed', 'disputed', 'undecided')
        AND m.proof NOT IN ('', 'settled')
    ORDER BY 1, 2
"""


RULES = [
    Rule(
        "member_alive",
        "domain.md 4",
        "a membership lies inside the life of the practice (active or dormant)",
        MEMBERSHIPS_OUTSIDE.format(
            life="SELECT practice_id AS id, range_agg(effective) AS days FROM practices_practicestatus"
            " WHERE upper_inf(recorded) AND status IN ('A', 'D') GROUP BY 1",
            days="practice_days",
            end="practice_id",
        ),
    ),
    Rule(
        "consortium_alive",
        "domain.md 4",
        "a membership lies inside the life of the consortium",
        MEMBERSHIPS_OUTSIDE.format(
            life="SELECT consortium_id AS id, range_agg(effective) AS days FROM consortia_consortiumparticulars"
            " WHERE upper_inf(recorded) GROUP BY 1",
            days="consortium_days",
            end="consortium_id",
        ),
    ),
    Rule(
        "members_are_gp_practices",
        "domain.md 5",
        "only GP practices (prescribing setting 4) belong to a consortium",
        MEMBERSHIPS_OUTSIDE.format(
            life="SELECT practice_id AS id, range_agg(effective) AS days FROM practices_practiceparticulars"
            " WHERE upper_inf(recorded) AND setting = 4 GROUP BY 1",
            days="gp_practice_days",
            end="practice_id",
        ),
    ),
    Rule(
        "posts_have_their_roles",
        "architecture.md 5",
        "who leads or deputises in a consortium holds the role for it, and who does not any more has none",
        POSTS_AND_ROLES,
    ),
    Rule(
        "left_out_is_in_none",
        "domain.md 20",
        "why a practice is in no consortium stands only on days on which it is in none and a living GP practice",
        LEFT_OUT_BESIDE,
    ),
    Rule(
        "attested_bytes",
        "architecture.md 5",
        "the hash of an attested list is that of its bytes, which are kept",
        ATTESTED_BYTES,
    ),
    Rule(
        "dispute_says_why",
        "domain.md 3",
        "a practice that answered that a membership is wrong gave one of the reasons of disputes",
        DISPUTES,
    ),
    Rule(
        "proof_is_of_an_answer",
        "domain.md 3",
        "only what a practice has answered was proved by an answer: not a claim, nor an allocation",
        PROOFS,
    ),
    *succession_rules(
        "consortium", "consortia_consortium", "consortia_consortiumparticulars", "consortia_consortiumsuccession"
    ),
]
