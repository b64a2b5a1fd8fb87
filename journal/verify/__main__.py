"""The command: `python -m journal.verify [--key KEY]… FILE|URL|-`."""

import argparse
import sys
import time
import urllib.error
import urllib.request
from typing import IO

from journal.notes import Malformed, Verifier
from journal.verify import Broken, Report, verify
from journal.verify.record import Progress

_TELL_EVERY = 0.5  # seconds


def main(arguments: list[str]) -> int:
    """Check one record and say so; 0 when it holds, 1 when it is broken, 2 when it cannot be read."""
    try:
        wanted = _arguments(arguments)
        keys = [Verifier.read(key) for key in wanted.key]
        with _open(wanted.record) as source:
            report = verify(source, _progress(), keys)
    except Broken as broken:
        print(f"BROKEN  {broken}")  # noqa: T201
        return 1
    except Malformed as error:
        print(f"--key: {error}", file=sys.stderr)  # noqa: T201
        return 2
    except (OSError, urllib.error.URLError) as error:
        print(f"cannot read {wanted.record}: {error}", file=sys.stderr)  # noqa: T201
        return 2
    except SystemExit as end:
        return int(end.code or 0)
    print("\n    ".join(_told(report)))  # noqa: T201
    return 0


def _arguments(given: list[str]) -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python -m journal.verify", description="Check the record of a case file.")
    words.add_argument("record", metavar="FILE|URL|-")
    words.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="NAME+ID+BASE64",
        help="a key of the log that you know from elsewhere; may be given several times",
    )
    return words.parse_args(given)


def _told(report: Report) -> list[str]:
    lines = [
        f"OK  {report.case}: {report.entries:,} entries from {report.first_at} to {report.last_at},"
        f" {report.reveals} revealed names and marks fit their commitments",
        f"head {report.head}",
    ]
    seals = report.seals
    if seals.checkpoint is None:
        return [*lines, "not sealed: the entries fit each other, and nothing outside this file vouches for them"]
    size, until = seals.checkpoint.size, seals.until()
    complete = f", complete to {until.isoformat()}" if until else ""
    lines.append(f"sealed: {report.sealed:,} of {report.entries:,} entries, in a tree of {size:,} leaves{complete}")
    whose = "" if seals.trusted else ", as the record itself names it: compare it, or give --key"
    return [*lines, *(f"signed by {key}{whose}" for key in seals.signers)]


def _open(place: str) -> IO[bytes]:
    if place.startswith(("http://", "https://")):
        opened: IO[bytes] = urllib.request.urlopen(place, timeout=30)  # noqa: S310 (the scheme is checked)
        return opened
    return sys.stdin.buffer if place == "-" else open(place, "rb")


def _progress() -> Progress | None:
    """Tells a person at a terminal how far it is, twice a second."""
    if not sys.stderr.isatty():
        return None
    told = time.monotonic()

    def tell(report: Report, read: int) -> None:
        nonlocal told
        if time.monotonic() - told > _TELL_EVERY:
            told = time.monotonic()
            print(f"\r{report.entries:,} entries, {read / 1e6:,.1f} MB", end="", file=sys.stderr, flush=True)  # noqa: T201

    return tell


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
