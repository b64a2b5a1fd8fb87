"""The test run's plumbing: database, live servers, Redis and browser. The cast is in tests/conftest.py."""

from hypothesis import HealthCheck, settings

# A busy machine is no failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

pytest_plugins = ["tests.plumbing.live", "tests.plumbing.redis", "tests.plumbing.browser", "tests.plumbing.standin"]
