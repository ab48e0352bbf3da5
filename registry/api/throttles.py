"""How often one address, or one person, may ask. Rates are settings; a token lifts the limit of an address.

Counted in each worker's memory: a read must not cost a write to the database, and the limits are generous enough
that the number of workers does not matter.
"""

from __future__ import annotations

from django.core.cache import caches
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle


class AddressThrottle(AnonRateThrottle):
    cache = caches["throttles"]


class PersonThrottle(UserRateThrottle):
    cache = caches["throttles"]
