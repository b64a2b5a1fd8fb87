"""A published draw, and its check without the platform: `python -m journal.draw FILE` (R4). Imports nothing of Django.

Contributors commit to 32 random bytes each and put them into an envelope for the trustees before the close. List and
contributions are sealed; then all are opened, by the contributor or by the trustees, and nothing is ever left out or
run again. The seed follows from them, the order from the seed. Agencies, experts and inspections are drawn alike.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from journal.contributions import Contribution, Opened, Sealed, Trustees
from journal.envelopes import Envelope
from journal.lots import DrawList, Entry, check_sorted, commitment, h, order, seed
from journal.unfit import CompulsoryMissing, DrawBroken, Malformed, OrderWrong, SealWrong, SeedWrong

__all__ = [
    "Contribution",
    "DrawBroken",
    "DrawList",
    "Entry",
    "Opened",
    "Report",
    "Sealed",
    "Trustees",
    "commitment",
    "h",
    "order",
    "published",
    "seed",
    "verify_draw",
]
FORMAT = "draw/1"
MOST_TRUSTEES = 9


@dataclass(frozen=True)
class Report:
    """What has been checked: compare the seal with the case file's."""

    seal: str
    order: tuple[str, ...]
    contributors: int
    forced: int
    void: int


def published(sealed: Sealed, opened: Mapping[str, Opened], beacon: bytes | None = None) -> dict[str, Any]:
    """The finished draw as anybody may check it; raises DrawBroken unless everything is opened as it has to be."""
    seeded = sealed.seed(opened, beacon)
    return {
        "format": FORMAT,
        **sealed.as_json(),
        "seal": sealed.seal,
        "reveals": [_reveal(name, opened[name]) for name in sorted(opened)],
        "beacon": None if beacon is None else beacon.hex(),
        "seed": seeded.hex(),
        "order": order(seeded, sealed.drawn.entries),
    }


def verify_draw(draw: Any, *, seal: str | None = None, compulsory: Iterable[str] = ()) -> Report:
    """Recompute a published draw from its own data; raises the DrawBroken that names the first thing wrong.

    `seal` is what the case file recorded before anything was opened, `compulsory` who has to have contributed.
    """
    try:
        return _verify(draw, seal, compulsory)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Malformed(f"this is no published draw: {error!r}") from error


def _verify(draw: Any, seal: str | None, compulsory: Iterable[str]) -> Report:
    if draw["format"] != FORMAT:
        raise Malformed(f"this is no {FORMAT} file")
    sealed = _sealed(draw)
    sealed.drawn.check()
    names = [one.identity for one in sealed.contributions]
    check_sorted(names, "the contributions")
    for name in sorted(set(compulsory) - set(names)):
        raise CompulsoryMissing(f"{name} has to contribute, and did not")
    if {sealed.seal} != {draw["seal"], seal or sealed.seal}:
        raise SealWrong(f"list and contributions give the seal {sealed.seal}")
    check_sorted([one["id"] for one in draw["reveals"]], "the opened")
    opened = {one["id"]: _opened(one) for one in draw["reveals"]}
    made = published(sealed, opened, None if draw["beacon"] is None else _bytes(draw["beacon"]))
    if draw["seed"] != made["seed"]:
        raise SeedWrong(f"list and contributions give the seed {made['seed']}")
    if draw["order"] != made["order"]:
        raise OrderWrong(f"the seed gives the order {', '.join(made['order'])}")
    if draw != made:
        raise Malformed("it is not written as a published draw is")
    void = sum(
        one.counts(opened[one.identity].r, sealed.trustees) != opened[one.identity].r for one in sealed.contributions
    )
    return Report(sealed.seal, tuple(made["order"]), len(names), sum(one.forced for one in opened.values()), void)


def _sealed(draw: Any) -> Sealed:
    of, rows = draw["list"], draw["contributions"]
    drawn = DrawList(
        tuple(Entry(_text(one["name"]), one["tickets"]) for one in of["entries"]),
        tuple((_text(one["name"]), _text(one["reason"])) for one in of["excluded"]),
        _text(of["rules"]),
    )
    keys, threshold = tuple(_bytes(one, 32) for one in draw["trustees"]["keys"]), draw["trustees"]["threshold"]
    if type(threshold) is not int or not 2 <= threshold <= len(set(keys)) == len(keys) <= MOST_TRUSTEES:
        raise Malformed(f"{threshold} of {len(keys)} trustees cannot open an envelope")
    contributions = (
        Contribution(
            _text(one["id"]),
            _bytes(one["commitment"], 32),
            Envelope(_bytes(one["envelope"]["ephemeral"]), tuple(map(_bytes, one["envelope"]["shares"]))),
        )
        for one in rows
    )
    source = draw["beacon_source"]
    return Sealed(drawn, Trustees(keys, threshold), tuple(contributions), None if source is None else _text(source))


def _reveal(name: str, opened: Opened) -> dict[str, Any]:
    """One opened contribution as it is published; shares only where they have to show that nothing could be opened."""
    shares = {str(number): None if share is None else share.hex() for number, share in opened.shares.items()}
    return {
        "id": name,
        "nonce": None if opened.r is None else opened.r.hex(),
        "by": "trustees" if opened.forced else "contributor",
        "shares": shares,
    }


def _opened(reveal: Any) -> Opened:
    shares = {int(number): None if share is None else _bytes(share) for number, share in reveal["shares"].items()}
    r = None if reveal["nonce"] is None else _bytes(reveal["nonce"])
    return Opened(r, forced=reveal["by"] == "trustees", shares=shares)


def _bytes(written: Any, length: int | None = None) -> bytes:
    read = bytes.fromhex(written)
    if read.hex() != written or length not in (None, len(read)):
        raise Malformed(f"{written} is not written as it has to be")
    return read


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed(f"{value!r} is no text")
    return value


def _no_doubled_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(whole := dict(pairs)) != len(pairs):
        raise Malformed("an object names a field twice")
    return whole


def main(arguments: list[str]) -> int:
    """Check one draw and say so; 0 when it holds, 1 when it is broken, 2 when it cannot be read."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("usage: python -m journal.draw FILE", file=sys.stderr)  # noqa: T201
        return 2
    try:
        text = Path(arguments[0]).read_text(encoding="utf-8")
        report = verify_draw(json.loads(text, object_pairs_hook=_no_doubled_names))
    except DrawBroken as broken:
        print(f"BROKEN  {type(broken).__name__}: {broken}")  # noqa: T201
        return 1
    except OSError as error:
        print(f"cannot read {arguments[0]}: {error}", file=sys.stderr)  # noqa: T201
        return 2
    except (ValueError, RecursionError) as error:
        print(f"BROKEN  Malformed: the file is no JSON in UTF-8: {error}")  # noqa: T201
        return 1
    print(  # noqa: T201
        f"OK  {report.contributors} contributions, {report.forced} opened by trustees, {report.void} void; drawn:\n"
        f"    {' '.join(report.order)}\n    seal {report.seal}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
