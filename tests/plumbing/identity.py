"""A platform that offers sign-in by an OpenID provider, and that provider, each a process of its own."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from config.environment import ROOT
from config.postgres import free_port
from config.processes import dies_with_parent
from tests.plumbing import cluster, live
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer

PASSWORD = "correct horse battery"
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_READY_WITHIN = 30.0


@dataclass
class Place:
    """The platform at `url`, the provider at `issuer`."""

    server: LiveServer
    issuer: str

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def database(self) -> Database:
        return self.server.database

    def organisation(self, kind: str, name: str, uscc: str) -> int:
        """One more organisation; its key."""
        key: int = self.database.value(
            "INSERT INTO accounts_organisation (kind, name, uscc, region_id, address, contact_name, contact_phone, field,"
            " demo, created_at) VALUES (%s, %s, %s, '620100', '', '张三', '0931-5550000', '', false, now()) RETURNING id",
            *(kind, name, uscc),
        )
        return key

    def account(self, email: str, organisation: int, *, active: bool = True) -> int:
        """One more person with `PASSWORD`, owner of the organisation; the account's key."""
        password = PBKDF2PasswordHasher().encode(PASSWORD, secrets.token_hex(8), 1000)
        key: int = self.database.value(
            "INSERT INTO accounts_user (password, is_superuser, email, name, is_staff, is_active, date_joined)"
            " VALUES (%s, false, %s, '', false, %s, now()) RETURNING id",
            *(password, email, active),
        )
        self.database.rows(
            "INSERT INTO accounts_membership (user_id, organisation_id, role) VALUES (%s, %s, 'owner')",
            *(key, organisation),
        )
        return key


@contextmanager
def place(folder: Path, people: dict[str, Any], *, uscc_claim: str = "org_uscc") -> Iterator[Place]:
    """Both of them running, on ports of their own, outside the demo's mode."""
    database = cluster.create(f"live_{secrets.token_hex(6)}", template=live.template(demo=False))
    port, there = free_port(), free_port()
    issuer = f"http://127.0.0.1:{there}"
    secret = secrets.token_hex(20)
    back = f"http://127.0.0.1:{port}/accounts/oidc/province/login/callback/"
    told = {"people": people, "client_id": "market", "client_secret": secret, "redirect_uri": back}
    (folder / "people.json").write_text(json.dumps(told))
    provider = _provider(there, folder)
    given = live.environment_of(database, None, port) | {
        "DEMO_MODE": "0",
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": "market",
        "OIDC_CLIENT_SECRET": secret,
        "OIDC_NAME": "陇原通",
        "OIDC_USCC_CLAIM": uscc_claim,
    }
    # Only the tests' own queries need it; outside the demo the server does not start with it.
    given.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    server = None
    try:
        _wait_for(f"{issuer}/.well-known/openid-configuration", provider, folder)
        server = LiveServer(port, database, given, folder / "server.log")
        yield Place(server, issuer)
    finally:
        if server is not None:
            server.kill()
        provider.kill()
        provider.wait()
        cluster.drop(database.name)


def _provider(port: int, folder: Path) -> "subprocess.Popen[bytes]":
    with (folder / "provider.log").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.standin.identity", str(port), str(folder)],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )


def _wait_for(address: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    give_up = time.monotonic() + _READY_WITHIN
    while True:
        try:
            _DIRECT.open(address, timeout=5).read()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > give_up:
                raise AssertionError((folder / "provider.log").read_text()[-3000:]) from None
            time.sleep(0.1)
