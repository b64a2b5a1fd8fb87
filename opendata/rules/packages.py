"""What OCDS wraps releases and records in: who publishes them, under which licence, when. Pure."""

from typing import Any

from opendata.rules.shapes import Facts, Release

VERSION = "1.1"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PUBLISHER = "中介服务网上交易平台"
# `bids`, `tender.enquiries` and `items.deliveryLocation` come from these.
_EXTENSIONS = ("ocds_bid_extension", "ocds_enquiry_extension", "ocds_location_extension")
EXTENSIONS = [
    f"https://raw.githubusercontent.com/open-contracting-extensions/{name}/v1.1.5/extension.json"
    for name in _EXTENSIONS
]


def release_package(facts: Facts, found: list[Release]) -> dict[str, Any]:
    """All releases of one request, at least one, oldest first."""
    return _package(facts, "releases.json", found[-1]["date"]) | {"releases": found}


def record_package(facts: Facts, record: dict[str, Any]) -> dict[str, Any]:
    """The record of one request."""
    return _package(facts, "record.json", record["compiledRelease"]["date"]) | {"records": [record]}


def _package(facts: Facts, name: str, published: str) -> dict[str, Any]:
    return {
        "uri": facts.url(f"/r/{facts.number}/ocds/{name}"),
        "version": VERSION,
        "extensions": EXTENSIONS,
        "publishedDate": published,
        "publisher": {"name": PUBLISHER, "uri": facts.site},
        "license": LICENCE,
        "publicationPolicy": facts.url("/data/"),
    }
