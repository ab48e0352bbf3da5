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
]
