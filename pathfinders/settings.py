"""Settings, read from the environment.

DATABASE_URL           the database; without it the embedded server that `./run` started
PATHFINDERS_STATE      folder of everything written at run time (default: .state in the checkout)
PATHFINDERS_URL        the public address: hosts, secure cookies, HSTS and the links in mail
PATHFINDERS_DEMO       "1" in a demonstration: one-button logins, loopback only
PATHFINDERS_SMTP       smtp://user:password@host:587, or smtps://; without it mail is written to files in the state folder
PATHFINDERS_MAIL_FROM  the address that mail comes from
PATHFINDERS_SECRET_KEY the key; `./run` keeps one in the state folder
PATHFINDERS_API_RATE   what one address may ask of the API (600/min); _SIGNED_IN of a person, _TOKEN of a token
PATHFINDERS_READ_SECONDS, PATHFINDERS_WHOLE_LIST_SECONDS  what Postgres may take over one statement (15, 120)
PATHFINDERS_METRICS_TOKEN  who may read /metrics from elsewhere
PATHFINDERS_OLD_KEYS   keys that were replaced, parted by blanks: links that they signed still open
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF

from registry.database import state_folder
from registry.secrets import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = state_folder()
DEMO = os.environ.get("PATHFINDERS_DEMO") == "1"
PUBLIC_URL = (os.environ.get("PATHFINDERS_URL") or "http://127.0.0.1:8000").rstrip("/")
_public = urlsplit(PUBLIC_URL)
SECURE = _public.scheme == "https"

SECRET_KEY = os.environ.get("PATHFINDERS_SECRET_KEY") or kept_secret(STATE_DIR)
SECRET_KEY_FALLBACKS = os.environ.get("PATHFINDERS_OLD_KEYS", "").split()
DEBUG = False
ALLOWED_HOSTS = sorted({_public.hostname or "127.0.0.1", "127.0.0.1", "localhost"})
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "pathfinders",
    "transitions",
    "consortia",
    "practices",
    "registry",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
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
    "registry.metrics.Measured",
    "registry.api.unchanged.Unchanged",  # an answer without a body needs none of what follows
    # the headers' own come first: no page made further in leaves without them
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "registry.api.limits.ApiLimits",
    "registry.api.compressing.Compressed",
    "registry.pages.public.CookielessPublicPages",
    "registry.pages.one_clock.OneClock",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "registry.pages.private.PrivateUnlessSaid",
    "registry.accounts.restore.LoginRequiredKeepingTyped",
    "django.contrib.messages.middleware.MessageMiddleware",
    "registry.pages.addresses.NoNulInAddresses",
    "allauth.account.middleware.AccountMiddleware",
    "registry.accounts.second_step.RequireSecondStep",
    "registry.accounts.restore.RestoreTyped",
    "registry.pages.errors.RefusalPages",
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
                "registry.pages.context.layout",
            ],
            "builtins": ["registry.pages.typed_by"],  # its csrf_token stands in for Django's
        },
    }
]

# --- database: manage.py has put the embedded server's address into DATABASE_URL where none was given ---
DATABASES = {"default": dj_database_url.parse(os.environ.get("DATABASE_URL") or "postgresql:///pathfinders")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
# Where Postgres can compile a plan (Debian's can) it takes longer over that than our short questions take to answer.
# What is read through a cursor is read to its end: a plan for its first tenth costs a whole history twice the time.
# A misspelt name is found from this likeness on (0 to 1): one wrong letter of six leaves 0.5. Postgres' own bound is 0.6.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
    "options", "-c jit=off -c cursor_tuple_fraction=1 -c pg_trgm.word_similarity_threshold=0.4"
)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a restarted server costs one reconnection, no error page
DATABASES["default"]["ATOMIC_REQUESTS"] = False  # an action opens its own transaction
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = ["registry.accounts.backend.WithGrants"]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# --- cache: in the database, so that all workers count the same rate limits ---
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"},
}

# --- static files: compiled at set-up, served by whitenoise under names that carry their hash ---
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = STATE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- files that people send: read by one handler, within limits; those of bids are kept outside the web root ---
FILE_UPLOAD_HANDLERS = ["registry.pages.uploads.Uploads"]
EDITIONS_DIR = STATE_DIR / "editions"
ATTACHMENTS_DIR = STATE_DIR / "attachments"
SNAPSHOTS_DIR = STATE_DIR / "snapshots"  # published files, under their hashes; lost ones are made again

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
    | {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},  # not a line for each page that was not found
        "gunicorn.http.wsgi": {"level": "ERROR"},  # nor for each HEAD, whose body gunicorn drops
    },
}

# --- case log: never changed ---
PGHISTORY_APPEND_ONLY = True

# --- the API: closed unless a view says that it is public (registry/api/views.py) ---
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "registry.api.authentication.ByToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "registry.api.negotiation.ByFormat",
    "DEFAULT_THROTTLE_CLASSES": [
        f"registry.api.throttles.{name}" for name in ("AddressThrottle", "PersonThrottle", "TokenThrottle")
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": os.environ.get("PATHFINDERS_API_RATE", "600/min"),  # an address
        "user": os.environ.get("PATHFINDERS_API_RATE_SIGNED_IN", "6000/min"),  # a person
        "token": os.environ.get("PATHFINDERS_API_RATE_TOKEN", "3000/min"),  # each of a person's tokens
    },
    "EXCEPTION_HANDLER": "registry.api.problems.handle",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": 1 if SECURE else 0,  # behind a proxy the address is the one that it names
}
KNOX_TOKEN_MODEL = "knox.AuthToken"  # its own; said because ApiToken stands beside it
# How long Postgres may take over one statement of a page, and of a whole list
READ_SECONDS = int(os.environ.get("PATHFINDERS_READ_SECONDS") or 15)
WHOLE_LIST_SECONDS = int(os.environ.get("PATHFINDERS_WHOLE_LIST_SECONDS") or 120)
METRICS_TOKEN = os.environ.get("PATHFINDERS_METRICS_TOKEN", "")
SPECTACULAR_SETTINGS = {
    "TITLE": "Pathfinders",
    "DESCRIPTION": "The registry of England's GP commissioning pathfinders, 2010-2013. Every list takes two dates: "
    "as_of, the day of the world, and known_at, what the register knew; the answer says which it used.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "ENUM_NAME_OVERRIDES": {
        "AnswerEnum": "pathfinders.models.ClaimAnswer",
        "MembershipAnswerEnum": "consortia.models.Answer",
        "MembershipStatusEnum": "consortia.models.MembershipStatus",
        "OutcomeEnum": "pathfinders.models.Outcome",
        "SettlementOutcomeEnum": "consortia.models.SettlementOutcome",
        "StateEnum": "pathfinders.states.SHOWN_CHOICES",
        "StatusEnum": "pathfinders.models.StageStatus",
        "TransferStateEnum": "consortia.states.TransferState",
    },
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "registry.api.schema.pickable",
    ],
}

# The site's face (templates/layout.html)
SERVICE_NAME = "Pathfinders"
NAVIGATION = [
    ("Practices", "/practices/"),
    ("PCTs", "/pcts/"),
    ("Consortia", "/consortia/"),
    ("Pathfinders", "/pathfinders/"),
    ("Waves", "/waves/"),
    ("Left out", "/unaffiliated/"),
    ("Transition", "/transitions/"),
    ("Data", "/data/"),
]
FORM_RENDERER = "registry.pages.renderer.DesignSystemRenderer"
FILTERS_EMPTY_CHOICE_LABEL = "All"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "registry.pages.errors.csrf_failure"

# Accounts: by invitation; a password, a mailed code or a passkey; an authenticator app for DH's roles
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "registry.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the administrator who invites vouches for the address
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_RATE_LIMITS = {"answer_code": "20/h/ip"}  # wrong codes of printed letters; besides the library's own limits
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE else 0  # behind a proxy the address is the one that it names
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _public.scheme or "http"
MFA_ADAPTER = "registry.accounts.second_step_secrets.EncryptingAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = SERVICE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _public.hostname in ("localhost", "127.0.0.1")
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Mail: sent where a server is named, else kept as files; in a demonstration it is read in the outbox and none leaves
DEFAULT_FROM_EMAIL = os.environ.get("PATHFINDERS_MAIL_FROM") or f"pathfinders@{_public.hostname}"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
_smtp = urlsplit(os.environ.get("PATHFINDERS_SMTP", ""))
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
elif _smtp.hostname:
    EMAIL_HOST, EMAIL_PORT = _smtp.hostname, _smtp.port or (465 if _smtp.scheme == "smtps" else 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_smtp.username or ""), unquote(_smtp.password or "")
    EMAIL_USE_SSL = _smtp.scheme == "smtps"
    EMAIL_USE_TLS = not EMAIL_USE_SSL and _smtp.hostname not in ("localhost", "127.0.0.1")
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = STATE_DIR / "mail"

# OpenID Connect, where an issuer is named: PATHFINDERS_OIDC_ISSUER, _CLIENT, _SECRET and _NAME
OIDC_ISSUER = os.environ.get("PATHFINDERS_OIDC_ISSUER", "")
if OIDC_ISSUER:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "registry.accounts.social_adapter.SocialAdapter"
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # the issuer's verified address finds the invited account
    SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": os.environ.get("PATHFINDERS_OIDC_NAME", "your organisation’s sign-in"),
                    "client_id": os.environ.get("PATHFINDERS_OIDC_CLIENT", ""),
                    "secret": os.environ.get("PATHFINDERS_OIDC_SECRET", ""),
                    "settings": {"server_url": OIDC_ISSUER},
                }
            ]
        }
    }

# Headers: nothing inline, nothing from elsewhere; the QR code of the authenticator app is a data: image
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # a form that starts a foreign sign-in is redirected to its issuer
        "form-action": [
            SELF,
            *(["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER))] if OIDC_ISSUER else []),
        ],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
        "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb", "xr-spatial-tracking",
    )
}  # fmt: skip
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "pathfinders-session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "pathfinders-csrf"
