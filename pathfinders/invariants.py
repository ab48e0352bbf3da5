"""Rules about pathfinders and waves (registry.invariants)."""

from consortia.invariants import succession_rules
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
        "manifest_of_its_release",
        "domain.md 12",
        "a wave's manifest is of its release, and its hash of the manifest",
        """
        SELECT m.wave_id AS wave, m.entry_id, w.released_by_id, m.sha256
        FROM pathfinders_wavemanifest m JOIN pathfinders_wave w ON w.number = m.wave_id
        WHERE m.entry_id IS DISTINCT FROM w.released_by_id
            OR m.sha256 <> encode(sha256(convert_to(m.content, 'UTF8')), 'hex')
        ORDER BY m.wave_id
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
        "claim_of_a_released_wave",
        "domain.md 11",
        "what was announced of a wave is recorded after its release, not before",
        """
        SELECT c.ref AS claim, c.wave, c.opened_by_id, min(w.opened_by_id) AS released_by
        FROM pathfinders_announcedclaim c LEFT JOIN pathfinders_waverelease w ON w.wave = c.wave
        WHERE c.wave IS NOT NULL
        GROUP BY c.ref, c.wave, c.opened_by_id
        HAVING COALESCE(c.opened_by_id <= min(w.opened_by_id), true)
        ORDER BY c.ref
        """,
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
    Rule(
        "decided_by_another",
        "domain.md 10",
        "a decision is made by somebody other than the bid's assessors, lead and deputies, and those of its consortia once "
        "they are minted",
        """
        SELECT b.ref AS bid, d.number, d.decided_by_id
        FROM pathfinders_decision d JOIN pathfinders_bid b ON b.id = d.bid_id
        WHERE d.decided_by_id IN (b.assessor_id, b.lead_id)
            OR EXISTS (SELECT 1 FROM pathfinders_findingevent f WHERE f.bid_id = b.id AND f.by_id = d.decided_by_id)
            OR EXISTS (
                SELECT 1 FROM registry_rolegrant g WHERE g.user_id = d.decided_by_id AND g.object_ref = b.ref
                    AND g.role IN ('consortium_deputy', 'consortium_lead') AND g.period @> d.recorded_at::date
            )
            OR EXISTS (
                SELECT 1 FROM pathfinders_bidconsortium n JOIN consortia_consortium c ON c.id = n.consortium_id
                JOIN registry_rolegrant g ON g.object_ref = c.ref AND g.user_id = d.decided_by_id
                WHERE n.bid_id = b.id AND g.role IN ('consortium_deputy', 'consortium_lead')
                    AND g.period @> d.recorded_at::date AND EXISTS (
                        SELECT 1 FROM pathfinders_releaseddecision f
                        WHERE f.bid = b.ref AND f.pathfinder_id IS NOT NULL AND f.number < d.number
                    )
            )
        ORDER BY b.ref, d.number
        """,
    ),
    Rule(
        "decided_on_all_findings",
        "domain.md 10",
        "a decided bid has a finding on each of its criteria",
        """
        SELECT b.ref AS bid, c.key AS criterion
        FROM pathfinders_bid b JOIN pathfinders_criterion c ON c.set_id = b.criteria_id
        LEFT JOIN pathfinders_finding f ON f.bid_id = b.id AND f.criterion_id = c.id
        WHERE b.decision_number > 0 AND f.id IS NULL
        ORDER BY b.ref, c.key
        """,
    ),
    Rule(
        "returned_while_a_return_is_open",
        "domain.md 9",
        "a bid is returned for information exactly while a return of it is not answered; a withdrawn one may be",
        """
        SELECT b.ref AS bid, b.state, r.number AS return
        FROM pathfinders_bid b LEFT JOIN pathfinders_return r ON r.bid_id = b.id AND r.answered_on IS NULL
        WHERE b.state <> 'withdrawn' AND (b.state = 'returned') <> (r.id IS NOT NULL)
        ORDER BY b.ref
        """,
    ),
    Rule(
        "released_as_decided",
        "domain.md 12",
        "the newest announced decision of a bid is a fact, opened by its wave's release, and every fact of a bid's "
        "decision says what was decided",
        """
        SELECT b.ref AS bid, b.released_number AS number, d.outcome, f.outcome AS released
        FROM pathfinders_bid b
        JOIN pathfinders_decision d ON d.bid_id = b.id AND d.number = b.released_number
        JOIN pathfinders_wave w ON w.number = d.wave_id
        LEFT JOIN pathfinders_releaseddecision f
            ON f.bid = b.ref AND f.number = d.number AND f.opened_by_id = w.released_by_id
        WHERE f.id IS NULL
        UNION
        SELECT b.ref, f.number, d.outcome, f.outcome
        FROM pathfinders_releaseddecision f
        JOIN pathfinders_bid b ON b.ref = f.bid
        LEFT JOIN pathfinders_decision d ON d.bid_id = b.id AND d.number = f.number
        WHERE upper_inf(f.recorded) AND (f.number > b.released_number OR (f.outcome, f.decided_on, f.wave)
            IS DISTINCT FROM (d.outcome, d.decided_on, d.wave_id::int))
        ORDER BY 1, 2
        """,
    ),
    Rule(
        "named_practices_are_accounted_for",
        "domain.md 3",
        "each practice of a bid that founded a pathfinder became a member at that release or is listed as left out",
        """
        WITH founded AS (
            SELECT DISTINCT ON (bid) bid, opened_by_id FROM pathfinders_releaseddecision
            WHERE pathfinder_id IS NOT NULL ORDER BY bid, number, opened_by_id
        )
        SELECT b.ref AS bid, p.code AS practice
        FROM founded
        JOIN pathfinders_bid b ON b.ref = founded.bid
        JOIN pathfinders_bidpractice n ON n.bid_id = b.id
        JOIN practices_practice p ON p.id = n.practice_id
        JOIN pathfinders_bidconsortium g ON g.id = n.consortium_id
        LEFT JOIN consortia_membership m ON m.practice_id = n.practice_id AND m.consortium_id = g.consortium_id
            AND m.opened_by_id = founded.opened_by_id
        LEFT JOIN pathfinders_leftoutatrelease l ON l.bid = b.ref AND l.practice_id = n.practice_id
            AND l.opened_by_id = founded.opened_by_id
        WHERE (m.id IS NULL) = (l.id IS NULL)
        ORDER BY b.ref, p.code
        """,
    ),
    Rule(
        "no_pathfinder_without_approval",
        "domain.md 9",
        "a bid whose newest announced decision does not approve it has no pathfinder that goes on",
        """
        SELECT b.ref AS bid, p.ref AS pathfinder
        FROM pathfinders_bid b
        JOIN pathfinders_decision d ON d.bid_id = b.id AND d.number = b.released_number
        JOIN pathfinders_releaseddecision f ON f.bid = b.ref AND upper_inf(f.recorded)
        JOIN pathfinders_pathfinder p ON p.id = f.pathfinder_id
        JOIN pathfinders_pathfinderparticulars q ON q.pathfinder_id = p.id AND upper_inf(q.recorded)
        WHERE d.outcome NOT IN ('approved', 'approved_with_conditions') AND upper_inf(q.effective)
        ORDER BY b.ref
        """,
    ),
    Rule(
        "conditions_where_conditional",
        "domain.md 9",
        "an approval with conditions has conditions, and no other decision has any",
        """
        SELECT b.ref AS bid, d.number, d.outcome, count(c.id) AS conditions
        FROM pathfinders_decision d JOIN pathfinders_bid b ON b.id = d.bid_id
        LEFT JOIN pathfinders_condition c ON c.decision_id = d.id
        GROUP BY b.ref, d.number, d.outcome
        HAVING (d.outcome = 'approved_with_conditions') <> (count(c.id) > 0)
        ORDER BY b.ref, d.number
        """,
    ),
    Rule(
        "released_conditions_are_as_given",
        "domain.md 12",
        "the register says of a condition what the decision says, and that it is discharged where it is",
        """
        SELECT b.ref AS bid, d.number, c.position, c.discharged_on
        FROM pathfinders_condition c
        JOIN pathfinders_decision d ON d.id = c.decision_id
        JOIN pathfinders_bid b ON b.id = d.bid_id AND b.released_number = d.number
        LEFT JOIN pathfinders_releasedcondition f ON f.bid = b.ref AND f.number = d.number
            AND f.position = c.position AND upper_inf(f.recorded) AND upper_inf(f.effective)
        WHERE (f.text, f.due_on, f.discharged_on) IS DISTINCT FROM (c.text, c.due_on, c.discharged_on)
        ORDER BY b.ref, d.number, c.position
        """,
    ),
    Rule(
        "review_settled_by_another",
        "domain.md 10",
        "a review is settled by somebody who neither led, was assigned, assessed nor decided the bid",
        """
        SELECT b.ref AS bid, d.number, r.settled_by_id
        FROM pathfinders_review r
        JOIN pathfinders_decision d ON d.id = r.decision_id JOIN pathfinders_bid b ON b.id = d.bid_id
        WHERE r.settled_by_id = b.lead_id
            OR EXISTS (SELECT 1 FROM pathfinders_bidevent e WHERE e.pgh_obj_id = b.id
                AND e.assessor_id = r.settled_by_id AND e.pgh_created_at::date <= r.settled_on)
            OR EXISTS (SELECT 1 FROM pathfinders_decision o WHERE o.bid_id = b.id AND o.number <= d.number
                AND o.decided_by_id = r.settled_by_id)
        ORDER BY b.ref, d.number
        """,
    ),
    Rule(
        "decided_without_an_interest",
        "domain.md 10",
        "a decision is made by nobody with a declared interest in the bid, declared before that day and not ended",
        """
        SELECT b.ref AS bid, d.number, d.decided_by_id
        FROM pathfinders_decision d
        JOIN pathfinders_bid b ON b.id = d.bid_id
        JOIN pathfinders_staffinterest i ON i.user_id = d.decided_by_id AND i.bid_id = b.id
        WHERE i.declared_on < d.recorded_at::date AND (i.ended_on IS NULL OR i.ended_on > d.recorded_at::date)
        ORDER BY b.ref, d.number
        """,
    ),
    *succession_rules(
        "pathfinder",
        "pathfinders_pathfinder",
        "pathfinders_pathfinderparticulars",
        "pathfinders_pathfindersuccession",
    ),
]
