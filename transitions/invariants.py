"""Rules about the hand-over (registry.invariants)."""

from registry.invariants import Rule
from transitions.succession_rules import SUCCESSION

DELEGATED_WITHIN = """
    WITH days AS (
        SELECT pct_id, year, line, lower(effective) AS day FROM transitions_delegation WHERE upper_inf(recorded)
        UNION SELECT pct_id, year, line, lower(effective) FROM transitions_budgetline WHERE upper_inf(recorded)
    )
    SELECT p.code, d.year, d.line, d.day, b.delegated, b.total, sum(g.amount) AS given
    FROM days d JOIN practices_parentbody p ON p.id = d.pct_id
    JOIN transitions_budgetline b ON b.pct_id = d.pct_id AND b.year = d.year AND b.line = d.line
        AND upper_inf(b.recorded) AND b.effective @> d.day
    JOIN transitions_delegation g ON g.pct_id = d.pct_id AND g.year = d.year AND g.line = d.line
        AND upper_inf(g.recorded) AND g.effective @> d.day AND g.amount IS NOT NULL
    GROUP BY p.code, d.year, d.line, d.day, b.delegated, b.total, b.rounding
    HAVING 2 * (sum(g.amount) - COALESCE(b.delegated, b.total)) > b.rounding * (count(*) + 1)
    ORDER BY 1, 2, 3, 4
"""
LINES_WITHIN = """
    WITH days AS (
        SELECT DISTINCT pct_id, year, lower(effective) AS day FROM transitions_budgetline WHERE upper_inf(recorded)
    )
    SELECT p.code, d.year, d.day, w.total AS whole, sum(b.total) AS lines, w.delegated, sum(b.delegated) AS delegated_lines
    FROM days d JOIN practices_parentbody p ON p.id = d.pct_id
    JOIN transitions_budgetline w ON w.pct_id = d.pct_id AND w.year = d.year AND w.line = 'all'
        AND upper_inf(w.recorded) AND w.effective @> d.day
    JOIN transitions_budgetline b ON b.pct_id = d.pct_id AND b.year = d.year AND b.line <> 'all'
        AND upper_inf(b.recorded) AND b.effective @> d.day
    GROUP BY p.code, d.year, d.day, w.total, w.delegated, w.rounding
    HAVING 2 * (sum(b.total) - w.total) > w.rounding + sum(b.rounding) FILTER (WHERE b.total IS NOT NULL)
        OR 2 * (sum(b.delegated) - w.delegated) > w.rounding + sum(b.rounding) FILTER (WHERE b.delegated IS NOT NULL)
    ORDER BY 1, 2, 3
"""
STATUTORY_EARLY = """
    SELECT p.code, g.year, g.line, g.holder, g.effective
    FROM transitions_delegation g JOIN practices_parentbody p ON p.id = g.pct_id
    WHERE g.level = 'statutory' AND NOT COALESCE(lower(g.effective) >= DATE '2013-04-01', false)
    ORDER BY 1, 2, 3, 4
"""
OUTSIDE_LINE = """
    WITH lines AS (
        SELECT pct_id, year, line, range_agg(effective) AS days
        FROM transitions_budgetline WHERE upper_inf(recorded) GROUP BY 1, 2, 3
    )
    SELECT p.code, g.year, g.line, g.holder, g.effective
    FROM transitions_delegation g JOIN practices_parentbody p ON p.id = g.pct_id
    LEFT JOIN lines l ON l.pct_id = g.pct_id AND l.year = g.year AND l.line = g.line
    WHERE upper_inf(g.recorded) AND NOT COALESCE(g.effective <@ l.days, false)
    ORDER BY 1, 2, 3, 4
"""

RULES = [
    Rule(
        "delegated_within_line",
        "domain.md 19",
        "what is delegated of a line is not more than it has",
        DELEGATED_WITHIN,
    ),
    Rule("lines_within_whole", "domain.md 19", "a trust's service lines are not more than its budget", LINES_WITHIN),
    Rule("delegated_of_a_line", "domain.md 19", "what is delegated lies in a line that is recorded", OUTSIDE_LINE),
    Rule("nothing_statutory_early", "domain.md 18", "no level is statutory before 1 April 2013", STATUTORY_EARLY),
    *SUCCESSION,
]
