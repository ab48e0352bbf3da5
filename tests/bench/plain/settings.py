"""The baselines: an ordinary Django and Django REST framework on the same database, and nothing before its views."""

from pathfinders.settings import *  # noqa: F403
from pathfinders.settings import INSTALLED_APPS, REST_FRAMEWORK

INSTALLED_APPS += ["tests.bench.plain"]
BARE = True  # tests.bench.serving takes all middleware away
ROOT_URLCONF = "tests.bench.plain.urls"
REST_FRAMEWORK = REST_FRAMEWORK | {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_THROTTLE_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "rest_framework.negotiation.DefaultContentNegotiation",
    "EXCEPTION_HANDLER": "rest_framework.views.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "rest_framework.schemas.openapi.AutoSchema",
}
