"""Rules about pathfinders and waves (registry.invariants)."""

from registry.invariants import Rule

PLACES_OUTSIDE = """
    WITH life AS (
        SELECT {end} AS id, range_agg(effective) AS days FROM {table} WHERE upper_inf(recorded) GROUP BY 1
    )
    SELECT p.ref AS pathfinder, c.ref AS consortium, f.effective, life.days AS {days}
    FROM pathfinders_programmeplace f
    JOIN pathfinders_pathfinder p ON p.id = f.pathfinder_id
    JOIN consortia_consortium c ON c.id = f.consortium_id
    LEFT JOIN life ON life.id = f.{end}
    WHERE upper_inf(f.recorded) AND NOT COALESCE(f.effective <@ life.days, false)
    ORDER BY p.ref, c.ref
"""

RULES = [
    Rule(
        "pathfinder_dates",
        "domain.md 11",
        "a pathfinder is approved, then announced, then live; its facts begin with the announcement",
        """
        SELECT p.ref AS pathfinder, f.approved_on, f.announced_on, f.goes_live_on, f.effective
        FROM pathfinders_pathfinderparticulars f JOIN pathfinders_pathfinder p ON p.id = f.pathfinder_id
        WHERE upper_inf(f.recorded) AND (
            f.approved_on > f.announced_on OR f.goes_live_on < f.announced_on
            OR lower(f.effective) IS NULL OR lower(f.effective) < f.announced_on
        )
        ORDER BY p.ref
        """,
    ),
    Rule(
        "place_in_pathfinder_life",
        "domain.md 1",
        "a place in the programme lies inside the life of the pathfinder",
        PLACES_OUTSIDE.format(end="pathfinder_id", table="pathfinders_pathfinderparticulars", days="pathfinder_days"),
    ),
    Rule(
        "place_in_consortium_life",
        "domain.md 1",
        "a place in the programme lies inside the life of the consortium",
        PLACES_OUTSIDE.format(end="consortium_id", table="consortia_consortiumparticulars", days="consortium_days"),
    ),
    Rule(
        "released_wave_is_a_fact",
        "domain.md 12",
        "a wave is released exactly where the register says so, by the entry that says so",
        """
        SELECT w.number AS wave, w.state, w.released_by_id, min(f.opened_by_id) AS opened_by
        FROM pathfinders_wave w LEFT JOIN pathfinders_waverelease f ON f.wave = w.number
        GROUP BY w.number, w.state, w.released_by_id
        HAVING (w.state = 'released') <> (count(f.id) > 0)
            OR w.released_by_id IS DISTINCT FROM min(f.opened_by_id)
        ORDER BY w.number
        """,
    ),
    Rule(
        "pathfinder_of_a_released_wave",
        "domain.md 12",
        "every pathfinder is of a wave that is released, announced that day",
        """
        SELECT p.ref AS pathfinder, f.wave, f.announced_on
        FROM pathfinders_pathfinderparticulars f
        JOIN pathfinders_pathfinder p ON p.id = f.pathfinder_id
        LEFT JOIN pathfinders_waverelease w
            ON w.wave = f.wave AND w.announced_on = f.announced_on AND upper_inf(w.recorded)
        WHERE upper_inf(f.recorded) AND w.id IS NULL
        ORDER BY p.ref
        """,
        warning=True,
    ),
    Rule(
        "no_place_for_a_declined_bid",
        "domain.md 9",
        "a released decision names a pathfinder exactly where it approves",
        """
        SELECT f.bid, f.outcome, f.pathfinder_id
        FROM pathfinders_releaseddecision f
        WHERE upper_inf(f.recorded)
            AND (f.outcome IN ('approved', 'approved_with_conditions')) <> (f.pathfinder_id IS NOT NULL)
        ORDER BY f.bid
        """,
    ),
]
