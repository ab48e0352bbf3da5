"""The tests' settings for a site with slow addresses."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.support.slow_urls"
READ_SECONDS = 1
