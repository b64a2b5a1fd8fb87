"""What a clone decides for itself when nobody tells it: its secret key, its mode, its port, and that it runs once."""

import fcntl
import os
import secrets
import socket
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path

from config import environment

_PORTS_TRIED = 100


class AlreadyRunning(Exception):
    """This clone runs already; the message says where."""


def complete(source: MutableMapping[str, str]) -> None:
    """Fill in what `manage.py up` may assume: the demo, and a secret key made once for this clone."""
    source["DEMO_MODE"] = source.get("DEMO_MODE") or "1"
    source["SECRET_KEY"] = source.get("SECRET_KEY") or _secret_key(environment.read(source).data_dir)


def first_free_port(host: str, wanted: int) -> int:
    """`wanted`, or the next port after it that nobody holds."""
    for port in range(wanted, min(wanted + _PORTS_TRIED, 65536)):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise OSError(f"No free port from {wanted} on {host}. Set PORT to another one.")


@contextmanager
def the_only_run(data_dir: Path) -> Iterator[Path]:
    """Hold the clone's lock, which a kill releases too; yields its file, for the address. Raises AlreadyRunning."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "running"
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            said = path.read_text().strip() or "it is just starting"
            raise AlreadyRunning(
                f"This clone runs already ({said}). Stop that first, or set DATA_DIR to another folder."
            ) from None
        path.write_text(f"process {os.getpid()}\n")
        try:
            yield path
        finally:
            path.write_text("")


def _secret_key(data_dir: Path) -> str:
    file = data_dir / "secret-key"
    if not file.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = data_dir / f"secret-key.{os.getpid()}"
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as writer:
            writer.write(secrets.token_urlsafe(48))
        fresh.rename(file)
    return file.read_text().strip()
