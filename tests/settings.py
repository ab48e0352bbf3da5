"""Settings of the tests: on DATABASE_URL where it is given, else on a throw-away embedded server.

pytest-django reads settings before conftest.py, so the server is started here; xdist's workers inherit the variable.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

if not os.environ.get("DATABASE_URL"):
    from registry.embedded import attach_throwaway
    from registry.embedded.place import EmbeddedError

    try:
        os.environ["DATABASE_URL"] = attach_throwaway().url("pathfinders")
    except EmbeddedError as error:
        sys.exit(str(error))

os.environ.setdefault("PATHFINDERS_SECRET_KEY", "a key for tests only")
os.environ["PATHFINDERS_URL"] = "http://localhost"
os.environ.pop("PATHFINDERS_DEMO", None)
os.environ["PATHFINDERS_API_RATE"] = "100000/min"  # one address asks all that the tests ask
# Playwright's synchronous API runs an event loop in the tests' thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from pathfinders.settings import *  # noqa: E402, F403
from pathfinders.settings import BASE_DIR, DATABASES, TEMPLATES  # noqa: E402

DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; no real password is ever kept
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = None
_kept = Path(tempfile.mkdtemp(prefix="pathfinders-tests-"))
atexit.register(shutil.rmtree, _kept, ignore_errors=True)
EDITIONS_DIR, ATTACHMENTS_DIR, SNAPSHOTS_DIR = _kept / "editions", _kept / "attachments", _kept / "snapshots"
EDITIONS_DIR.mkdir()
WHITENOISE_USE_FINDERS = True  # no collectstatic before a test
WHITENOISE_AUTOREFRESH = False
TEMPLATES[0]["DIRS"].append(BASE_DIR / "tests" / "templates")  # type: ignore[index, union-attr]
