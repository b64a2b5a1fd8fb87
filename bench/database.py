"""A database server of the bench's own, durable, with the platform's tables and a world of live auctions."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.environment import ROOT
from config.postgres import OWNER, SERVE, Cluster


@dataclass(frozen=True)
class Ground:
    """Where a measurement takes place: addresses and the environment of the platform's processes."""

    owner_url: str
    environment: dict[str, str]
    home: Path

    def auctions(self, sizes: list[int]) -> list[dict[str, Any]]:
        """Make a live auction for each of `sizes`, with that many agencies enrolled."""
        made: list[dict[str, Any]] = json.loads(self.run(["-m", "bench.world", json.dumps(sizes)]).splitlines()[-1])
        return made

    def run(self, arguments: list[str]) -> str:
        """What a Python process prints that works on this database as its owner."""
        return _run(arguments, self.environment | {"DATABASE_URL": self.owner_url})


@contextmanager
def ground(name: str = "bench", keep: Path | None = None) -> Iterator[Ground]:
    """Start the server, migrate, and take all away afterwards; two at a time have different names.

    What is in the folder `keep` stays there, for the next run to go on with.
    """
    home = keep / name if keep else Path(tempfile.gettempdir()) / f"market-{name}-{os.getpid()}"
    cluster = Cluster(home, durable=True)
    try:
        address = cluster.start()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": address.url(SERVE),
            "DATA_DIR": str(home / "files"),
            "DEMO_MODE": "0",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "PRICE_KEY": secrets.token_hex(32),
            "SOCKET_RATE": "65535",
            "REDIS_URL": "",
        }
        owner_url = address.url(OWNER)
        _run(["manage.py", "prepare", "--serving-role", SERVE], environment | {"DATABASE_URL": owner_url})
        yield Ground(owner_url, environment, home)
    finally:
        if keep:
            cluster.stop()
        else:
            cluster.remove()


def _run(arguments: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout
