"""The small shapes of OCDS 1.1 that releases are made of. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

Release = dict[str, Any]

# org-id.guide's code for the unified social credit code (GB 32100), https://org-id.guide/list/CN-USCI
SCHEME = "CN-USCI"
ITEM_SCHEME = "GS-ZJFW"
REGION_SCHEME = "GBT-2260"
LANGUAGE = "zh"
CURRENCY = "CNY"
COUNTRY = "中国"

METHOD_NAMES = {
    "live": "网上竞价",
    "sealed": "密封报价",
    "average": "均价选取",
    "merit": "综合比选",
    "draw": "随机抽取",
    "credit_draw": "信用择优",
    "direct": "直接选取",
}


@dataclass(frozen=True)
class Facts:
    """What the case file does not say of itself: its number, the prefix of ocids, the site's address, names of regions by code."""

    number: str
    prefix: str
    site: str
    regions: Mapping[str, str] = field(default_factory=dict)

    @property
    def ocid(self) -> str:
        """`<prefix>-<number>`; the prefix is the publisher's, registered with the Open Contracting Partnership."""
        return f"{self.prefix}-{self.number}"

    def url(self, path: str) -> str:
        """An address of the site."""
        return f"{self.site}{quote(path)}"


def number(wire: str) -> int | float:
    """`"100150.00"` → 100150, `"100150.50"` → 100150.5: exact for every amount that the platform knows (< 10¹⁵ fen)."""
    return int(wire[:-3]) if wire.endswith(".00") else float(wire)


def value(wire: str) -> dict[str, Any]:
    return {"amount": number(wire), "currency": CURRENCY}


def party_id(uscc: str) -> str:
    return f"{SCHEME}-{uscc}"


def reference(party: Mapping[str, str]) -> dict[str, str]:
    """`{"name", "uscc"}` of an entry as a reference to one of `parties`."""
    return {"id": party_id(party["uscc"]), "name": party["name"]}


def organisation(party: Mapping[str, str], roles: list[str]) -> dict[str, Any]:
    identifier = {"scheme": SCHEME, "id": party["uscc"], "legalName": party["name"]}
    return {**reference(party), "identifier": identifier, "roles": roles}


def item(facts: Facts, said: Mapping[str, str], region: str) -> dict[str, Any]:
    """A catalogue item as the one thing that is bought, and where it is to be done."""
    classification = {
        "scheme": ITEM_SCHEME,
        "id": said["code"],
        "description": said["name"],
        "uri": facts.url(f"/items/{said['code']}/"),
    }
    return {"id": "1", "description": said["name"], "classification": classification, "quantity": 1} | place(
        facts, region
    )


def place(facts: Facts, region: str) -> dict[str, Any]:
    name = facts.regions.get(region, region)
    return {
        "deliveryLocation": {"description": name, "gazetteer": {"scheme": REGION_SCHEME, "identifiers": [region]}},
        "deliveryAddress": {"region": name, "countryName": COUNTRY},
    }


def attachment(facts: Facts, said: Mapping[str, Any], at: str, kind: str) -> dict[str, Any]:
    """A file by its SHA-256; what is confidential has no name, and no address."""
    digest = str(said["sha256"])
    found: dict[str, Any] = {"id": digest, "documentType": kind, "datePublished": at, "sha256": digest}
    if "name" not in said:
        return found | {"title": "不公开文件", "description": str(said.get("confidential", ""))}
    return found | {"title": said["name"], "url": facts.url(f"/files/{digest}/{said['name']}")}
