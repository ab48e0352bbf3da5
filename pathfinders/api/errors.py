"""Every `code` that an error of the API can bear, in words: the page about the API and its file are made from this.

A code is for programs and stays; the sentence beside it in an answer is for people and may be reworded. A test reads
the source for every code that the API's modules, and what they import, can refuse with: none may be missing here, and
none may stand here that is nowhere said.
"""

from __future__ import annotations

from typing import NamedTuple


class Told(NamedTuple):
    code: str
    meaning: str


class Group(NamedTuple):
    title: str
    codes: tuple[Told, ...]


def _group(title: str, **codes: str) -> Group:
    return Group(title, tuple(Told(code, meaning) for code, meaning in codes.items()))


STATUSES = (
    (400, "The question cannot be answered: a parameter is unknown, given twice or not understood."),
    (401, "A token is missing where one is needed, or is not one that is good now."),
    (403, "The person may not do that."),
    (404, "There is nothing there, or nothing that this reader may know of."),
    (405, "The address does not take this method."),
    (406, "The address does not answer in any format that Accept names."),
    (409, "The state of things does not allow it, or somebody else was quicker."),
    (410, "It was there, and its time is over."),
    (412, "It moved on since the version given as If-Match: read it again."),
    (415, "The body is not application/json."),
    (422, "The body’s fields do not say something that can be done."),
    (428, "If-Match is missing."),
    (429, "Too many requests: wait as long as Retry-After says."),
    (500, "A fault of ours, which is logged."),
)

QUESTION = _group(
    "A question that cannot be answered",
    unknown_parameter="The address has no parameter of that name; the message names the nearest.",
    given_twice="A parameter that may be given once is given more often.",
    bad_choice="The value is not one of those that the message lists.",
    bad_number="Not a whole number, or outside the span that the message says.",
    bad_date="as_of is no real date as YYYY-MM-DD, or lies before 1900 or after 2999.",
    bad_time="known_at is neither a date nor an ISO 8601 time with its zone.",
    naive_time="known_at is a time without its zone.",
    before_the_register="known_at lies before the register’s first entry.",
    unknown_field="A name in fields=, or a field of the body, is not one there is.",
    bad_value="A value is not one that the parameter or field takes.",
    invalid="A filter or field is not understood; the message says why.",
    invalid_choice="A filter’s value is not one of its choices.",
    null_characters_not_allowed="A filter holds a character that no text has.",
    bad_cursor="The cursor is not one that this register gave. Start again without it.",
    other_question="The cursor belongs to other filters or another order. Start again without it.",
    other_dates="The cursor walks at other dates than those given. Leave them out.",
    too_short="The words to search for are too few or too short.",
    bad_position="after is not a place in the feed, as 12.345.",
)
REQUEST = _group(
    "Who asks, and how",
    not_authenticated="The address needs a token or a session.",
    authentication_failed="The token is not known, or has expired.",
    permission_denied="The person may not do that.",
    not_allowed="The person’s roles do not allow that, or not for this one.",
    method_not_allowed="The address does not take this method.",
    not_acceptable="No format that Accept names is to be had here.",
    unsupported_media_type="Send the body as application/json.",
    parse_error="The body is no JSON.",
    not_an_object="The body is JSON, and no object with the step’s fields.",
    throttled="Too many requests; Retry-After says when to go on.",
    no_version="If-Match is missing: give the version that was last read.",
    bad_version="If-Match is no version in quotes.",
    stale="It moved on since that version. Read it again, and decide again.",
    wrong_state="Its state does not allow the step; the message says what would.",
)
BIDS = _group(
    "Bids: what a lead sends",
    blank="A text that is needed is blank.",
    missing="A field that is needed is missing.",
    too_long="A text is longer than allowed; the message says how long it may be.",
    too_many="More than allowed of one thing; the message says how many.",
    too_few="Fewer than needed of one thing; the message says how many.",
    twice="The same is named twice.",
    none="Nothing is named where something is needed.",
    unprintable="A text holds a character that cannot be printed.",
    bad_character="A text holds a character that no text has.",
    fixed="That can no longer be changed.",
    exists="There is one already.",
    incomplete="The bid cannot be submitted yet; each thing that is missing is in errors.",
    no_consortium="The bid has no such consortium, or there is none.",
    consortium_has_practices="A consortium that still names practices cannot be taken out.",
    no_practice="There is no such practice.",
    no_criterion="The bid is not asked such a criterion.",
    no_leader="A leader is needed.",
    unanswered="A leader’s question is not answered.",
    how_missing="A leader could gain, and how is not said.",
    about_one="Say about which one it is.",
    no_attachment="The bid has no such file.",
    attached_already="The same file is attached already.",
    no_answer="Say what the answer is.",
    no_text="Say it in words.",
    no_grounds="A review needs its grounds.",
    no_evidence="Say what was done about the condition.",
    no_condition="The decision has no such condition.",
    no_day="Say the day.",
    bad_day="The day is not one that is possible here.",
    future_date="The day is still to come.",
    too_early="The day lies before what it follows.",
    practices_refused="A practice cannot be claimed; which and why is in errors.",
    not_in_programme="It is not in the programme on that day.",
)
CASEWORK = _group(
    "Bids: what staff and other bodies send",
    no_person="There is no such person.",
    not_an_assessor="That person does not assess bids.",
    own_bid="Nobody works on a bid of their own.",
    interest="That person has an interest in the bid.",
    no_stage="That body was not asked about this bid, or not through this person.",
    no_view="An opinion needs its view.",
    no_note="A note is needed.",
    no_reason="A reason is needed.",
    no_wave="There is no such wave, or it takes no bids.",
    unknown_finding="The finding is none of those that there are.",
    unknown_outcome="The outcome is none of those that there are.",
    findings_missing="A criterion has no finding yet.",
    reason_not_usable="The reason is not for this outcome, or no longer in use.",
    bad_reason="The reason is not one of the vocabulary.",
    bad_conditions="The conditions do not fit the outcome, or lack a text or a day.",
    no_minister="Say on whose behalf the decision is reversed.",
)
WAVES = _group(
    "Waves, announcements and criteria",
    bad_bid="The bid cannot be in this scenario.",
    bad_hours="Not a time of day within the hours for it.",
    bad_month="Not a month.",
    bad_wave="There is no such wave.",
    bad_scope="The scope is not one that there is.",
    bad_url="Not an address of the web.",
    bad_kinds="Not kinds that the vocabulary has.",
    bad_kind="Not a kind that there is.",
    bad_letter="The letter’s template is not understood.",
    bad_placeholder="The letter has a placeholder that there is not.",
    bad_subject="The letter’s subject is not one line of text.",
    bad_text="The text is not understood.",
    blank_letter="The letter is blank.",
    letter_leaves_out="The letter leaves out what it must say.",
    leaves_out="The text leaves out what it must say.",
    no_letter="There is no such letter.",
    no_announcement="The wave has no announcement yet.",
    no_change="Nothing would change.",
    no_claim="There is no such claim.",
    no_claims="No claim is given.",
    no_criteria="The set has no criterion.",
    no_field="No field is named.",
    no_key="A key is needed.",
    no_name="A name is needed.",
    no_title="The announcement needs a title.",
    no_region="There is no such region.",
    no_sha="There is no such SHA.",
    not_held="The release is not held.",
    not_listed="It is not in the list.",
    not_read="The announcement was not read by a second person.",
    not_released="The wave is not released.",
    other_day="That is another day than the one planned.",
    out_of_order="The days are not in their order.",
    past="The time is past.",
    unexplained="A figure differs and is not explained.",
    unready="A bid on the list is not ready to be decided.",
    words_differ="The words and the figure differ.",
)
SUCCESSION = _group(
    "Merging and splitting",
    before_announcement="The day lies before the announcement.",
    circle="It would come after itself.",
    empty_part="A part has nobody in it.",
    name_kept="The name is kept by the one that goes on.",
    not_a_member="The practice is no member that day.",
    not_inside="The consortium is not inside the pathfinder.",
    not_living="It was not there that day.",
    placed_twice="The same is placed in two parts.",
    same="Both are the same.",
    same_name="Two of them would have the same name.",
    same_part="Two parts are the same.",
    unchanged="It is so already.",
    unknown_object="There is no such one.",
    unplaced="One is placed in no part.",
)
GROUPS = (QUESTION, REQUEST, BIDS, CASEWORK, WAVES, SUCCESSION)
CODES = {told.code: told.meaning for group in GROUPS for told in group.codes}
