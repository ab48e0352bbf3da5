from __future__ import annotations

from collections.abc import Iterable

from registry.models import Identity


class Identities:
    """The codes of one kind of body and their primary keys. New codes are minted under the lock; in a dry run they
    get numbers below zero, so that nothing is written."""

    def __init__(self, model: type[Identity], *, dry: bool) -> None:
        self.model, self.dry = model, dry
        self.pks: dict[str, int] = dict(model.objects.values_list(model.NATURAL, "pk"))

    def __contains__(self, code: str) -> bool:
        return code in self.pks

    def __getitem__(self, code: str) -> int:
        return self.pks[code]

    def mint(self, codes: Iterable[str]) -> set[str]:
        """Make the codes that are not known yet; says which those were."""
        new = sorted(set(codes) - self.pks.keys())
        if self.dry:
            self.pks.update({code: -number for number, code in enumerate(new, start=len(self.pks) + 1)})
        else:
            rows = self.model.objects.bulk_create(
                [self.model(**{self.model.NATURAL: code}) for code in new], batch_size=5_000
            )
            self.pks.update({getattr(row, self.model.NATURAL): row.pk for row in rows})
        return set(new)
