"""Settings, read from the environment.

DATABASE_URL           the database; without it the embedded server that `./run` started
PATHFINDERS_STATE      folder of everything written at run time (default: .state in the checkout)
PATHFINDERS_URL        the public address: hosts, secure cookies, HSTS and the links in mail
PATHFINDERS_DEMO       "1" in a demonstration: one-button logins, loopback only
PATHFINDERS_SECRET_KEY the key; `./run` keeps one in the state folder
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url

from registry.database import state_folder
from registry.secrets import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = state_folder()
DEMO = os.environ.get("PATHFINDERS_DEMO") == "1"
PUBLIC_URL = (os.environ.get("PATHFINDERS_URL") or "http://127.0.0.1:8000").rstrip("/")
_public = urlsplit(PUBLIC_URL)
SECURE = _public.scheme == "https"

SECRET_KEY = os.environ.get("PATHFINDERS_SECRET_KEY") or kept_secret(STATE_DIR)
DEBUG = False
ALLOWED_HOSTS = sorted({_public.hostname or "127.0.0.1", "127.0.0.1", "localhost"})
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "pathfinders",
    "transitions",
    "consortia",
    "practices",
    "registry",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "pghistory",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
]

ROOT_URLCONF = "pathfinders.urls"
WSGI_APPLICATION = "pathfinders.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- database: manage.py has put the embedded server's address into DATABASE_URL where none was given ---
DATABASES = {"default": dj_database_url.parse(os.environ.get("DATABASE_URL") or "postgresql:///pathfinders")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a restarted server costs one reconnection, no error page
DATABASES["default"]["ATOMIC_REQUESTS"] = False  # an action opens its own transaction
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# --- cache: in the database, so that all workers count the same rate limits ---
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}}

# --- static files: compiled at set-up, served by whitenoise under names that carry their hash ---
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = STATE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- security: as strict as the public address allows (gunicorn believes X-Forwarded-Proto of its own machine) ---
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # the domain's other sites are not ours to bind
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (
    ("__Host-session", "__Host-csrf") if SECURE else ("pathfinders-session", "pathfinders-csrf")
)
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
}

# --- logging: to stderr, for the service manager to keep ---
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        name: {"level": "INFO"} for name in ("registry", "practices", "consortia", "transitions", "pathfinders")
    }
    | {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}

# --- case log: never changed ---
PGHISTORY_APPEND_ONLY = True
