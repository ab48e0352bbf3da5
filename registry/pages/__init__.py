"""The page kernel: layout, forms, filtered tables, the date control, error pages.

What other packages call:

* `public`, `PublicPage`              a page for everybody: no cookie, no CSRF token
* `forms.DateField`, `forms.Ui`, `forms.add_refusal`
* `tables.Column`, `tables.ListPage`  a list with filters, sorting, pages, CSV and API links
* `dates.DatedPage`                   one date control, `self.moment`
* `views.FormPage`                    a form whose refusals land in the error summary
* `areas.add_area`                    the signed-in bar
"""

from registry.pages.public import PublicPage, public

__all__ = ["PublicPage", "public"]
