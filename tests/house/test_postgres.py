"""The embedded database starts, stops, survives a kill, and lies where its server's user can work."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg2
import pytest

from config import places, postgres
from config.environment import ROOT
from config.processes import Account
from tests.plumbing.cluster import temporary_home

pytestmark = pytest.mark.slow

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as somebody else")


@pytest.fixture
def cluster():
    made = postgres.Cluster(temporary_home(), durable=False)
    yield made
    made.remove()


def ask(url: str, sql: str) -> list[tuple]:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def servers_of(home: Path) -> list[psutil.Process]:
    """Each with its user as it was when it was found: some of its processes end by themselves."""
    return [p for p in psutil.process_iter(["username"]) if postgres._works_in(p, home / "data")]


def test_it_starts_with_two_roles_and_a_database(cluster):
    address = cluster.start()
    assert ask(address.url("owner"), "SELECT current_user, current_database()") == [("owner", "market")]
    assert ask(address.url("serve"), "SHOW server_encoding") == [("UTF8",)]
    collation = "SELECT datlocprovider::text, datlocale FROM pg_database WHERE datname = 'market'"
    assert ask(address.url("owner"), collation) == [("b", "C.UTF-8")]


def test_the_serving_role_makes_no_tables_and_no_databases(cluster):
    address = cluster.start()
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(address.url("serve"), "CREATE TABLE mine (id int)")


def test_a_knock_without_the_password_is_refused(cluster):
    address = cluster.start()
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(f"postgresql://owner:wrong@127.0.0.1:{address.port}/market")
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(f"postgresql://postgres@127.0.0.1:{address.port}/market")
    assert (cluster.home / "passwords.json").stat().st_mode & 0o077 == 0


def test_stopping_leaves_nothing_running(cluster):
    address = cluster.start()
    cluster.stop()
    assert servers_of(cluster.home) == []
    assert not address.socket_folder.exists()


def test_what_was_committed_survives_a_kill():
    cluster = postgres.Cluster(temporary_home(), durable=True)
    try:
        ask(cluster.start().url("owner"), "CREATE TABLE kept AS SELECT 1 AS one")
        cluster.kill()
        assert not cluster.is_running()
        address = cluster.start()
        assert ask(address.url("owner"), "SELECT one FROM kept") == [(1,)]
        assert ask(address.url("owner"), "SHOW fsync") == [("on",)]
    finally:
        cluster.remove()


def test_the_address_stays_true_when_the_server_is_started_again(cluster):
    first = cluster.start()
    cluster.kill()
    assert cluster.start() == first


def test_a_server_left_by_a_killed_run_is_ended_first(cluster):
    """As on a system whose kernel does not end it with its parent."""
    cluster.start()
    left = cluster._process.pid
    again = postgres.Cluster(cluster.home, durable=False)
    address = again.start()
    assert not psutil.pid_exists(left) or psutil.Process(left).status() == psutil.STATUS_ZOMBIE
    assert ask(address.url("owner"), "SELECT 1") == [(1,)]
    again.stop()


def test_a_stale_number_that_belongs_to_a_stranger_is_no_obstacle(cluster):
    cluster.start()
    cluster.kill()
    pid_file = cluster.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert ask(cluster.start().url("owner"), "SELECT 1") == [(1,)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_the_server_ends_with_a_killed_parent():
    home = temporary_home()
    script = (
        "import os, signal, sys; from pathlib import Path; from config.postgres import Cluster;"
        "Cluster(Path(sys.argv[1]), durable=False).start(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(home)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    psutil.wait_procs(servers_of(home), timeout=10)
    assert servers_of(home) == []
    postgres.Cluster(home).remove()


def test_the_log_says_why_when_it_does_not_start(cluster, monkeypatch):
    cluster.start()
    cluster.stop()
    monkeypatch.setattr(postgres, "_START_WITHIN", 0.5)
    cluster.settings = {"shared_buffers": "nonsense"}
    with pytest.raises(postgres.DatabaseUnavailable, match="nonsense"):
        cluster.start()


@as_root
def test_started_by_root_it_runs_as_nobody(cluster):
    cluster.start()
    assert {p.info["username"] for p in servers_of(cluster.home)} == {"nobody"}


@as_root
def test_a_clone_that_nobody_can_enter_keeps_its_database_elsewhere(tmp_path):
    closed = tmp_path / "clone"
    closed.mkdir(mode=0o700)
    cluster = postgres.Cluster(closed / ".data" / "postgres", durable=False)
    try:
        assert cluster.home.is_relative_to(places.ELSEWHERE)
        assert ask(cluster.start().url("owner"), "SELECT 1") == [(1,)]
        assert list(closed.iterdir()) == []
    finally:
        cluster.remove()
    assert not cluster.home.exists()


@as_root
def test_binaries_that_nobody_can_run_are_copied(monkeypatch):
    elsewhere = temporary_home()
    monkeypatch.setattr(places, "ELSEWHERE", elsewhere)
    monkeypatch.setattr(places, "_can_run", lambda *_: False)
    copy = places.binaries(Account.for_database())
    version = subprocess.run([copy / "psql", "--version"], capture_output=True, text=True, check=True)
    shutil.rmtree(elsewhere)
    assert copy.is_relative_to(elsewhere)
    assert "PostgreSQL" in version.stdout


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "_socket_folder", lambda _home: tmp_path / "link")
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(PermissionError):
        places.make_socket_folder(tmp_path, Account.for_database())
