"""When things happen in the story: days of the world, which are also the days on which the register hears of them."""

from __future__ import annotations

from datetime import date

from pathfinders.demonstration.bids import Days

BEGINS = date(2010, 10, 1)
DEADLINE = date(2012, 10, 1)
LISTS_PUBLISHED = {
    "2010Q3": BEGINS,
    "2010Q4": date(2010, 11, 15),
    "2011Q1": date(2011, 2, 14),
    "2011Q2": date(2011, 5, 16),
    "2011Q3": date(2011, 8, 15),
}
OPENED = {
    1: date(2010, 10, 25),
    2: date(2010, 12, 9),
    3: date(2011, 1, 20),
    4: date(2011, 3, 3),
    5: date(2011, 6, 15),
    6: date(2011, 8, 16),
}
BIDS = {
    1: Days(date(2010, 11, 12), date(2010, 11, 29), date(2010, 12, 3)),
    2: Days(date(2010, 12, 17), date(2011, 1, 7), date(2011, 1, 12)),
    3: Days(date(2011, 2, 4), date(2011, 2, 18), date(2011, 2, 24)),
    4: Days(date(2011, 3, 11), date(2011, 3, 23), date(2011, 3, 30)),
    5: Days(date(2011, 6, 20), date(2011, 6, 30), date(2011, 7, 5)),
    6: Days(date(2011, 8, 19), date(2011, 8, 26), date(2011, 8, 31)),
}
ANNOUNCED = {
    1: date(2010, 12, 8),
    2: date(2011, 1, 18),
    3: date(2011, 3, 2),
    4: date(2011, 4, 4),
    5: date(2011, 7, 12),
    6: date(2011, 9, 1),  # today: a newcomer may release it
}
MERGED = ANNOUNCED[3]
SOLIHULL_RECODED = date(2011, 4, 15)
MOVE_HEARD, MOVE_SAID, MOVE_TRUE = date(2011, 5, 3), date(2011, 5, 1), date(2011, 4, 1)
MOVE_CORRECTED = date(2011, 6, 20)
AMENDED = date(2011, 6, 1)
EMERGED = date(2011, 7, 1)
CHANGES_HEARD = date(2011, 7, 20)
RESHAPED = date(2011, 8, 1)
ASKED, ATTESTED = date(2011, 6, 21), date(2011, 6, 29)
SETTLED, WHY_LEFT_OUT, REMINDED = date(2011, 8, 17), date(2011, 8, 18), date(2011, 8, 22)
LOCAL_CRITERIA = date(2011, 8, 1)
REQUESTS = date(2011, 8, 24)
