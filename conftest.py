"""The test run's plumbing: database, live servers, Redis and browser. The cast is in tests/conftest.py."""

pytest_plugins = ["tests.plumbing.live", "tests.plumbing.redis", "tests.plumbing.browser", "tests.plumbing.standin"]
