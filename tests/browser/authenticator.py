"""The authenticator app that a person of the department holds beside the browser.

from tests.browser.authenticator import figures
"""

import time

from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

TO_TYPE_AND_SEND = 6
"""Seconds that figures still hold when they are read: well above what a browser on a busy machine takes."""


def figures(secret: str) -> str:
    """The six figures of now; the next ones, where these are about to end: the site takes no others than of its now."""
    left = TOTP_PERIOD - time.time() % TOTP_PERIOD
    if left < TO_TYPE_AND_SEND:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_PERIOD))
