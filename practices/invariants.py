"""Rules about practices and their parents (registry.invariants)."""

from registry.invariants import Rule

RULES = [
    Rule(
        "branch_open_with_its_practice",
        "domain.md 4, 5",
        "a branch surgery is open only on days on which its practice lives (active or dormant)",
        """
        WITH life AS (
            SELECT practice_id, range_agg(effective) AS days FROM practices_practicestatus
            WHERE upper_inf(recorded) AND status IN ('A', 'D') GROUP BY practice_id
        )
        SELECT p.code || f.branch AS branch, f.effective, life.days AS practice_days
        FROM practices_branch f
        JOIN practices_practice p ON p.id = f.practice_id
        LEFT JOIN life ON life.practice_id = f.practice_id
        WHERE upper_inf(f.recorded) AND NOT COALESCE(f.effective <@ life.days, false)
        ORDER BY p.code, f.branch, f.effective
        """,
    ),
    Rule(
        "practice_succession_no_circle",
        "domain.md 14",
        "no practice succeeds itself, however many there are between",
        """
        WITH RECURSIVE later (first, practice) AS (
            SELECT predecessor_id, successor_id FROM practices_practicesuccession WHERE upper_inf(recorded)
            UNION
            SELECT later.first, f.successor_id FROM later
            JOIN practices_practicesuccession f ON f.predecessor_id = later.practice AND upper_inf(f.recorded)
        )
        SELECT p.code AS practice FROM later JOIN practices_practice p ON p.id = later.first
        WHERE later.first = later.practice ORDER BY p.code
        """,
    ),
    Rule(
        "predecessor_closed",
        "domain.md 14",
        "a practice that has become part of another is not open on the day that it does",
        """
        SELECT p.code AS predecessor, s.effective AS open, f.effective AS succeeded
        FROM practices_practicesuccession f
        JOIN practices_practice p ON p.id = f.predecessor_id
        JOIN practices_practicestatus s ON s.practice_id = p.id AND upper_inf(s.recorded) AND s.status IN ('A', 'D')
        WHERE upper_inf(f.recorded) AND s.effective @> lower(f.effective)
        ORDER BY p.code
        """,
        warning=True,
    ),
    Rule(
        "identifier_of_one_body",
        "domain.md 1",
        "a further code of a body is no other body's own code, nor its ONS code on any of the days",
        """
        SELECT b.code AS body, f.scheme, f.value, o.code AS other, f.effective
        FROM practices_bodyidentifier f
        JOIN practices_parentbody b ON b.id = f.body_id
        JOIN practices_parentbody o ON o.id <> b.id
        WHERE upper_inf(f.recorded) AND (
            f.scheme = 'ods' AND o.code = f.value OR f.scheme = 'gss' AND EXISTS (
                SELECT 1 FROM practices_bodyparticulars p
                WHERE p.body_id = o.id AND upper_inf(p.recorded) AND p.gss = f.value AND p.effective && f.effective
            )
        )
        ORDER BY b.code, f.scheme, f.value
        """,
        warning=True,
    ),
    Rule(
        "parent_there",
        "domain.md 17",
        "a practice's parent exists on the days on which it is the parent (from the PCTs of October 2006 on)",
        """
        WITH life AS (
            SELECT body_id, range_agg(effective) AS days FROM practices_bodyparticulars
            WHERE upper_inf(recorded) GROUP BY body_id
        )
        SELECT p.code AS practice, b.code AS parent, f.effective, life.days AS parent_days
        FROM practices_practiceparent f
        JOIN practices_practice p ON p.id = f.practice_id
        JOIN practices_parentbody b ON b.id = f.parent_id
        LEFT JOIN life ON life.body_id = f.parent_id
        WHERE upper_inf(f.recorded)
          AND NOT COALESCE(f.effective * daterange('2006-10-01', NULL) <@ life.days, false)
        ORDER BY p.code, f.effective
        """,
        warning=True,
    ),
    Rule(
        "practice_described",
        "domain.md 5",
        "a practice with a status has particulars (name, setting) on the same days",
        """
        WITH told AS (
            SELECT practice_id, range_agg(effective) AS days FROM practices_practiceparticulars
            WHERE upper_inf(recorded) GROUP BY practice_id
        )
        SELECT p.code AS practice, f.status, f.effective, told.days AS described
        FROM practices_practicestatus f
        JOIN practices_practice p ON p.id = f.practice_id
        LEFT JOIN told ON told.practice_id = f.practice_id
        WHERE upper_inf(f.recorded) AND f.status <> 'C' AND NOT COALESCE(f.effective <@ told.days, false)
        ORDER BY p.code, f.effective
        """,
        warning=True,
    ),
    Rule(
        "list_size_of_its_quarter",
        "domain.md 6",
        "a list size is effective on the days of its quarter",
        """
        SELECT p.code AS practice, f.quarter, f.effective
        FROM practices_listsize f
        JOIN practices_practice p ON p.id = f.practice_id,
        LATERAL (SELECT make_date(left(f.quarter, 4)::int, right(f.quarter, 1)::int * 3 - 2, 1) AS first) q
        WHERE upper_inf(f.recorded) AND f.effective <> daterange(q.first, (q.first + interval '3 months')::date)
        ORDER BY p.code, f.quarter
        """,
    ),
]
