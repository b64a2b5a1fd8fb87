"""The command: `python -m journal.verify [--key KEY]… FILE|URL|-`."""

import argparse
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import IO, Any

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
    return [
        f"OK  {report.case}: {report.entries:,} entries from {report.first_at} to {report.last_at},"
        f" {report.reveals} revealed names and marks fit their commitments",
        *(_WORDS[line["line"]](line) for line in report.lines() if line["line"] != "reveals"),
    ]


def _sealed(line: dict[str, Any]) -> str:
    complete = f", complete to {line['until']}" if line["until"] else ""
    return f"sealed: {line['entries']:,} of {line['of']:,} entries, in a tree of {line['size']:,} leaves{complete}"


def _signed(line: dict[str, Any]) -> str:
    return f"signed by {line['key']}" + (
        "" if line["known"] else ", as the record itself names it: compare it, or give --key"
    )


def _award(line: dict[str, Any]) -> str:
    next_in_rank = f", as number {line['rank']} in rank" if line["rank"] > 1 else ""
    said = f"{line['winner']} at {line['amount']}{next_in_rank}"
    return f"award: by the rules of {line['method']} it goes to {said}, as entry {line['entry']} says"


_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "chain": lambda line: f"head {line['head']}",
    "draw": lambda line: (
        f"draw {line['draw']}: {line['contributors']} contributions, {line['forced']} opened by trustees,"
        f" {line['void']} void; {line['first']} came first"
    ),
    "offers": lambda line: (
        f"sealed prices: {line['closed']} closed, {line['opened']} opened, {line['void']} void,"
        f" {line['checked']} fit the commitment of a revealed name"
    ),
    "award": _award,
    "failed": lambda line: (
        f"no award: by the rules of {line['method']} nobody wins ({line['reason']}, entry {line['entry']})"
    ),
    "undecided": lambda line: f"no award yet: the selection by {line['method']} has not ended in this record",
    "no_ruleset": lambda _line: "award not recomputed: a record of the first format has no rule set",
    "unsealed": lambda _line: "not sealed: the entries fit each other, and nothing outside this file vouches for them",
    "sealed": _sealed,
    "signed": _signed,
}


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
