"""What the register is, how it counts, how accessible it is, and whose data it holds."""

from pathfinders.views.public.base import PublicStatic


class AboutPage(PublicStatic):
    template_name = "public/about.html"
    extra_context = {"title": "About this register"}
