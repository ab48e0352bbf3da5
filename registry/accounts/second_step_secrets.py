"""The secrets of authenticator apps and recovery codes rest encrypted: a copy of the database signs nobody in."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


class EncryptingAdapter(DefaultMFAAdapter):
    """allauth's adapter with Fernet under a key derived from SECRET_KEY; its fallbacks still decrypt."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    keys: list[str] = [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(b"second step:" + key.encode()).digest())) for key in keys])
