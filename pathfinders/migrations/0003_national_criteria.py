"""Ship the four national tests of 2010 and the reasons for decisions (domain.md rule 13 and section 4)."""

from datetime import date

from django.db import migrations

PUBLISHED = date(2010, 10, 21)  # the invitation of October 2010; its exact day is a recollection, and can be changed
CRITERIA = [
    (
        "gp_backing",
        "Backing of local GPs",
        "How do you know that the GPs of the practices named in this bid support it, and who spoke against it?",
    ),
    (
        "clinical_leadership",
        "Clinical leadership",
        "Which clinicians will lead, how were they chosen, and what time and authority do they have for it?",
    ),
    (
        "local_authority",
        "Engagement with the local authority",
        "Which local authorities have you worked with on this bid, and how will you plan services with them?",
    ),
    (
        "qipp",
        "Part in quality and productivity (QIPP)",
        "What will this group do for quality, innovation, productivity and prevention in its area, and by when?",
    ),
]
ALL = ["decline", "defer", "conditions"]
NOT_YET = ["decline", "defer"]
REASONS = [
    ("gp_backing", "Backing of local GPs was not fully shown", ALL, False),
    ("clinical_leadership", "Clinical leadership was not fully shown", ALL, False),
    ("local_authority", "Engagement with the local authority was not fully shown", ALL, False),
    ("qipp", "Part in quality and productivity (QIPP) was not fully shown", ALL, False),
    ("governance", "Governance is not settled", ALL, False),
    ("membership_unclear", "Membership is unclear, or practices are claimed by another bid", ALL, False),
    ("finance", "Finances", ALL, False),
    ("wave_capacity", "The wave has no room for it", NOT_YET, True),
    ("learning_elsewhere", "What it would teach is learned better elsewhere", NOT_YET, True),
    ("information_missing", "Information is missing", NOT_YET, False),
    ("other", "Another reason, given in the letter", ALL, False),
]


def ship(apps, schema_editor):
    CriteriaSet = apps.get_model("pathfinders", "CriteriaSet")
    Criterion = apps.get_model("pathfinders", "Criterion")
    Reason = apps.get_model("pathfinders", "Reason")
    national = CriteriaSet.objects.create(scope="national", version=1, published_on=PUBLISHED)
    for position, (key, title, question) in enumerate(CRITERIA, start=1):
        Criterion.objects.create(set=national, position=position, key=key, title=title, question=question)
    for position, (key, label, kinds, outside) in enumerate(REASONS, start=1):
        Reason.objects.create(
            key=key, position=position, label=label, kinds=kinds, outside_criteria=outside, period=(None, None)
        )


class Migration(migrations.Migration):
    dependencies = [("pathfinders", "0002_bids")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
