"""Red flags over a file of OCDS: `python -m flags FILE.jsonl` (`-` reads the standard input).

Each line is a compiled release, a record with one, or a package of either. The answer is JSON:
`{"OCID" | "Buyer" | "ProcuringEntity" | "Tenderer": {id: {code: value}}}`. Needs nothing but Python.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from flags.cardinal import CODES, Settings, run


def main(arguments: list[str] | None = None) -> int:
    """Read, judge, print; 1 if there is no file, or a line is no JSON."""
    options = _parser().parse_args(arguments)
    settings = Settings(
        currency=options.currency,
        without_prices=frozenset(options.no_price_comparison),
        left_out=frozenset(options.exclude),
        shortest_days=options.shortest_days,
        fewest_processes=options.fewest_processes,
    )
    try:
        with _opened(options.file) as lines:
            results = run(releases(lines), options.indicator or tuple(CODES), settings)
    except (OSError, ValueError) as trouble:
        sys.stderr.write(f"flags: {trouble}\n")
        return 1
    sys.stdout.write(json.dumps(results, ensure_ascii=False) + "\n")
    return 0


@contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    if name == "-":
        yield sys.stdin
    else:
        with Path(name).open(encoding="utf-8") as lines:
            yield lines


def releases(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The compiled releases of the lines; raises ValueError, naming the line, for what is no JSON. Empty lines are none."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
        except ValueError as trouble:
            raise ValueError(f"line {number} is no JSON: {trouble}") from trouble
        yield from _compiled(said)


def _compiled(said: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(said, dict):
        return
    inside = said.get("records") or said.get("releases")
    if isinstance(inside, list):
        for one in inside:
            yield from _compiled(one)
    elif isinstance(said.get("compiledRelease"), dict):
        yield said["compiledRelease"]
    else:
        yield said


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m flags", description="Red flags over OCDS compiled releases.")
    parser.add_argument("file", help="lines of JSON, or - for the standard input")
    parser.add_argument("--indicator", action="append", choices=list(CODES), help="only this one; may be repeated")
    parser.add_argument("--currency", help="the currency to compare in; by default the first that occurs")
    details = "a value of tender.procurementMethodDetails"
    parser.add_argument(
        "--no-price-comparison", action="append", default=[], help=f"{details} without price competition"
    )
    parser.add_argument("--exclude", action="append", default=[], help=f"{details} to leave out")
    parser.add_argument("--shortest-days", type=int, default=15, help="R003: the least days of a tender period")
    parser.add_argument("--fewest-processes", type=int, default=1, help="R048: suppliers with fewer are left out")
    return parser


if __name__ == "__main__":
    sys.exit(main())
