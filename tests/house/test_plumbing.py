"""The test run's own plumbing holds what it promises."""

import pytest

from tests.plumbing.live import StartServer
from tests.plumbing.redis import RedisServer

pytestmark = pytest.mark.slow


def test_a_live_server_answers_from_its_own_database(live_database, start_server: StartServer):
    server = start_server(live_database(), clock=False)
    assert server.url.startswith("http://127.0.0.1:")
    assert server.database.value("SELECT current_user") == "owner"
    server.kill()
    server.restart()
    assert server.process.poll() is None


def test_the_serving_role_cannot_rewrite_the_journal(live_database):
    database = live_database()
    if database.url == database.owner_url:
        pytest.skip("DATABASE_URL gives one role for everything")
    rights = "SELECT has_table_privilege('serve', 'journal_entry', %s)"
    assert database.value(rights, "SELECT, INSERT")
    assert not database.value(rights, "UPDATE, DELETE, TRUNCATE, TRIGGER")
    assert database.value("SELECT has_table_privilege('serve', 'journal_case', 'UPDATE')")


def test_a_redis_can_be_stopped_and_started_again(redis_server: RedisServer):
    redis_server.stop()
    redis_server.start()
    assert redis_server.url.startswith("redis://127.0.0.1:")
