"""Every read that joins the rooms: one module a resource, used by its page, its API resource and its exports alike.

Each has `rows(user, moment)`, a queryset of dicts with flat names (`pct_code`, `pct_name`), and `Filters`, the same
filters for page and API: `Filters(request.GET, rows(user, moment), moment=moment).qs`. `KEY` names the columns that
tell two rows apart, `ORDERINGS` what a list may be ordered by. Where figures are dear to work out row by row,
`finish(user, moment, rows)` adds them to the dicts of one page in one query.
"""
