from __future__ import annotations

from django.db import models
from django.db.models import Q

from practices.models.practice import Practice
from registry.models.fact import Fact, fact_constraints, fact_indexes


class Branch(Fact):
    """A branch surgery of a practice: name, address and postcode, while it is open.

    Its code is the practice's code and the three characters of `branch` (domain.md section 3.3), put together here, so
    that no branch can bear another practice's code. A branch has no list and no status: it never counts as a practice
    (rule 5), and is open only while its practice is (practices.consequences).
    """

    NAME = "branch"
    KEY = ("practice", "branch")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="branches", db_index=False)
    branch = models.CharField(max_length=3, db_collation="C")
    name = models.CharField(max_length=200)
    address = models.TextField(blank=True)  # lines parted by newlines, without the postcode
    postcode = models.CharField(max_length=10, blank=True)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "practice", "branch", shape=Q(branch__regex=r"^[A-Z0-9]{3}$"), named=~Q(name="")
        )
        indexes = fact_indexes("practice", "branch")
        verbose_name_plural = "branches"

    @property
    def code(self) -> str:
        return f"{self.practice.code}{self.branch}"
