"""What bids say and assessors find, in the demonstration: made up, and the same few sentences again and again."""

from __future__ import annotations

ANSWERS = {
    "gp_backing": (
        "Every practice named in this bid has voted for it. The vote was held at an open meeting in {town}; two "
        "partners abstained and nobody spoke against it.",
        "All partners were asked in writing. Nine in ten answered and all but a few support {name}; those who did not "
        "are still within their practices' decision to take part.",
        "The practices have worked together in practice-based commissioning for some years and signed a common "
        "statement of support in the autumn.",
    ),
    "clinical_leadership": (
        "A board of seven GPs, elected by the practices, leads {name}. Each gives two sessions a week, which the trust "
        "pays for. A practice nurse and a practice manager attend.",
        "The chair was elected in October by all partners. Clinical leads for urgent care, long-term conditions and "
        "prescribing have been named and have protected time.",
        "Two GPs share the chair. The locality meets each month in {town} and every practice sends a partner.",
    ),
    "local_authority": (
        "The council's director of adult services has been part of our planning since the summer and writes in support. "
        "We will share plans for reablement and for care homes.",
        "We have met the council and its health overview committee. A joint group is to plan services for children "
        "and older people in {town}.",
        "The council supports the bid. We sit on its early health and wellbeing board and have agreed three shared aims.",
    ),
    "qipp": (
        "We will bring diagnostic tests nearer to home, review outpatient follow-ups and prescribe alike. We expect a "
        "tenth fewer first outpatient referrals in two years.",
        "Our plan with the trust: fewer emergency admissions of people with long-term conditions, by practice-based "
        "reviews and a community team that can be there within two hours.",
        "{name} has taken on the trust's targets for quality and productivity for its practices, and reports on them "
        "each month.",
    ),
}
LOCAL = {
    "across_boroughs": (
        "Services across borough boundaries",
        "Londoners do not keep to one borough. How will you plan with your neighbours what patients use across the boundary?",
        "We share an urgent care board with the two boroughs next to ours, and patients of {town} use hospitals in both.",
    ),
    "premises": (
        "Use of premises",
        "Which services could move into the surgeries and health centres that you have, and what stands in the way?",
        "Blood tests and physiotherapy could move to our health centre in {town} at once; the rest waits for leases.",
    ),
}
"""London's own criteria, by key: title, question, and what bids answer."""
FINDINGS = {
    "gp_backing": (
        "Support of about a third of the practices is not shown; letters are missing.",
        "The vote was held before the list of practices was complete.",
    ),
    "clinical_leadership": (
        "It is not said who leads, or what time they have for it.",
        "The chair is named; the clinical leads are not, and have no protected time yet.",
    ),
    "local_authority": (
        "The council is named, but nothing shows that it was asked.",
        "There has been one meeting with the council and no shared plan yet.",
    ),
    "qipp": (
        "Savings are named without the changes that would bring them.",
        "The plan repeats the trust's own; what the group adds is not said.",
    ),
}
LETTERS = {
    "declined": "Thank you for the work that went into this bid. It was not approved in this wave. What is missing is "
    "listed above; your strategic health authority will help, and you are welcome to bid again.",
    "deferred": "This bid is not far from what is needed. It has been put off to a later wave, so that what is listed "
    "above can be settled first.",
    "approved": "Congratulations. Your pathfinder joins the learning network with this wave.",
}
RETURNS = (
    (
        ("information_missing", "local_authority"),
        "Please send the letter from the council that your bid speaks of, and say who from the council sits on your group.",
    ),
    (
        ("governance", "membership_unclear"),
        "Two of your practices told the trust that they had not decided. Please say how each practice agreed, and who "
        "votes for it on the board.",
    ),
)
"""Why bids were returned, and what was asked of them."""
GROUNDS = (
    "The budget that the condition speaks of was agreed with the trust two weeks before the decision, and our letter of "
    "that day may not have reached the assessor. We ask that the condition be looked at again."
)
LEAVING = (
    "Two of our three lead GPs have retired, and the practices would rather join their neighbours than go on as a "
    "pathfinder of their own."
)

CONDITIONS = {
    "governance": "Publish how the board is chosen and how it deals with interests, agreed with every practice.",
    "finance": "Agree with the PCT how the indicative budget is shared and who answers for it.",
}
"""What an approval with conditions asks for, by its reason."""
REPLIES = {
    "pct": (
        "reservations",
        "We support the practices in this. The plan leans on our own staff for finance and contracts, and what that "
        "costs has yet to be agreed.",
    ),
    "sha": ("support", "The group fits the map of the region, and its neighbours know of it."),
}
PARTNERS = (
    "The council, the community health service and the nearest hospital have been at our meetings since the summer. We "
    "need help with budgets and with reading hospital data.",
    "We work with the local voluntary services council. We would like the trust to lend us two managers and an analyst.",
    "The hospital's clinical directors meet ours each month. We need support with contracts and public consultation.",
)
INTERESTS = (
    "Our practice holds shares in the company that runs the out-of-hours service.",
    "I have a minor surgery list that the consortium could buy.",
    "My partner directs a community diagnostics provider in {town}.",
)
