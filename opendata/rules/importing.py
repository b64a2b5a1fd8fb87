"""Somebody's OCDS tenders as what the form of a request asks for. Pure: from bytes to proposals, nothing is kept.

A file may be a release or record package, one release or record, or JSON Lines of those. Releases of one process are merged;
of a record its compiled release counts.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from opendata.rows import Price, from_ocds
from opendata.rules.import_refusals import ImportTooLarge, ImportTooMany, ImportUnreadable, NotOcds
from opendata.rules.merging import compiled
from opendata.rules.shapes import CURRENCY, ITEM_SCHEME, METHOD_NAMES

LIMIT = 2 * 1024 * 1024
MOST = 50
_MOST_FEN = 10**15
_LONGEST = {"title": 120, "scope": 5000, "deliverables": 2000, "materials": 2000, "budget_line": 120, "cited_law": 300}
_MOST_WORKDAYS = 2000
_PUBLIC_MONEY = "财政资金"


@dataclass(frozen=True)
class Catalogue:
    """What the platform knows and a file can name: items and regions, code → name."""

    items: Mapping[str, str]
    regions: Mapping[str, str]


@dataclass(frozen=True)
class Proposal:
    """A tender as a draft would have it. `values` are the form's (fen, codes); `sources` says which place of the file each is from.

    `missing` are fields without which there is no draft; `notes` are codes of what was understood with a difference.
    """

    ocid: str
    values: dict[str, Any]
    sources: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def tenders(content: bytes) -> list[dict[str, Any]]:
    """The releases with a tender, one for each ocid; raises ImportTooLarge, ImportUnreadable, NotOcds or ImportTooMany."""
    if len(content) > LIMIT:
        raise ImportTooLarge(size_kb=-(-len(content) // 1024), limit_kb=LIMIT // 1024)
    found: dict[str, list[dict[str, Any]]] = {}
    for release in _releases(_documents(content)):
        if isinstance(release.get("ocid"), str) and release["ocid"].strip():
            found.setdefault(release["ocid"].strip()[:200], []).append(release)
    whole = [_whole(ocid, some) for ocid, some in found.items()]
    with_tender = [one for one in whole if isinstance(one.get("tender"), dict) and one["tender"]]
    if not with_tender:
        raise NotOcds()
    if len(with_tender) > MOST:
        raise ImportTooMany(count=len(with_tender), limit=MOST)
    return with_tender


# Field → where in a file it stands.
SOURCES = {
    "title": "tender.title",
    "item": "tender.items[0].classification",
    "region": "tender.items[0].deliveryLocation",
    "scope": "tender.description",
    "deliverables": "tender.deliverables",
    "materials": "tender.materials",
    "term_workdays": "tender.contractPeriod",
    "ceiling": "tender.value",
    "method": "tender.procurementMethod",
    "budget_line": "planning.budget.project",
    "public_funds": "planning.budget.description",
    "cited_law": "tender.eligibilityCriteria",
}
_NEEDED = ("title", "item", "scope", "deliverables", "term_workdays", "ceiling")


def proposal_of(release: Mapping[str, Any], known: Catalogue) -> Proposal:
    """What a draft would say."""
    ceiling, tender = from_ocds(release).ceiling, release["tender"]
    said = {name: value for name, value in _fields(release, known).items() if value not in (None, "")}
    values = {name: value[: _LONGEST[name]] if name in _LONGEST else value for name, value in said.items()}
    notes = [f"{name}_shortened" for name in said if values[name] != said[name]]
    if ceiling is not None and ceiling.currency != CURRENCY:
        notes.append("other_currency")
    if not _own(tender) or tender["method"] == "direct":
        notes.append("method_chosen")
    missing = tuple(name for name in _NEEDED if name not in values)
    return Proposal(str(release["ocid"]), values, {name: SOURCES[name] for name in values}, missing, tuple(notes))


def _fields(release: Mapping[str, Any], known: Catalogue) -> dict[str, Any]:
    row, tender = from_ocds(release), release["tender"]
    budget = _dict(_dict(release.get("planning")).get("budget"))
    return {
        "title": row.title,
        "item": _item(release, known),
        "region": _code(row.region, known.regions),
        "scope": _scope(tender),
        "deliverables": _text(tender.get("deliverables")) or _descriptions(tender),
        "materials": _text(tender.get("materials")),
        "term_workdays": _workdays(tender),
        "ceiling": _fen(row.ceiling),
        "method": _method(tender),
        "budget_line": _text(budget.get("project")),
        "public_funds": _PUBLIC_MONEY in _text(budget.get("description")),
        "cited_law": _text(tender.get("eligibilityCriteria")) if _own(tender) else "",
    }


def _documents(content: bytes) -> Iterator[Any]:
    """The JSON values of a file: one, or one a line."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportUnreadable(line=content[: error.start].count(b"\n") + 1) from None
    try:
        yield json.loads(text)
    except (ValueError, RecursionError) as trouble:
        lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) < 2 or not lines[0][1].lstrip().startswith("{"):
            raise ImportUnreadable(line=getattr(trouble, "lineno", 1)) from None
        yield from (_line(n, line) for n, line in lines)


def _line(n: int, line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise ImportUnreadable(line=n) from None


def _releases(documents: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for one in documents:
        if not isinstance(one, dict):
            continue
        if isinstance(one.get("records"), list):
            yield from _releases(one["records"])
        elif isinstance(one.get("compiledRelease"), dict):
            yield {"ocid": one.get("ocid"), **one["compiledRelease"]}
        elif isinstance(one.get("releases"), list):
            yield from (release for release in one["releases"] if isinstance(release, dict))
        elif "tender" in one:
            yield one


def _whole(ocid: str, found: list[dict[str, Any]]) -> dict[str, Any]:
    """Several releases of one process as one; what cannot be merged counts as its last release."""
    dated = sorted(found, key=lambda one: str(one.get("date", "")))
    if len(dated) > 1:
        try:
            return compiled({**one, "ocid": ocid, "date": str(one.get("date", ""))} for one in dated)
        except (AttributeError, TypeError, KeyError):
            pass
    return {**dated[-1], "ocid": ocid}


def _item(release: Mapping[str, Any], known: Catalogue) -> str:
    """The catalogue's item: by its own code, or by its whole name."""
    names = {name: code for code, name in known.items.items()}
    for one in _dicts(release["tender"].get("items")):
        said = _dict(one.get("classification"))
        if said.get("scheme") == ITEM_SCHEME and said.get("id") in known.items:
            return str(said["id"])
        for text in (_text(said.get("description")), _text(one.get("description"))):
            if text in names:
                return names[text]
    return ""


def _code(region: str, regions: Mapping[str, str]) -> str:
    if region in regions:
        return region
    return next((code for code, name in regions.items() if region and name == region), "")


def _scope(tender: Mapping[str, Any]) -> str:
    """The description; conditions that another platform set stand in it, where the policy check reads them."""
    conditions = "" if _own(tender) else _text(tender.get("eligibilityCriteria"))
    return "\n".join(part for part in (_text(tender.get("description")), conditions) if part)


def _descriptions(tender: Mapping[str, Any]) -> str:
    return "\n".join(text for one in _dicts(tender.get("items")) if (text := _text(one.get("description"))))


def _workdays(tender: Mapping[str, Any]) -> int | None:
    """The platform's own figure, or five days of each week of the contract's period."""
    own = tender.get("termWorkdays")
    days = _dict(tender.get("contractPeriod")).get("durationInDays")
    for given, factor in ((own, Decimal(1)), (days, Decimal(5) / 7)):
        if isinstance(given, int) and not isinstance(given, bool) and 0 < given < 10**6:
            found = max(1, int(given * factor))
            return found if found <= _MOST_WORKDAYS else None
    return None


def _fen(price: Price | None) -> int | None:
    if price is None or price.currency != CURRENCY:
        return None
    fen = price.amount * 100
    return int(fen) if fen == fen.to_integral_value() and 0 < fen < _MOST_FEN else None


def _method(tender: Mapping[str, Any]) -> str:
    """The platform's own, or the nearest; never a direct one, which has to name an agency and say why."""
    own = tender.get("method")
    if _own(tender) and own != "direct":
        return str(own)
    if tender.get("awardCriteria") == "ratedCriteria":
        return "merit"
    return "credit_draw" if tender.get("procurementMethod") == "selective" else "live"


def _own(tender: Mapping[str, Any]) -> bool:
    """Was it written by this platform, or one that runs the same code?"""
    return isinstance(tender.get("method"), str) and tender["method"] in METHOD_NAMES


def _dict(said: object) -> dict[str, Any]:
    return said if isinstance(said, dict) else {}


def _dicts(said: object) -> list[dict[str, Any]]:
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def _text(said: object) -> str:
    return said.strip() if isinstance(said, str) else ""
