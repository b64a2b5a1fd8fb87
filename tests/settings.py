"""Settings for the tests: the platform's own, on a database server of the test run's own.

pytest-django imports this before any conftest, which is the one moment when the environment can still be set. With
DATABASE_URL given, that server is used. Otherwise the run's first process starts one without fsync; the workers of
pytest-xdist inherit its address.
"""

import os

from tests.plumbing import cluster

os.environ["DEMO_MODE"] = "1"
os.environ.setdefault("SECRET_KEY", "a key for tests alone, as long as a real one has to be to pass the checks")
os.environ.setdefault("PRICE_KEY", "7e" * 32)
cluster.provide(os.environ)

from config.settings import *  # noqa: E402, F403 (the environment first)
from config.settings import BASE_DIR, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files from where they are written, without a manifest of hashed names.
STATIC_ROOT = BASE_DIR / "static"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Notices keep their pace.
NOTIFY_WITHOUT_WAITING = False
