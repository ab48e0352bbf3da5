"""What `verify_journal` proves of attested lists beside the chain: that each is what its hash is of, and what the
facts give."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser

from consortia.attested import attested_list, differences, rows_of, sha256_of
from consortia.models import Attestation, AttestedList
from registry.models.fact import Lower
from registry.moment import Moment


def faults() -> Iterator[str]:
    """A sentence for each attestation, withdrawn ones too, whose list is lost, altered, or not what the facts give."""
    public = AnonymousUser()
    said = (
        Attestation.objects.visible_to(public)
        .select_related("consortium", "opened_by")
        .annotate(_on=Lower("effective"))
    )
    for fact in said.order_by("opened_by", "opened_position"):
        what = f"The list that {fact.consortium.ref} attested for {fact.quarter}"
        kept = AttestedList.objects.visible_to(public).filter(pk=fact.sha256).first()
        if kept is None:
            yield f"{what} is lost: {fact.sha256}."
            continue
        if sha256_of(kept.content) != fact.sha256:
            yield f"{what} is not what its hash is of: {fact.sha256}."
        if len(rows_of(kept.content)) != fact.practices:
            yield f"{what} has {len(rows_of(kept.content))} practices; the fact says {fact.practices}."
        known = Moment(fact._on, fact.opened_by.at, latest=False)
        made = attested_list(known, fact.consortium)
        if made != kept.content:
            what_differs = "; ".join(differences(kept.content, made)[:3]) or "its lines stand otherwise"
            yield f"{what} is not what the facts give, as known then: {what_differs}."
